package dev.weir.testkit;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Frames to bytes and back, written apart from the protocol module so that the two do not share
 * their mistakes. Stateless and thread-safe.
 */
final class FrameBytes {
  private static final byte[] MASK = {0x37, (byte) 0xFA, 0x21, 0x3D};
  private static final int MAX_HEADER = 14;

  private FrameBytes() {}

  static byte[] of(Frame frame, boolean masked) {
    byte[] payload = frame.payload();
    ByteBuffer bytes = ByteBuffer.allocate(MAX_HEADER + payload.length);
    bytes.put((byte) ((frame.fin() ? 0x80 : 0) | frame.rsv() << 4 | frame.opcode()));
    int maskBit = masked ? 0x80 : 0;
    if (payload.length < 126) {
      bytes.put((byte) (maskBit | payload.length));
    } else if (payload.length < 65_536) {
      bytes.put((byte) (maskBit | 126)).putShort((short) payload.length);
    } else {
      bytes.put((byte) (maskBit | 127)).putLong(payload.length);
    }
    if (masked) {
      bytes.put(MASK);
    }
    for (int i = 0; i < payload.length; i++) {
      bytes.put((byte) (masked ? payload[i] ^ MASK[i & 3] : payload[i]));
    }
    byte[] result = new byte[bytes.position()];
    bytes.flip().get(result);
    return result;
  }

  /** Takes the first frame away, or returns null if not all of it is there. */
  static @Nullable Frame take(ByteQueue bytes) {
    if (bytes.size() < 2) {
      return null;
    }
    int second = bytes.get(1) & 0xFF;
    boolean masked = (second & 0x80) != 0;
    int shortLength = second & 0x7F;
    int lengthBytes = shortLength == 127 ? 8 : shortLength == 126 ? 2 : 0;
    int headerBytes = 2 + lengthBytes + (masked ? 4 : 0);
    if (bytes.size() < headerBytes) {
      return null;
    }
    long length = lengthBytes == 0 ? shortLength : 0;
    for (int i = 0; i < lengthBytes; i++) {
      length = length << 8 | (bytes.get(2 + i) & 0xFF);
    }
    if (bytes.size() - headerBytes < length) {
      return null;
    }
    byte[] header = bytes.take(headerBytes);
    byte[] payload = bytes.take((int) length);
    if (masked) {
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= header[headerBytes - 4 + (i & 3)];
      }
    }
    int first = header[0] & 0xFF;
    return new Frame((first & 0x80) != 0, first >> 4 & 7, first & 0xF, masked, payload);
  }
}
