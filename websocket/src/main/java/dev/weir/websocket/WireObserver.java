package dev.weir.websocket;

import dev.weir.protocol.handshake.HandshakeRequest;
import dev.weir.websocket.opening.HandshakeResponse;

/**
 * Sees what goes over the wire, for tools that show it: a client's opening handshakes, and the
 * frames of a client's or a server's connections. Called on event loops, so it must be thread-safe
 * and must not block. What it throws is logged. Without an observer none of this costs anything.
 */
public interface WireObserver {
  /** A client has sent this opening handshake; redirects that are followed send one each. */
  default void requestSent(HandshakeRequest request) {}

  /** A client's opening handshake was accepted with this answer. */
  default void accepted(HandshakeResponse response) {}

  /** This frame was handed to the transport: its header and at least its preview. */
  default void frameSent(ObservedFrame frame) {}

  /** This frame has begun to come in: its header and all of its preview. */
  default void frameReceived(ObservedFrame frame) {}
}
