package dev.weir.protocol.connection;

/**
 * Told what became of one message that was given to a {@link Connection} for sending. Exactly one
 * of its methods is called, once, perhaps from inside the sending call. Not thread-safe.
 */
public interface Delivery {
  /** The whole message was committed to the output. */
  void handedOver();

  /**
   * The message will not be sent, or not completely: the connection is closing, failed or gone
   * (H2).
   */
  void dropped();
}
