package dev.weir.websocket;

/**
 * Serves one connection by blocking calls, on a virtual thread of its own.
 *
 * <p>When it returns the connection is closed with 1000, when it throws with 1011; neither has an
 * effect on a connection that is closing already. The exception's text stays here: the peer never
 * sees it.
 */
@FunctionalInterface
public interface WebSocketHandler {
  void handle(ServerConnection connection) throws Exception;
}
