package dev.weir.websocket.spi;

import java.io.IOException;
import java.net.InetSocketAddress;

/** Listens, accepts and reads opening handshakes. Thread-safe. */
public interface ServerTransport extends AutoCloseable {
  /**
   * Binds and begins to accept. Called once; blocks until bound.
   *
   * @return the address that is listened on, with the real port where 0 was asked for
   * @throws IOException if the address can not be bound
   */
  InetSocketAddress start(UpgradeHandler handler) throws IOException;

  /** Stops to accept; what is open stays open. Without effect when called again. */
  void stopAccepting();

  /** Stops to accept, cuts every connection that is still open and ends the threads. */
  @Override
  void close();
}
