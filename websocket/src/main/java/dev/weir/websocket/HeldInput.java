package dev.weir.websocket;

import java.nio.ByteBuffer;

/**
 * Bytes that one read has brought, and whose messages wait for their reader: those that are
 * compressed could become a thousand times as many (S8). Not thread-safe.
 *
 * <p>It holds no more than the channel delivers after it was told to stop reading.
 */
final class HeldInput {
  private static final byte[] EMPTY = {};

  private byte[] bytes = EMPTY;

  /** Copies what remains in the buffer behind what is held. */
  void add(ByteBuffer rest) {
    byte[] longer = new byte[bytes.length + rest.remaining()];
    System.arraycopy(bytes, 0, longer, 0, bytes.length);
    rest.get(longer, bytes.length, rest.remaining());
    bytes = longer;
  }

  /** All that is held, which from here on is held no more. */
  ByteBuffer take() {
    ByteBuffer taken = ByteBuffer.wrap(bytes);
    bytes = EMPTY;
    return taken;
  }
}
