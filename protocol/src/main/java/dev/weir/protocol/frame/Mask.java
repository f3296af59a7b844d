package dev.weir.protocol.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Masking and unmasking of payload (RFC 6455 §5.3), eight bytes at a time. Only pure functions on
 * what they are given; thread-safe.
 */
public final class Mask {
  // The machine's own order: a word is loaded and stored without turning it round.
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ORDER);

  /** What is copied before it is unmasked: half of a nearest cache. */
  private static final int BLOCK_BYTES = 16 * 1024;

  private Mask() {}

  /**
   * Masks, or unmasks, bytes in place.
   *
   * @param mask the masking key, its first byte on the wire being the highest
   * @param phase how many bytes of the frame's payload come before {@code from}; any number, of
   *     which the lowest two bits count
   */
  public static void apply(byte[] bytes, int from, int length, int mask, int phase) {
    int turned = Integer.rotateLeft(mask, (phase & 3) << 3);
    long word = word(turned);
    int end = from + length;
    int i = from;
    for (; i <= end - Long.BYTES; i += Long.BYTES) {
      WORD.set(bytes, i, (long) WORD.get(bytes, i) ^ word);
    }
    for (; i < end; i++) {
      bytes[i] ^= (byte) (turned >>> 24);
      turned = Integer.rotateLeft(turned, 8);
    }
  }

  /** Masks the {@code length} bytes of the buffer from the index {@code from} on, in place. */
  public static void apply(ByteBuffer buffer, int from, int length, int mask) {
    if (buffer.hasArray()) {
      apply(buffer.array(), buffer.arrayOffset() + from, length, mask, 0);
      return;
    }
    ByteOrder order = buffer.order();
    buffer.order(ORDER);
    long word = word(mask);
    int turned = mask;
    int end = from + length;
    int i = from;
    for (; i <= end - Long.BYTES; i += Long.BYTES) {
      buffer.putLong(i, buffer.getLong(i) ^ word);
    }
    for (; i < end; i++) {
      buffer.put(i, (byte) (buffer.get(i) ^ (turned >>> 24)));
      turned = Integer.rotateLeft(turned, 8);
    }
    buffer.order(order);
  }

  /** Puts masked bytes at the buffer's position, in one pass; the source stays as it is. */
  public static void copy(byte[] from, int offset, int length, ByteBuffer to, int mask) {
    if (to.hasArray()) {
      int start = to.position();
      to.put(from, offset, length);
      apply(to.array(), to.arrayOffset() + start, length, mask, 0);
      return;
    }
    ByteOrder order = to.order();
    to.order(ORDER);
    long word = word(mask);
    int turned = mask;
    int end = offset + length;
    int i = offset;
    for (; i <= end - Long.BYTES; i += Long.BYTES) {
      to.putLong((long) WORD.get(from, i) ^ word);
    }
    for (; i < end; i++) {
      to.put((byte) (from[i] ^ (turned >>> 24)));
      turned = Integer.rotateLeft(turned, 8);
    }
    to.order(order);
  }

  /**
   * Takes bytes at the buffer's position and unmasks them on their way to an array, while they are
   * in the processor's nearest cache.
   *
   * @param mask the masking key, its first byte on the wire being the highest; 0 for none
   * @param phase how many bytes of the frame's payload come before these; any number, of which the
   *     lowest two bits count
   */
  public static void copy(ByteBuffer from, byte[] to, int offset, int length, int mask, int phase) {
    if (mask == 0) {
      from.get(to, offset, length);
      return;
    }
    int taken = 0;
    while (taken < length) {
      int count = Math.min(BLOCK_BYTES, length - taken);
      from.get(to, offset + taken, count);
      apply(to, offset + taken, count, mask, phase + taken);
      taken += count;
    }
  }

  private static long word(int mask) {
    int inOrder = ORDER == ByteOrder.BIG_ENDIAN ? mask : Integer.reverseBytes(mask);
    return (inOrder & 0xffff_ffffL) << 32 | (inOrder & 0xffff_ffffL);
  }
}
