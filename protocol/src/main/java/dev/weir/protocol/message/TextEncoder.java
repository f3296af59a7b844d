package dev.weir.protocol.message;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Turns strings into UTF-8 with U+FFFD for each lone surrogate, where the JDK's own conversion
 * would put a question mark (S11). Only pure functions; thread-safe.
 */
public final class TextEncoder {
  private static final int REPLACEMENT = 0xfffd;
  private static final int MAX_BYTES = Integer.MAX_VALUE - Long.BYTES;

  private TextEncoder() {}

  /**
   * How many bytes the text takes.
   *
   * @throws IllegalArgumentException if they are more than an array can hold
   */
  public static int encodedLength(String text) {
    int chars = text.length();
    if (isAscii(text)) {
      return chars;
    }
    long bytes = chars;
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        // A surrogate of a pair stands for two of its four bytes, a lone one for three.
        bytes += c < 0x800 || isPaired(text, i, c) ? 1 : 2;
      }
    }
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "text is " + bytes + " bytes of UTF-8, the limit is " + MAX_BYTES);
    }
    return (int) bytes;
  }

  /** Whether each char is one byte. There is no branch in the loop, so that it is a fast one. */
  private static boolean isAscii(String text) {
    int bits = 0;
    for (int i = 0, chars = text.length(); i < chars; i++) {
      bits |= text.charAt(i);
    }
    return bits < 0x80;
  }

  /**
   * Puts the bytes of the text at the buffer's position, in one step if all are ASCII.
   *
   * @param length the {@link #encodedLength} of the text
   * @param scratch what may be written over, at least as long as the text
   */
  public static void encode(String text, int length, byte[] scratch, ByteBuffer to) {
    // Only ASCII has as many bytes as chars.
    if (length == text.length()) {
      putAscii(text, scratch);
      to.put(scratch, 0, length);
    } else {
      encode(text, to);
    }
  }

  @SuppressWarnings("deprecation") // What it does to other chars is no matter here.
  private static void putAscii(String text, byte[] to) {
    text.getBytes(0, text.length(), to, 0);
  }

  /** Puts the {@link #encodedLength} bytes of the text at the buffer's position. */
  public static void encode(String text, ByteBuffer to) {
    int chars = text.length();
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        to.put((byte) c);
      } else if (Character.isHighSurrogate(c) && isPaired(text, i, c)) {
        i++;
        putCodePoint(Character.toCodePoint(c, text.charAt(i)), to);
      } else {
        putCodePoint(Character.isSurrogate(c) ? REPLACEMENT : c, to);
      }
    }
  }

  /** The bytes of the text in an array of their own. */
  public static byte[] encode(String text) {
    int length = encodedLength(text);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length != length) {
      // The JDK puts one byte for a lone surrogate instead of three.
      bytes = new byte[length];
      encode(text, ByteBuffer.wrap(bytes));
    }
    return bytes;
  }

  private static boolean isPaired(String text, int at, char c) {
    return Character.isHighSurrogate(c)
        ? at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1))
        : Character.isLowSurrogate(c) && at > 0 && Character.isHighSurrogate(text.charAt(at - 1));
  }

  private static void putCodePoint(int c, ByteBuffer to) {
    if (c < 0x800) {
      to.put((byte) (0xc0 | c >> 6));
    } else {
      if (c < 0x1_0000) {
        to.put((byte) (0xe0 | c >> 12));
      } else {
        to.put((byte) (0xf0 | c >> 18));
        to.put((byte) (0x80 | (c >> 12 & 0x3f)));
      }
      to.put((byte) (0x80 | (c >> 6 & 0x3f)));
    }
    to.put((byte) (0x80 | (c & 0x3f)));
  }
}
