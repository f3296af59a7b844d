package dev.weir.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.protocol.handshake.Agreement;
import dev.weir.protocol.handshake.Headers;
import dev.weir.websocket.spi.PlainRequestHandler;
import dev.weir.websocket.spi.PlainResponse;
import dev.weir.websocket.spi.UpgradeExchange;
import dev.weir.websocket.spi.UpgradeHandler;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests that ask for no WebSocket, of clients that speak by hand. */
@ExtendWith(Leftovers.class)
class PlainRequestsTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  /** Held on to, since the log manager would forget its level. */
  private static final Logger SILENCED = Logger.getLogger(PlainExchange.class.getName());

  static {
    // One test provokes a warning.
    SILENCED.setLevel(Level.OFF);
  }

  /** Upgrades are accepted, plain requests answered by the handler. */
  private static int start(NettyServerTransport server, PlainRequestHandler plain)
      throws IOException {
    return server
        .start(
            new UpgradeHandler() {
              @Override
              public void upgrade(UpgradeExchange exchange) {
                exchange.accept(
                    Agreement.NONE, Headers.empty(), channel -> channel.start(new Recorder()));
              }

              @Override
              public PlainRequestHandler plainRequests() {
                return plain;
              }
            })
        .getPort();
  }

  /** Says what was asked for. */
  private static final PlainRequestHandler ECHO =
      request ->
          PlainResponse.text(
              200, Headers.of("X-Own", "1"), request.method() + " " + request.target());

  private static String get(String target, String... headers) {
    StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    return request.append("\r\n").toString();
  }

  private static String answer(String target) {
    String content = "GET " + target;
    return "HTTP/1.1 200 OK\r\nX-Own: 1\r\nContent-Type: text/plain; charset=utf-8\r\n"
        + "Content-Length: "
        + content.length()
        + "\r\n\r\n"
        + content;
  }

  @OnEachBackend
  void areAnsweredOneAfterTheOtherAndAnUpgradeAfterThem(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend)) {
      RawPeer peer = RawPeer.connect(start(server, ECHO));
      peer.write(get("/1") + get("/2?a=b", "Upgrade: h2c") + get("/3"));
      String expected = answer("/1") + answer("/2?a=b") + answer("/3");
      assertThat(peer.read(expected.length())).isEqualTo(expected);
      // And again once all was quiet.
      for (byte each : get("/4").getBytes(StandardCharsets.US_ASCII)) {
        peer.write(new byte[] {each});
      }
      assertThat(peer.read(answer("/4").length())).isEqualTo(answer("/4"));
      peer.write(get("/5") + ServerHandshakeTest.REQUEST);
      assertThat(peer.read(answer("/5").length())).isEqualTo(answer("/5"));
      assertThat(peer.readHeader()).startsWith("HTTP/1.1 101 ");
      peer.close();
    }
  }

  @OnEachBackend
  void endTheConnectionWhereTheClientWantsIt(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend)) {
      int port = start(server, ECHO);
      RawPeer peer = RawPeer.connect(port);
      peer.write(get("/1", "Connection: close") + get("/2"));
      assertThat(peer.readAll())
          .isEqualTo(answer("/1").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    }
  }

  @OnEachBackend
  void areAnsweredWhereTheyAreOfHttp10AndEndTheConnection(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend)) {
      int port = start(server, ECHO);
      for (String fields : new String[] {"", "Host: localhost\r\n", "Connection: keep-alive\r\n"}) {
        RawPeer peer = RawPeer.connect(port);
        peer.write("GET /1 HTTP/1.0\r\n" + fields + "\r\n" + get("/2"));
        assertThat(peer.readAll())
            .as(fields)
            .isEqualTo(answer("/1").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
      }
    }
  }

  @OnEachBackend
  void areAnsweredWithoutContentForHeadAndWhenNothingHasChanged(IoBackend backend)
      throws Exception {
    PlainRequestHandler handler =
        request ->
            request.method().equals("HEAD")
                ? new PlainResponse(200, Headers.empty(), 7, InputStream.nullInputStream())
                : new PlainResponse(304, Headers.empty(), 0, InputStream.nullInputStream());
    try (var server = TestOptions.server(backend)) {
      RawPeer peer = RawPeer.connect(start(server, handler));
      peer.write(get("/").replace("GET", "HEAD") + get("/"));
      String expected = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n";
      expected += "HTTP/1.1 304 Not Modified\r\n\r\n";
      assertThat(peer.read(expected.length())).isEqualTo(expected);
      peer.close();
    }
  }

  @OnEachBackend
  void areRefusedWithABodyOrWhenTheyAreMalformed(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend)) {
      int port = start(server, ECHO);
      for (String[] each :
          new String[][] {
            {get("/", "Content-Length: 2") + "hi", "400"},
            {get("/", "Transfer-Encoding: chunked") + "0\r\n\r\n", "400"},
            {get("/").replace("HTTP/1.1", "HTTP/2.0"), "505"},
            {get("/", "Upgrade: websocket").replace("HTTP/1.1", "HTTP/1.0"), "505"},
            {"GET / HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi", "400"},
            {get("/").replace("Host", "X-Host"), "400"},
            {get("/", "Upgrade: websocket", "Connection: upgrade"), "426"},
          }) {
        RawPeer peer = RawPeer.connect(port);
        peer.write(each[0]);
        assertThat(peer.readAll()).as(each[0]).startsWith("HTTP/1.1 " + each[1] + " ");
      }
    }
  }

  @OnEachBackend
  void areAnsweredWith500WhereTheHandlerFails(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend)) {
      int port =
          start(
              server,
              request -> {
                throw new IOException("a secret of the server");
              });
      RawPeer peer = RawPeer.connect(port);
      peer.write(get("/"));
      assertThat(peer.readAll()).startsWith("HTTP/1.1 500 ").doesNotContain("secret");
    }
  }

  @OnEachBackend
  void areAnsweredWith503WhereTheHandlerTakesTooLong(IoBackend backend) throws Exception {
    CountDownLatch late = new CountDownLatch(1);
    Content content = new Content(1, 1);
    try (var server = TestOptions.server(backend, null, SHORT, 10)) {
      int port =
          start(
              server,
              request -> {
                try {
                  late.await();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
                return new PlainResponse(200, Headers.empty(), 1, content);
              });
      RawPeer peer = RawPeer.connect(port);
      peer.write(get("/"));
      assertThat(peer.readAll()).startsWith("HTTP/1.1 503 ");
      late.countDown();
      content.awaitClosed();
      assertThat(content.given.get()).isZero();
    }
  }

  @OnEachBackend
  void readTheirContentNoFasterThanTheClientAndNotForEver(IoBackend backend) throws Exception {
    Content endless = new Content(1L << 40, 1L << 40);
    try (var server = TestOptions.server(backend, null, SHORT, 10)) {
      int port =
          start(
              server, request -> new PlainResponse(200, Headers.empty(), endless.length, endless));
      try (Socket socket = new Socket()) {
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        socket.getOutputStream().write(get("/").getBytes(StandardCharsets.US_ASCII));
        endless.awaitClosed();
        // What both kernels hold.
        assertThat(endless.given.get()).isBetween(1L, 32L << 20);
      }
    }
  }

  @OnEachBackend
  void letGoOfTheirContentWhenTheClientGoes(IoBackend backend) throws Exception {
    Content endless = new Content(1L << 40, 1L << 40);
    try (var server = TestOptions.server(backend)) {
      int port =
          start(
              server, request -> new PlainResponse(200, Headers.empty(), endless.length, endless));
      RawPeer peer = RawPeer.connect(port);
      peer.write(get("/"));
      peer.readHeader();
      peer.reset();
      endless.awaitClosed();
    }
  }

  @OnEachBackend
  void endEarlyWhereTheirContentIsShorterThanItSaid(IoBackend backend) throws Exception {
    Content shrunk = new Content(100_000, 70_000);
    try (var server = TestOptions.server(backend)) {
      int port = start(server, request -> new PlainResponse(200, Headers.empty(), 100_000, shrunk));
      RawPeer peer = RawPeer.connect(port);
      peer.write(get("/"));
      assertThat(peer.readHeader()).contains("Content-Length: 100000\r\n");
      assertThat(peer.readAll()).hasSizeLessThanOrEqualTo(70_000);
    }
  }

  @OnEachBackend
  void takeNoMoreOfTheirContentThanTheySaid(IoBackend backend) throws Exception {
    Content grown = new Content(70_000, 80_000);
    try (var server = TestOptions.server(backend)) {
      int port = start(server, request -> new PlainResponse(200, Headers.empty(), 70_000, grown));
      RawPeer peer = RawPeer.connect(port);
      peer.write(get("/", "Connection: close"));
      peer.readHeader();
      assertThat(peer.readAll()).hasSize(70_000);
    }
  }

  @OnEachBackend
  void leaveAConnectionThatIsThenIdleToItsEnd(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend, null, Duration.ofSeconds(2), 10)) {
      RawPeer peer = RawPeer.connect(start(server, ECHO));
      peer.write(get("/1"));
      assertThat(peer.readAll()).isEqualTo(answer("/1"));
    }
  }

  @OnEachBackend
  void areCutWhenTheServerEnds(IoBackend backend) throws Exception {
    Content endless = new Content(1L << 40, 1L << 40);
    try (var server = TestOptions.server(backend, null, LONG, 10)) {
      int port =
          start(
              server, request -> new PlainResponse(200, Headers.empty(), endless.length, endless));
      RawPeer peer = RawPeer.connect(port);
      peer.write(get("/"));
      peer.readHeader();
      server.close();
      endless.awaitClosed();
    }
  }

  /** Zeros, counted as they are read. */
  private static final class Content extends InputStream {
    final long length;
    final AtomicLong given = new AtomicLong();
    private final long real;
    private final CountDownLatch closed = new CountDownLatch(1);

    Content(long length, long real) {
      this.length = length;
      this.real = real;
    }

    @Override
    public int read() {
      return read(new byte[1], 0, 1) < 0 ? -1 : 0;
    }

    @Override
    public int read(byte[] into, int offset, int wanted) {
      int count = (int) Math.min(wanted, real - given.get());
      given.addAndGet(count);
      return count == 0 && wanted > 0 ? -1 : count;
    }

    @Override
    public void close() {
      closed.countDown();
    }

    void awaitClosed() throws InterruptedException {
      assertThat(closed.await(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS))
          .as("the content is closed")
          .isTrue();
    }
  }
}
