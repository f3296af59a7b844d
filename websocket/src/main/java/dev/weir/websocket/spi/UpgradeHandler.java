package dev.weir.websocket.spi;

/** Decides on opening handshakes. Called on event loops, so it must not block; thread-safe. */
@FunctionalInterface
public interface UpgradeHandler {
  /**
   * A well-formed opening handshake has come (others the transport has refused by itself). The
   * handler calls one of the exchange's answers now or later.
   */
  void upgrade(UpgradeExchange exchange);
}
