package dev.weir.websocket;

import java.util.concurrent.CompletionStage;

/**
 * Serves one connection by futures. It is called on the connection's event loop before the first
 * message is delivered, so it must not block.
 *
 * <p>When its stage completes the connection is closed with 1000, when it fails (or the handler
 * throws) with 1011, as with {@link WebSocketHandler}.
 */
@FunctionalInterface
public interface AsyncWebSocketHandler {
  CompletionStage<?> handle(ServerConnection connection) throws Exception;
}
