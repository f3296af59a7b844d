package dev.weir.websocket;

/**
 * Serves one connection by events. It is called on the connection's event loop before the first
 * message is delivered: the moment to add listeners, which are called on the event loop too. None
 * of them may block.
 *
 * <p>The socket is open: this call stands for the "open" event. When it returns the connection
 * stays open; when it throws it is closed with 1011.
 */
@FunctionalInterface
public interface EventWebSocketHandler {
  /** Takes over a connection. */
  void opened(WebSocket socket, UpgradeRequest request) throws Exception;
}
