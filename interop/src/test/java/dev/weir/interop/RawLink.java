package dev.weir.interop;

import dev.weir.protocol.connection.Limits;
import dev.weir.websocket.Route;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketServer;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An open connection over loopback TCP between Weir, as client or as server, and a raw peer. Not
 * thread-safe.
 */
final class RawLink implements AutoCloseable {
  private final AutoCloseable weir;
  private final RawPeer peer;
  private final WebSocketConnection connection;

  /** Which of the two Weir is. */
  enum Weirs {
    CLIENT,
    SERVER
  }

  /**
   * Weir's settings.
   *
   * @param keepAlive interval of the keep-alive, whose timeout is four times that; null for none
   * @param receiveBuffer in bytes
   * @param peersBuffer the raw peer's receive buffer in the kernel, in bytes
   */
  record Settings(
      Duration closeTimeout,
      @Nullable Duration keepAlive,
      int receiveBuffer,
      int peersBuffer,
      @Nullable Limits limits) {
    /** Nothing times out within a test. */
    static final Settings PATIENT =
        new Settings(Duration.ofSeconds(60), null, 256 * 1024, 64 * 1024, null);

    Settings withCloseTimeout(Duration value) {
      return new Settings(value, keepAlive, receiveBuffer, peersBuffer, limits);
    }

    Settings withKeepAlive(Duration value) {
      return new Settings(closeTimeout, value, receiveBuffer, peersBuffer, limits);
    }

    Settings withReceiveBuffer(int value) {
      return new Settings(closeTimeout, keepAlive, value, peersBuffer, limits);
    }

    Settings withPeersBuffer(int value) {
      return new Settings(closeTimeout, keepAlive, receiveBuffer, value, limits);
    }

    Settings withLimits(Limits value) {
      return new Settings(closeTimeout, keepAlive, receiveBuffer, peersBuffer, value);
    }
  }

  private RawLink(AutoCloseable weir, RawPeer peer, WebSocketConnection connection) {
    this.weir = weir;
    this.peer = peer;
    this.connection = connection;
  }

  static RawLink open(Weirs role) throws Exception {
    return open(role, Settings.PATIENT);
  }

  static RawLink open(Weirs role, Settings settings) throws Exception {
    return role == Weirs.CLIENT ? client(settings) : server(settings);
  }

  private static RawLink client(Settings settings) throws Exception {
    var builder =
        WebSocketClient.builder()
            .closeTimeout(settings.closeTimeout)
            .receiveBuffer(settings.receiveBuffer);
    if (settings.keepAlive != null) {
      builder.keepAlive(settings.keepAlive, settings.keepAlive.multipliedBy(4));
    }
    if (settings.limits != null) {
      builder.limits(settings.limits);
    }
    WebSocketClient client = builder.build();
    try (ServerSocket listener = RawPeer.listen()) {
      listener.setReceiveBufferSize(settings.peersBuffer);
      var stream = client.connect(RawPeer.url(listener));
      RawPeer peer = RawPeer.accept(listener);
      peer.acceptUpgrade();
      return new RawLink(client, peer, Weir.get(stream.opened()));
    }
  }

  private static RawLink server(Settings settings) throws Exception {
    var opened = new CompletableFuture<WebSocketConnection>();
    var builder =
        WebSocketServer.builder()
            .closeTimeout(settings.closeTimeout)
            .receiveBuffer(settings.receiveBuffer)
            .withoutKeepAlive()
            .route(
                Route.async(
                    "/",
                    connection -> {
                      opened.complete(connection);
                      return connection.closed().handle((info, error) -> "the test is the handler");
                    }));
    if (settings.keepAlive != null) {
      builder.keepAlive(settings.keepAlive, settings.keepAlive.multipliedBy(4));
    }
    if (settings.limits != null) {
      builder.limits(settings.limits);
    }
    WebSocketServer server = builder.start();
    RawPeer peer = RawPeer.open(server, "/", settings.peersBuffer);
    return new RawLink(server, peer, Weir.get(opened));
  }

  RawPeer peer() {
    return peer;
  }

  WebSocketConnection connection() {
    return connection;
  }

  /** Cuts the connection if it is still there, and ends Weir's threads. */
  @Override
  public void close() throws Exception {
    peer.close();
    connection.abort();
    weir.close();
  }
}
