package dev.weir.websocket.spi;

import dev.weir.protocol.handshake.PlainRequest;
import java.io.IOException;

/** Answers requests that ask for no WebSocket. Thread-safe. */
@FunctionalInterface
public interface PlainRequestHandler {
  /**
   * The answer. Called on virtual threads, so it may block, for the server's handshake timeout at
   * most: after that the client is told 503, and what comes then is closed unread.
   *
   * @param request without a body; the transport has refused those that have one
   * @throws IOException which is answered with 500, without its text
   */
  PlainResponse respond(PlainRequest request) throws IOException;
}
