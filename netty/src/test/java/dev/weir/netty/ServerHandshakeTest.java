package dev.weir.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.protocol.handshake.Agreement;
import dev.weir.protocol.handshake.Headers;
import dev.weir.protocol.handshake.Refusal;
import dev.weir.websocket.spi.UpgradeExchange;
import dev.weir.websocket.spi.UpgradeHandler;
import dev.weir.websocket.spi.WebSocketChannel;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server's opening handshake with clients that speak by hand. */
@ExtendWith(Leftovers.class)
final class ServerHandshakeTest {
  static final String REQUEST =
      "GET /chat?room=1 HTTP/1.1\r\n"
          + "Host: localhost\r\n"
          + "Upgrade: websocket\r\n"
          + "Connection: Upgrade\r\n"
          + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
          + "Sec-WebSocket-Version: 13\r\n"
          + "\r\n";
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  /** Held on to, since the log manager would forget its level. */
  private static final Logger SILENCED = Logger.getLogger(ServerConnection.class.getName());

  static {
    // One test provokes a warning.
    SILENCED.setLevel(Level.OFF);
  }

  private final BlockingQueue<UpgradeExchange> exchanges = new LinkedBlockingQueue<>();
  private final BlockingQueue<WebSocketChannel> channels = new LinkedBlockingQueue<>();

  private UpgradeExchange nextExchange() throws InterruptedException {
    return exchanges.poll(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private WebSocketChannel nextChannel() throws InterruptedException {
    return channels.poll(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private UpgradeHandler accepting() {
    return exchange -> exchange.accept(Agreement.NONE, Headers.empty(), channels::add);
  }

  @OnEachBackend
  void opensAndDeliversWhatCameTogetherWithTheRequest(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend);
        var client = RawPeer.connect(server.start(exchanges::add).getPort())) {
      client.write(REQUEST + "first bytes");
      UpgradeExchange exchange = nextExchange();
      assertThat(exchange.request().target()).isEqualTo("/chat?room=1");
      assertThat(exchange.sslSession()).isNull();
      client.write(" while deciding");
      exchange.accept(Agreement.NONE, Headers.of("X-Own", "yes"), channels::add);
      assertThat(client.readHeader())
          .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
          .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
          .contains("X-Own: yes\r\n")
          .doesNotContain("Content-Length");
      Recorder recorder = ChannelCalls.start(nextChannel());
      client.write(" and more");
      assertThat(recorder.awaitBytes(35)).isEqualTo("first bytes while deciding and more");
    }
  }

  @OnEachBackend
  void answersOnce(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend);
        var client = RawPeer.connect(server.start(exchanges::add).getPort())) {
      client.write(REQUEST);
      UpgradeExchange exchange = nextExchange();
      Agreement unasked = new Agreement("unasked", List.of());
      assertThatThrownBy(() -> exchange.accept(unasked, Headers.empty(), channels::add))
          .isInstanceOf(IllegalArgumentException.class);
      exchange.accept(Agreement.NONE, Headers.empty(), channels::add);
      assertThatThrownBy(() -> exchange.refuse(Refusal.notFound()))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> exchange.accept(Agreement.NONE, Headers.empty(), channels::add))
          .isInstanceOf(IllegalStateException.class);
      assertThat(client.readHeader()).startsWith("HTTP/1.1 101 ");
    }
  }

  @OnEachBackend
  void refusesWithABodyThatArrivesThoughTheClientSendsOn(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend);
        var client =
            RawPeer.connect(
                server
                    .start(exchange -> exchange.refuse(Refusal.of(404, "nothing here")))
                    .getPort())) {
      client.write(REQUEST + "x".repeat(20_000));
      assertThat(client.readAll())
          .startsWith("HTTP/1.1 404 Not Found\r\n")
          .contains("Content-Length: 12\r\n")
          .contains("Connection: close\r\n")
          .endsWith("\r\n\r\nnothing here");
    }
  }

  @OnEachBackend
  void refusesWhatIsNoUpgrade(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend)) {
      int port = server.start(exchanges::add).getPort();
      assertThat(answerTo(port, "GET / HTTP/1.1\r\nHost: h\r\n\r\n")).startsWith("HTTP/1.1 426 ");
      assertThat(answerTo(port, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab"))
          .startsWith("HTTP/1.1 405 ");
      assertThat(answerTo(port, "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n"))
          .startsWith("HTTP/1.1 405 ")
          .endsWith("\r\n\r\n");
      assertThat(answerTo(port, "GET / HTTP/1.0\r\nHost: h\r\n\r\n")).startsWith("HTTP/1.1 505 ");
      assertThat(answerTo(port, REQUEST.replace("\r\n\r\n", "\r\nContent-Length: 3\r\n\r\nabc")))
          .startsWith("HTTP/1.1 400 ");
      assertThat(answerTo(port, "\u0016\u0003\u0001 this is TLS\r\n\r\n"))
          .startsWith("HTTP/1.1 400 ");
      assertThat(exchanges).isEmpty();
    }
  }

  @Rule("P4")
  @OnEachBackend
  void refusesWhatIsOverTheLimits(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend)) {
      int port = server.start(exchanges::add).getPort();
      assertThat(answerTo(port, "GET /" + "x".repeat(2000) + " HTTP/1.1\r\n"))
          .startsWith("HTTP/1.1 414 ");
      assertThat(answerTo(port, "GET / HTTP/1.1\r\nHost: h\r\nX: " + "x".repeat(5000) + "\r\n"))
          .startsWith("HTTP/1.1 431 ");
      assertThat(exchanges).isEmpty();
    }
  }

  private static String answerTo(int port, String request) throws IOException {
    try (RawPeer client = RawPeer.connect(port)) {
      return client.write(request).readAll();
    }
  }

  @Rule("P4")
  @OnEachBackend
  void endsARequestThatDoesNotComeInTime(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend, null, SHORT, 10);
        var client = RawPeer.connect(server.start(exchanges::add).getPort())) {
      client.write("GET / HTTP/1.1\r\nHost: ");
      assertThat(client.readAll()).startsWith("HTTP/1.1 408 ");
      assertThat(exchanges).isEmpty();
    }
  }

  @OnEachBackend
  void refusesWhatIsNotAnsweredInTime(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend, null, SHORT, 10);
        var client = RawPeer.connect(server.start(exchanges::add).getPort())) {
      client.write(REQUEST + "early bytes");
      assertThat(client.readAll()).startsWith("HTTP/1.1 503 ");
      UpgradeExchange exchange = nextExchange();
      exchange.accept(Agreement.NONE, Headers.empty(), channels::add);
      assertThat(channels).isEmpty();
    }
  }

  @OnEachBackend
  void answersAFailingHandlerWith500AndNothingOfItsException(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend);
        var client =
            RawPeer.connect(
                server
                    .start(
                        exchange -> {
                          throw new IllegalStateException("secret");
                        })
                    .getPort())) {
      client.write(REQUEST);
      assertThat(client.readAll()).startsWith("HTTP/1.1 500 ").doesNotContain("secret");
    }
  }

  @Rule("P4")
  @OnEachBackend
  void refusesConnectionsBeyondTheLimit(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend, null, LONG, 1)) {
      int port = server.start(accepting()).getPort();
      try (RawPeer first = RawPeer.connect(port)) {
        first.write(REQUEST);
        assertThat(first.readHeader()).startsWith("HTTP/1.1 101 ");
        Recorder recorder = ChannelCalls.start(nextChannel());
        try (RawPeer second = RawPeer.connect(port)) {
          assertThat(second.write(REQUEST).readAll()).startsWith("HTTP/1.1 503 ");
        }
        first.write("still here");
        assertThat(recorder.awaitBytes(10)).isEqualTo("still here");
      }
    }
  }

  @OnEachBackend
  void takesARequestByteByByte(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend);
        var client = RawPeer.connect(server.start(accepting()).getPort())) {
      for (byte each : (REQUEST + "xyz").getBytes()) {
        client.write(new byte[] {each});
      }
      assertThat(client.readHeader()).startsWith("HTTP/1.1 101 ");
      assertThat(ChannelCalls.start(nextChannel()).awaitBytes(3)).isEqualTo("xyz");
    }
  }

  @OnEachBackend
  void survivesARequestThatIsCutAnywhere(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend, null, LONG, 10_000)) {
      int port = server.start(accepting()).getPort();
      byte[] request = REQUEST.getBytes();
      for (int cut = 0; cut < request.length; cut++) {
        RawPeer client = RawPeer.connect(port);
        client.socket().getOutputStream().write(request, 0, cut);
        if (cut % 2 == 0) {
          client.close();
        } else {
          client.reset();
        }
      }
      try (RawPeer client = RawPeer.connect(port)) {
        client.write(REQUEST);
        assertThat(client.readHeader()).startsWith("HTTP/1.1 101 ");
      }
      assertThat(nextChannel()).isNotNull();
      assertThat(channels).isEmpty();
    }
  }

  @OnEachBackend
  void doesNotOpenForAClientThatHasGone(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend)) {
      int port = server.start(exchanges::add).getPort();
      RawPeer gone = RawPeer.connect(port);
      gone.write(REQUEST + "early");
      UpgradeExchange exchange = nextExchange();
      gone.reset();
      exchange.accept(
          Agreement.NONE,
          Headers.empty(),
          channel -> {
            // It may not be known yet; then the channel tells at its start.
            channels.add(channel);
            channel.start(new Recorder());
          });
    }
  }

  @OnEachBackend
  void cutsWhatIsOpenWhenItIsClosed(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend);
        var client = RawPeer.connect(server.start(accepting()).getPort())) {
      client.write(REQUEST);
      client.readHeader();
      Recorder recorder = ChannelCalls.start(nextChannel());
      server.close();
      recorder.await("closed");
      assertThat(client.socket().getInputStream().read()).isEqualTo(-1);
    }
  }

  @OnEachBackend
  void keepsWhatIsOpenWhenItStopsToAccept(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend)) {
      int port = server.start(accepting()).getPort();
      try (RawPeer client = RawPeer.connect(port)) {
        client.write(REQUEST);
        client.readHeader();
        Recorder recorder = ChannelCalls.start(nextChannel());
        server.stopAccepting();
        server.stopAccepting();
        assertThatThrownBy(
                () -> {
                  // The socket is closed on another thread.
                  while (true) {
                    RawPeer.connect(port).close();
                  }
                })
            .isInstanceOf(IOException.class);
        client.write("still here");
        assertThat(recorder.awaitBytes(10)).isEqualTo("still here");
      }
    }
  }

  @Test
  void saysWhatItCanNotListenOn() throws Exception {
    try (ServerSocket taken = new ServerSocket(0);
        var server =
            new NettyServerTransport(
                IoBackend.NIO,
                new dev.weir.websocket.spi.ServerTransportOptions(
                    new java.net.InetSocketAddress(taken.getLocalPort()),
                    null,
                    LONG,
                    1024,
                    4096,
                    10,
                    TestOptions.LOW_MARK,
                    TestOptions.HIGH_MARK))) {
      assertThatThrownBy(() -> server.start(accepting()))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("can not listen on ")
          .hasMessageContaining(String.valueOf(taken.getLocalPort()));
    }
  }
}
