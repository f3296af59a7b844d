package dev.weir.graaljs;

import java.nio.charset.CharacterCodingException;
import java.util.Arrays;

/**
 * The decoder of one TextDecoder, with what it keeps from one chunk of a stream to the next. Not
 * thread-safe.
 *
 * @see <a href="https://encoding.spec.whatwg.org/#interface-textdecoder">Encoding, TextDecoder</a>
 */
final class TextDecoding {
  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final char REPLACEMENT = '\uFFFD';

  /** What windows-1252 has for 0x80 to 0x9F; the rest are the code points of the same number. */
  private static final String WINDOWS_1252 =
      "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D"
          + "\u008F\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153"
          + "\u009D\u017E\u0178";

  private final TextEncodingLabel encoding;
  private final boolean fatal;
  private final boolean keepsByteOrderMark;

  // The stream, as far as it has come
  private byte[] incomplete = {};
  private boolean begun;

  TextDecoding(TextEncodingLabel encoding, boolean fatal, boolean keepsByteOrderMark) {
    this.encoding = encoding;
    this.fatal = fatal;
    this.keepsByteOrderMark = keepsByteOrderMark;
  }

  /**
   * Decodes the next bytes of the stream.
   *
   * @param more whether others follow, so that an incomplete character at the end is kept
   * @throws CharacterCodingException if they are malformed and that is fatal; the next bytes begin
   *     a new stream
   */
  String decode(byte[] bytes, boolean more) throws CharacterCodingException {
    byte[] input = bytes;
    if (incomplete.length > 0) {
      input = Arrays.copyOf(incomplete, incomplete.length + bytes.length);
      System.arraycopy(bytes, 0, input, incomplete.length, bytes.length);
      incomplete = new byte[0];
    }
    boolean failed = true;
    String text;
    try {
      text =
          switch (encoding) {
            case UTF_8 -> utf8(input, more);
            case UTF_16LE -> utf16(input, more, 0);
            case UTF_16BE -> utf16(input, more, 1);
            case WINDOWS_1252 -> windows1252(input);
          };
      failed = false;
    } finally {
      if (failed) {
        incomplete = new byte[0];
        begun = false;
      }
    }
    boolean first = !begun && !text.isEmpty();
    begun = more && (begun || first);
    return first && !keepsByteOrderMark && encoding.isUnicode() && text.charAt(0) == BYTE_ORDER_MARK
        ? text.substring(1)
        : text;
  }

  /**
   * The standard's UTF-8 decoder. The JDK's own takes an encoded surrogate for one malformed
   * sequence, where the standard sees three.
   */
  private String utf8(byte[] input, boolean more) throws CharacterCodingException {
    StringBuilder out = new StringBuilder(input.length);
    int at = 0;
    while (at < input.length) {
      int first = input[at];
      if (first >= 0) {
        out.append((char) first);
        at++;
        continue;
      }
      int needed = bytesOf(first & 0xFF);
      int length = 1;
      while (length < needed
          && at + length < input.length
          && continues(first & 0xFF, length, input[at + length] & 0xFF)) {
        length++;
      }
      if (needed > length && at + length == input.length && more) {
        break;
      }
      if (needed > 0 && needed == length) {
        out.appendCodePoint(codePoint(input, at, length));
      } else {
        out.append(malformed());
      }
      at += length;
    }
    incomplete = Arrays.copyOfRange(input, at, input.length);
    return out.toString();
  }

  /** How many bytes a character has that begins with this one; 0 if none does. */
  private static int bytesOf(int first) {
    if (first < 0xC2 || first > 0xF4) {
      return 0;
    }
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  }

  private static boolean continues(int first, int index, int next) {
    int low = 0x80;
    int high = 0xBF;
    if (index == 1) {
      // Neither longer than need be, nor a surrogate, nor above U+10FFFF.
      low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : low;
      high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : high;
    }
    return next >= low && next <= high;
  }

  private static int codePoint(byte[] input, int at, int length) {
    int codePoint = input[at] & (0xFF >> (length + 1));
    for (int i = 1; i < length; i++) {
      codePoint = codePoint << 6 | (input[at + i] & 0x3F);
    }
    return codePoint;
  }

  private String utf16(byte[] input, boolean more, int highFirst) throws CharacterCodingException {
    int units = input.length / 2;
    char[] out = new char[units + 1];
    int length = 0;
    int kept = input.length - units * 2;
    for (int i = 0; i < units; i++) {
      char c = unit(input, i, highFirst);
      boolean last = i == units - 1;
      if (Character.isHighSurrogate(c)
          && !last
          && Character.isLowSurrogate(unit(input, i + 1, highFirst))) {
        out[length++] = c;
        out[length++] = unit(input, ++i, highFirst);
      } else if (Character.isHighSurrogate(c) && last) {
        // Its other half may come yet, perhaps with half of that here already.
        kept += 2;
      } else {
        out[length++] = Character.isSurrogate(c) ? malformed() : c;
      }
    }
    if (kept > 0 && more) {
      incomplete = Arrays.copyOfRange(input, input.length - kept, input.length);
    } else if (kept > 0) {
      out[length++] = malformed();
    }
    return new String(out, 0, length);
  }

  private static char unit(byte[] input, int index, int highFirst) {
    int low = input[index * 2 + highFirst] & 0xFF;
    int high = input[index * 2 + 1 - highFirst] & 0xFF;
    return (char) (high << 8 | low);
  }

  private char malformed() throws CharacterCodingException {
    if (fatal) {
      throw new CharacterCodingException();
    }
    return REPLACEMENT;
  }

  private static String windows1252(byte[] input) {
    char[] out = new char[input.length];
    for (int i = 0; i < input.length; i++) {
      int c = input[i] & 0xFF;
      out[i] = c >= 0x80 && c < 0xA0 ? WINDOWS_1252.charAt(c - 0x80) : (char) c;
    }
    return new String(out);
  }
}
