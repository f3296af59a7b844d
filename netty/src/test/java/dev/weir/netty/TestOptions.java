package dev.weir.netty;

import dev.weir.protocol.handshake.Headers;
import dev.weir.websocket.opening.TlsOptions;
import dev.weir.websocket.spi.ClientOpening;
import dev.weir.websocket.spi.ClientTransportOptions;
import dev.weir.websocket.spi.ServerTransportOptions;
import dev.weir.websocket.url.WebSocketUrl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Settings of the transports under test. Immutable: each method returns a changed copy. */
record TestOptions(
    TlsOptions tls,
    Duration connectTimeout,
    Duration tlsTimeout,
    Duration handshakeTimeout,
    Duration closeTimeout,
    boolean oneOpeningPerAddress,
    Duration attemptDelay) {
  static final int LOW_MARK = 32 * 1024;
  static final int HIGH_MARK = 128 * 1024;
  static final int MAX_RESPONSE_HEADER_BYTES = 4096;
  static final int MAX_REFUSAL_BODY_BYTES = 1024;
  private static final Duration LONG = Duration.ofSeconds(30);

  /** Nothing times out within a test. */
  static TestOptions patient() {
    return new TestOptions(
        TlsOptions.defaults(),
        LONG,
        LONG,
        LONG,
        Duration.ofMillis(1),
        true,
        Duration.ofMillis(250));
  }

  TestOptions withTls(TlsOptions value) {
    return new TestOptions(
        value,
        connectTimeout,
        tlsTimeout,
        handshakeTimeout,
        closeTimeout,
        oneOpeningPerAddress,
        attemptDelay);
  }

  TestOptions withTimeouts(Duration connect, Duration tls2, Duration handshake) {
    return new TestOptions(
        tls, connect, tls2, handshake, closeTimeout, oneOpeningPerAddress, attemptDelay);
  }

  TestOptions withCloseTimeout(Duration value) {
    return new TestOptions(
        tls,
        connectTimeout,
        tlsTimeout,
        handshakeTimeout,
        value,
        oneOpeningPerAddress,
        attemptDelay);
  }

  TestOptions withoutTurns() {
    return new TestOptions(
        tls, connectTimeout, tlsTimeout, handshakeTimeout, closeTimeout, false, attemptDelay);
  }

  NettyClientTransport client(IoBackend backend) {
    return new NettyClientTransport(
        backend,
        new ClientTransportOptions(
            tls,
            connectTimeout,
            tlsTimeout,
            handshakeTimeout,
            closeTimeout,
            MAX_RESPONSE_HEADER_BYTES,
            MAX_REFUSAL_BODY_BYTES,
            oneOpeningPerAddress,
            LOW_MARK,
            HIGH_MARK),
        attemptDelay);
  }

  static NettyServerTransport server(
      IoBackend backend, @Nullable TlsOptions tls, Duration handshakeTimeout, int maxConnections) {
    return new NettyServerTransport(
        backend,
        new ServerTransportOptions(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            tls,
            handshakeTimeout,
            1024,
            4096,
            maxConnections,
            LOW_MARK,
            HIGH_MARK));
  }

  static NettyServerTransport server(IoBackend backend) {
    return server(backend, null, LONG, 1000);
  }

  static ClientOpening opening(String url) {
    return new ClientOpening(WebSocketUrl.parse(url), List.of(), List.of(), Headers.empty());
  }

  static Opened open(NettyClientTransport client, String url) {
    Opened opened = new Opened();
    client.open(opening(url), opened);
    return opened;
  }

  /** The backend that the system property asks for, else each one that may be chosen unasked. */
  static Stream<IoBackend> backends() {
    return System.getProperty(IoBackend.PROPERTY) == null
        ? Stream.of(IoBackend.EPOLL, IoBackend.NIO).filter(IoBackend::isAvailable)
        : Stream.of(IoBackend.choose());
  }
}
