package dev.weir.websocket.spi;

import dev.weir.protocol.handshake.Agreement;
import dev.weir.protocol.handshake.HandshakeRequest;
import dev.weir.websocket.opening.HandshakeResponse;

/**
 * Told how an opening handshake goes on and how it ended. Called on the event loop; of {@link
 * #opened} and {@link #failed} exactly one, once, as the last.
 */
public interface OpeningEvents {
  /** This request is on its way. */
  default void requestSent(HandshakeRequest request) {}

  /**
   * The connection is open. The channel delivers nothing before it is started.
   *
   * @param agreement subprotocol and extensions, checked against what was asked for
   * @param response the server's answer, without a body
   */
  void opened(WebSocketChannel channel, Agreement agreement, HandshakeResponse response);

  /**
   * The handshake failed and its transport is gone.
   *
   * @param cause an {@link dev.weir.websocket.opening.OpeningFailure}, or what was given to {@link
   *     ClientTransport.Opening#cancel}
   */
  void failed(Throwable cause);
}
