package dev.weir.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.protocol.handshake.Agreement;
import dev.weir.protocol.handshake.Headers;
import dev.weir.websocket.opening.OpeningFailure;
import dev.weir.websocket.opening.OpeningFailure.Stage;
import dev.weir.websocket.opening.TlsOptions;
import dev.weir.websocket.spi.WebSocketChannel;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TLS between the two transports, and against the JDK's own sockets. */
@ExtendWith(Leftovers.class)
final class TlsTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir Path folder;
  private final BlockingQueue<WebSocketChannel> channels = new LinkedBlockingQueue<>();

  private NettyServerTransport server(IoBackend backend, TlsOptions tls) {
    return TestOptions.server(backend, tls, LONG, 10);
  }

  private int start(NettyServerTransport server) throws Exception {
    return server
        .start(
            exchange -> {
              assertThat(exchange.sslSession()).isNotNull();
              exchange.accept(Agreement.NONE, Headers.empty(), channels::add);
            })
        .getPort();
  }

  private WebSocketChannel nextChannel() throws InterruptedException {
    return channels.poll(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Rule({"6455-4.1-8", "6455-4.2.2-1"})
  @OnEachBackend
  void carriesBytesBothWaysAndEndsInOrder(IoBackend backend) throws Exception {
    try (var server = server(backend, TestCertificates.server(folder));
        var client =
            TestOptions.patient().withTls(TestCertificates.client(folder)).client(backend)) {
      Opened opened = TestOptions.open(client, "wss://localhost:" + start(server) + "/");
      WebSocketChannel here = opened.channel();
      Recorder hereEvents = ChannelCalls.start(here);
      WebSocketChannel there = nextChannel();
      Recorder thereEvents = ChannelCalls.start(there);
      assertThat(here.sslSession().getProtocol()).isEqualTo("TLSv1.3");
      byte[] much = new byte[3_000_000];
      new java.util.Random(11).nextBytes(much);
      ChannelCalls.run(
          here,
          () -> {
            ChannelCalls.put(here, much);
            here.flush();
            here.shutdownOutput();
          });
      thereEvents.await("inputShut");
      assertThat(thereEvents.bytes()).isEqualTo(much);
      ChannelCalls.send(there, "the answer");
      assertThat(hereEvents.awaitBytes(10)).isEqualTo("the answer");
      ChannelCalls.run(there, there::shutdownOutput);
      hereEvents.await("inputShut");
      hereEvents.await("closed");
      thereEvents.await("closed");
      assertThat(hereEvents.cause()).isNull();
      assertThat(thereEvents.cause()).isNull();
    }
  }

  @Rule("6455-4.1-9")
  @OnEachBackend
  void namesTheServerWhereItIsKnownByName(IoBackend backend) throws Exception {
    var named = new LinkedBlockingQueue<List<SNIServerName>>();
    try (var server = server(backend, TestCertificates.server(folder));
        var client =
            TestOptions.patient().withTls(TlsOptions.defaults().trustingAnyone()).client(backend)) {
      int port =
          server
              .start(
                  exchange -> {
                    var session = (ExtendedSSLSession) exchange.sslSession();
                    named.add(session.getRequestedServerNames());
                    exchange.accept(Agreement.NONE, Headers.empty(), channels::add);
                  })
              .getPort();
      TestOptions.open(client, "wss://localhost:" + port + "/").success();
      assertThat(named.poll(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS))
          .containsExactly(new SNIHostName("localhost"));
      TestOptions.open(client, "wss://127.0.0.1:" + port + "/").success();
      assertThat(named.poll(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEmpty();
    }
  }

  @OnEachBackend
  void deliversNothingWhileReadingIsPaused(IoBackend backend) throws Exception {
    try (var server = server(backend, TestCertificates.server(folder));
        var client =
            TestOptions.patient().withTls(TestCertificates.client(folder)).client(backend)) {
      Opened opened = TestOptions.open(client, "wss://localhost:" + start(server) + "/");
      WebSocketChannel here = opened.channel();
      Recorder hereEvents = ChannelCalls.start(here);
      WebSocketChannel there = nextChannel();
      Recorder thereEvents = ChannelCalls.start(there);
      ChannelCalls.run(there, () -> there.setReading(false));
      byte[] much = new byte[16 * 1024 * 1024];
      ChannelCalls.run(
          here,
          () -> {
            ChannelCalls.put(here, much);
            here.flush();
          });
      assertThat(ChannelCalls.get(here, here::isWritable)).isFalse();
      assertThat(thereEvents.receivedBytes())
          .isLessThanOrEqualTo(ReceiveBuffers.MAX_BYTES + 16 * 1024);
      ChannelCalls.run(there, () -> there.setReading(true));
      thereEvents.awaitBytes(much.length);
      hereEvents.await("writable");
    }
  }

  @Rule("C5")
  @OnEachBackend
  void failsOnACertificateThatNobodyTrusts(IoBackend backend) throws Exception {
    try (var server = server(backend, TlsOptions.selfSigned());
        var client = TestOptions.patient().client(backend)) {
      Opened opened = TestOptions.open(client, "wss://localhost:" + start(server) + "/");
      OpeningFailure failure = opened.failure();
      assertThat(failure.stage()).isEqualTo(Stage.TLS);
      assertThat(failure.isTimeout()).isFalse();
      assertThat(failure).hasCauseInstanceOf(SSLException.class);
      assertThat(failure).hasMessageStartingWith("the TLS handshake failed: ");
    }
  }

  @OnEachBackend
  void trustsAnyoneIfToldTo(IoBackend backend) throws Exception {
    try (var server = server(backend, TlsOptions.selfSigned());
        var client =
            TestOptions.patient().withTls(TlsOptions.defaults().trustingAnyone()).client(backend)) {
      assertThat(
              TestOptions.open(client, "wss://127.0.0.1:" + start(server) + "/")
                  .success()
                  .response()
                  .status())
          .isEqualTo(101);
    }
  }

  @Rule("C5")
  @OnEachBackend
  void failsOnACertificateForAnotherHost(IoBackend backend) throws Exception {
    try (var server = server(backend, TestCertificates.server(folder));
        var client =
            TestOptions.patient().withTls(TestCertificates.client(folder)).client(backend)) {
      Opened opened = TestOptions.open(client, "wss://other.localhost:" + start(server) + "/");
      OpeningFailure failure = opened.failure();
      assertThat(failure.stage()).isEqualTo(Stage.TLS);
      assertThat(failure).hasMessageContaining("other.localhost");
    }
  }

  @OnEachBackend
  void failsWhenTheServerHasNoTls(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().client(backend)) {
      Opened opened = TestOptions.open(client, "wss://127.0.0.1:" + server.port() + "/");
      RawPeer peer = server.accept();
      peer.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
      assertThat(opened.failure().stage()).isEqualTo(Stage.TLS);
    }
  }

  @OnEachBackend
  void failsWhenTheConnectionEndsWithinTls(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().client(backend)) {
      Opened opened = TestOptions.open(client, "wss://127.0.0.1:" + server.port() + "/");
      RawPeer peer = server.accept();
      peer.read(10);
      peer.socket().shutdownOutput();
      OpeningFailure failure = opened.failure();
      assertThat(failure.stage()).isEqualTo(Stage.TLS);
      assertThat(failure.isTimeout()).isFalse();
    }
  }

  @Rule("K5")
  @OnEachBackend
  void failsWhenTlsDoesNotEnd(IoBackend backend) throws Exception {
    try (var server = new RawPeer.Listener();
        var client = TestOptions.patient().withTimeouts(LONG, SHORT, LONG).client(backend)) {
      Opened opened = TestOptions.open(client, "wss://127.0.0.1:" + server.port() + "/");
      server.accept();
      OpeningFailure failure = opened.failure();
      assertThat(failure.stage()).isEqualTo(Stage.TLS);
      assertThat(failure.isTimeout()).isTrue();
      assertThat(failure)
          .hasMessage(
              "no end of the TLS handshake with 127.0.0.1:" + server.port() + " within 300 ms");
    }
  }

  @OnEachBackend
  void endsAServersTlsThatDoesNotEnd(IoBackend backend) throws Exception {
    try (var server = TestOptions.server(backend, TestCertificates.server(folder), SHORT, 10);
        var client = RawPeer.connect(start(server))) {
      assertThat(client.readAll()).isEmpty();
    }
  }

  @OnEachBackend
  void asksClientsForACertificateWhereItTrustsSome(IoBackend backend) throws Exception {
    TlsOptions both =
        TestCertificates.server(folder).withTrustedCertificates(TestCertificates.chain(folder));
    try (var server = server(backend, both);
        var knownClient = TestOptions.patient().withTls(both).client(backend);
        var stranger =
            TestOptions.patient().withTls(TestCertificates.client(folder)).client(backend)) {
      String url = "wss://localhost:" + start(server) + "/";
      assertThat(TestOptions.open(knownClient, url).success().response().status()).isEqualTo(101);
      assertThat(TestOptions.open(stranger, url).failure().stage())
          .isIn(Stage.TLS, Stage.HANDSHAKE);
    }
  }

  @ParameterizedTest
  @CsvSource({"EPOLL, TLSv1.2", "EPOLL, TLSv1.3", "NIO, TLSv1.2", "NIO, TLSv1.3"})
  void takesAMissingCloseNotifyAsTheEndAndKeepsTheCause(IoBackend backend, String protocol)
      throws Exception {
    if (!backend.isAvailable()) {
      return;
    }
    try (var server = new RawPeer.Listener(new ServerSocket(0));
        var client =
            TestOptions.patient().withTls(TestCertificates.client(folder)).client(backend)) {
      Opened opened = TestOptions.open(client, "wss://localhost:" + server.port() + "/");
      RawPeer raw = server.accept();
      SSLSocket tls =
          (SSLSocket)
              TestCertificates.serverContext()
                  .getSocketFactory()
                  .createSocket(raw.socket(), null, false);
      tls.setUseClientMode(false);
      tls.setEnabledProtocols(new String[] {protocol});
      RawPeer peer = new RawPeer(tls);
      peer.acceptUpgrade();
      Recorder recorder = ChannelCalls.start(opened.channel());
      assertThat(opened.channel().sslSession().getProtocol()).isEqualTo(protocol);
      peer.write("last words");
      raw.socket().shutdownOutput();
      recorder.await("inputShut");
      assertThat(recorder.text()).isEqualTo("last words");
      ChannelCalls.send(opened.channel(), "mine");
      assertThat(peer.read(4)).isEqualTo("mine");
      ChannelCalls.run(opened.channel(), opened.channel()::shutdownOutput);
      recorder.await("closed");
      assertThat(recorder.cause()).hasMessage("the peer ended the connection without close_notify");
    }
  }

  @Test
  void saysWhichFileIsUnusable() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "nothing");
    assertThatThrownBy(
            () -> TlsContexts.client(TlsOptions.defaults().withTrustedCertificates(empty)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("empty.pem");
    assertThatThrownBy(() -> TlsContexts.server(TlsOptions.defaults()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a certificate");
  }
}
