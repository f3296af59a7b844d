package dev.weir.testkit;

import dev.weir.protocol.handshake.Headers;
import dev.weir.websocket.opening.TlsOptions;
import dev.weir.websocket.spi.ClientOpening;
import dev.weir.websocket.spi.ClientTransport;
import dev.weir.websocket.spi.ClientTransportOptions;
import dev.weir.websocket.spi.ServerTransport;
import dev.weir.websocket.spi.ServerTransportOptions;
import dev.weir.websocket.url.WebSocketUrl;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/** A network in memory with the settings of these tests, used without WebSocket above it. */
final class Network {
  static final int LOW_MARK = 10;
  static final int HIGH_MARK = 100;
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
  static final Duration TLS_TIMEOUT = Duration.ofSeconds(2);
  static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(3);
  static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(4);

  final ManualEventLoop loop = new ManualEventLoop(Duration.ofMillis(50));
  final InMemoryTransport transport = new InMemoryTransport(loop);
  final ClientTransport client =
      transport.clientTransport(
          new ClientTransportOptions(
              TlsOptions.defaults(),
              CONNECT_TIMEOUT,
              TLS_TIMEOUT,
              HANDSHAKE_TIMEOUT,
              CLOSE_TIMEOUT,
              1_000,
              10,
              false,
              LOW_MARK,
              HIGH_MARK));

  ServerTransport server(int maxConnections) {
    return transport.serverTransport(
        new ServerTransportOptions(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            null,
            HANDSHAKE_TIMEOUT,
            1_000,
            1_000,
            maxConnections,
            LOW_MARK,
            HIGH_MARK));
  }

  ClientTransport.Opening open(String url, Recorder recorder, String... protocols) {
    return client.open(
        new ClientOpening(
            WebSocketUrl.parse(url), List.of(protocols), List.of(), Headers.of("X-Own", "1")),
        recorder);
  }

  /** Opens a connection and returns its far end. */
  ScriptedPeer peerOf(Recorder recorder) {
    open("ws://example.com/chat?x=1", recorder);
    ScriptedPeer peer = transport.nextOpening().accept();
    loop.runPending();
    return peer;
  }

  /** Runs the code as a task of the loop, with all that follows from it. */
  void onLoop(Runnable task) {
    loop.execute(task);
    loop.runPending();
  }
}
