package dev.weir.benchmarks.peers.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What goes over the wire to a server under test. Stateless. */
final class Framing {
  private static final byte[] KEY = {0x37, (byte) 0xfa, 0x21, 0x3d};
  private static final int TEXT = 0x81;
  private static final int BINARY = 0x82;
  private static final int MASKED = 0x80;

  private Framing() {}

  /**
   * The opening handshake.
   *
   * @param extensions that are offered, or an empty string
   */
  static String request(int port, String extensions) {
    return "GET / HTTP/1.1\r\nHost: 127.0.0.1:"
        + port
        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        + (extensions.isEmpty() ? "" : "Sec-WebSocket-Extensions: " + extensions + "\r\n")
        + "\r\n";
  }

  /** A payload that is ASCII, so that it serves for both kinds of message. */
  static byte[] payload(int size) {
    return "0123456789abcdef"
        .repeat(size / 16 + 1)
        .substring(0, size)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** Masked frames, one after the other, all alike. */
  static ByteBuffer clientFrames(boolean text, int size, int count) {
    byte[] payload = payload(size);
    byte[] header = header(text, size, MASKED);
    var frames = ByteBuffer.allocateDirect(count * (header.length + KEY.length + size));
    for (int i = 0; i < size; i++) {
      payload[i] ^= KEY[i & 3];
    }
    for (int i = 0; i < count; i++) {
      frames.put(header).put(KEY).put(payload);
    }
    return frames.flip();
  }

  /** Unmasked frames, one after the other, all alike. */
  static ByteBuffer serverFrames(boolean text, int size, int count) {
    byte[] payload = payload(size);
    byte[] header = header(text, size, 0);
    var frames = ByteBuffer.allocateDirect(count * (header.length + size));
    for (int i = 0; i < count; i++) {
      frames.put(header).put(payload);
    }
    return frames.flip();
  }

  private static byte[] header(boolean text, int size, int mask) {
    var header = ByteBuffer.allocate(10).put((byte) (text ? TEXT : BINARY));
    if (size < 126) {
      header.put((byte) (mask | size));
    } else if (size < 0x1_0000) {
      header.put((byte) (mask | 126)).putShort((short) size);
    } else {
      header.put((byte) (mask | 127)).putLong(size);
    }
    byte[] bytes = new byte[header.position()];
    header.get(0, bytes);
    return bytes;
  }
}
