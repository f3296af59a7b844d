package dev.weir.websocket;

import dev.weir.protocol.handshake.Refusal;
import java.util.Optional;

/**
 * Decides whether an opening handshake is accepted. Called on a virtual thread, so it may block, at
 * most for the server's handshake timeout.
 */
@FunctionalInterface
public interface UpgradeCheck {
  /**
   * The refusal to answer with, or empty to go on.
   *
   * @throws Exception which is answered with 500, without its text
   */
  Optional<Refusal> check(UpgradeRequest request) throws Exception;
}
