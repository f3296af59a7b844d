package dev.weir.protocol.frame;

import java.nio.ByteBuffer;

/** Writes frame headers (RFC 6455 §5.2). Only pure functions; thread-safe. */
public final class FrameEncoder {
  /** The most bytes of a header: two, a length of eight, a mask of four. */
  public static final int MAX_HEADER_BYTES = 14;

  private static final int FIN = 0x80;
  private static final int MASKED = 0x80;

  private FrameEncoder() {}

  /** How many bytes the header of such a frame takes. */
  public static int headerBytes(int payloadBytes, boolean masked) {
    int length = payloadBytes < 126 ? 2 : payloadBytes < 0x1_0000 ? 4 : 10;
    return masked ? length + Integer.BYTES : length;
  }

  /**
   * Puts the header of an unmasked frame.
   *
   * @param rsv the reserved bits as they stand in the first byte; 0 for none
   */
  public static void putHeader(
      ByteBuffer to, boolean fin, int rsv, Opcode opcode, int payloadBytes) {
    putStart(to, fin, rsv, opcode, payloadBytes, 0);
  }

  /**
   * Puts the header of a masked frame, with its masking key.
   *
   * @param rsv the reserved bits as they stand in the first byte; 0 for none
   */
  public static void putMaskedHeader(
      ByteBuffer to, boolean fin, int rsv, Opcode opcode, int payloadBytes, int mask) {
    putStart(to, fin, rsv, opcode, payloadBytes, MASKED);
    putBigEndian(to, mask, Integer.BYTES);
  }

  private static void putStart(
      ByteBuffer to, boolean fin, int rsv, Opcode opcode, int payloadBytes, int maskBit) {
    to.put((byte) ((fin ? FIN : 0) | rsv | opcode.code()));
    if (payloadBytes < 126) {
      to.put((byte) (maskBit | payloadBytes));
    } else if (payloadBytes < 0x1_0000) {
      to.put((byte) (maskBit | 126));
      putBigEndian(to, payloadBytes, Short.BYTES);
    } else {
      to.put((byte) (maskBit | 127));
      putBigEndian(to, payloadBytes, Long.BYTES);
    }
  }

  private static void putBigEndian(ByteBuffer to, long value, int bytes) {
    for (int shift = (bytes - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      to.put((byte) (value >>> shift));
    }
  }
}
