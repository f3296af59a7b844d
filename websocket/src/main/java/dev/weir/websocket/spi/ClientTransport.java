package dev.weir.websocket.spi;

/**
 * Opens client connections: resolves, connects, encrypts and performs the opening handshake.
 * Thread-safe.
 */
public interface ClientTransport extends AutoCloseable {
  /**
   * Begins one opening handshake. {@code events} is told of the end on the connection's event loop,
   * never from inside this call, exactly once.
   *
   * @return by which the handshake can be dropped
   */
  Opening open(ClientOpening request, OpeningEvents events);

  /**
   * Releases the transport's threads once its connections have ended or the given time has passed.
   * Connections and handshakes still open then are cut. Does not block.
   */
  @Override
  void close();

  /** One opening handshake under way. Thread-safe. */
  interface Opening {
    /**
     * Drops the handshake: the transport is closed at once and {@link OpeningEvents#failed} follows
     * with this cause. Without effect once {@code events} has been called.
     */
    void cancel(Throwable cause);
  }
}
