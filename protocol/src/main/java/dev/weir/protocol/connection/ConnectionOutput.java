package dev.weir.protocol.connection;

import java.nio.ByteBuffer;

/**
 * Where a {@link Connection} writes its frames: the transport's own send buffer, so that header,
 * mask and payload are laid down once. Not thread-safe. Except where said, it does not call the
 * connection from inside its methods.
 */
public interface ConnectionOutput {
  /**
   * Room for the next bytes, in order after all that was committed.
   *
   * @param bytes how much room is wanted, positive
   * @return a big-endian buffer whose position is the start of the room and which has at least
   *     {@code bytes} remaining; valid until {@link #commit}
   */
  ByteBuffer reserve(int bytes);

  /** Takes the first {@code bytes} bytes of the room last reserved as output. */
  void commit(int bytes);

  /**
   * Takes the first {@code bytes} bytes of the room last reserved as output, and behind them as
   * much of an array as goes out at once without a copy. There must be room for both.
   *
   * @param more whether the next frame of the same message follows at once
   * @return how many bytes of the array were taken; the others are still to be laid down
   */
  default int commit(int bytes, byte[] behind, int offset, int length, boolean more) {
    commit(bytes);
    return 0;
  }

  /**
   * Whether unsent bytes are below the high mark. When this turns true again the driver calls
   * {@link Connection#outputWritable}.
   */
  boolean isWritable();

  /**
   * Ends the output after all that was committed has been written (a TCP half-close, END_STREAM).
   * The input stays open.
   */
  void shutdownOutput();

  /**
   * Closes the transport in both directions now, dropping what is unsent. {@link
   * Connection#transportClosed} follows, perhaps from inside this call.
   */
  void closeTransport();
}
