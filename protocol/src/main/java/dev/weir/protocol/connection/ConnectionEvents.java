package dev.weir.protocol.connection;

import dev.weir.protocol.close.CloseOutcome;
import dev.weir.protocol.close.CloseStatus;

/**
 * What a {@link Connection} tells its driver, from inside the driver's own calls. Not thread-safe:
 * called on whatever thread drives the connection. None of its methods may throw; each may call the
 * connection again, but for {@link Connection#receive}.
 */
public interface ConnectionEvents {
  /** A whole text message, already checked to be UTF-8. */
  void textReceived(String text);

  /** A whole binary message. The array is the receiver's to keep. */
  void binaryReceived(byte[] payload);

  /**
   * A ping, whose pong has already been queued unless this side's Close frame went before. At most
   * 125 bytes.
   */
  void pingReceived(byte[] payload);

  /** A pong, solicited or not. At most 125 bytes. */
  void pongReceived(byte[] payload);

  /**
   * The peer's Close was read, or what breaks a rule, and is acted on when this returns: a driver
   * that keeps messages for the end of a read delivers them now, so that they can be answered.
   */
  default void endComing() {}

  /** The peer's Close frame, once at most. Messages received before it were reported before it. */
  void closeReceived(CloseStatus status);

  /**
   * The connection has begun to end: by this side's close or failure, by the peer's Close, or by
   * the end of the input or of the transport. Called once, always before {@link #closed}; after
   * {@link #closeReceived} where the peer's Close is what begins it. From here on the driver must
   * keep reading whatever its reader does (H6), but for {@link Connection#closeOutput}, and must
   * call {@link Connection#deadlinePassed} when the closing timeout ends (H5).
   */
  void closingStarted();

  /** The transport is gone and the outcome is known. Called once, the last of all events. */
  void closed(CloseOutcome outcome);
}
