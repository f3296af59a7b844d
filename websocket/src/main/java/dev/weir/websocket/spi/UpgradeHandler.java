package dev.weir.websocket.spi;

import org.jspecify.annotations.Nullable;

/** Decides on opening handshakes. Called on event loops, so it must not block; thread-safe. */
@FunctionalInterface
public interface UpgradeHandler {
  /**
   * A well-formed opening handshake has come (others the transport has refused by itself). The
   * handler calls one of the exchange's answers now or later.
   */
  void upgrade(UpgradeExchange exchange);

  /**
   * Who answers requests that ask for no WebSocket. Null, the default, leaves them to the
   * transport, which refuses them with 426 or 405.
   */
  default @Nullable PlainRequestHandler plainRequests() {
    return null;
  }
}
