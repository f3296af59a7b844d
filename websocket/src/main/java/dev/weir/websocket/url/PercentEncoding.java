package dev.weir.websocket.url;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * The percent-encode sets of the URL Standard: which code points of a part of a URL are written as
 * percent signs and hexadecimal digits. Immutable and thread-safe.
 *
 * @see <a href="https://url.spec.whatwg.org/#percent-encoded-bytes">URL, percent-encoded bytes</a>
 */
enum PercentEncoding {
  /** The C0 control percent-encode set. */
  CONTROL(""),
  /** The fragment percent-encode set. */
  FRAGMENT(" \"<>`"),
  /** The query percent-encode set. */
  QUERY(" \"#<>"),
  /** The special-query percent-encode set: the query set and the apostrophe. */
  SPECIAL_QUERY(" \"#<>'"),
  /** The path percent-encode set. */
  PATH(" \"#<>?^`{}"),
  /** The userinfo percent-encode set. */
  USERINFO(" \"#<>?^`{}/:;=@[\\]|");

  private static final String HEX = "0123456789ABCDEF";
  private static final String URI_MARKS = "-_.!~*'();:@&=+$,/?";

  private final String encoded;

  PercentEncoding(String encoded) {
    this.encoded = encoded;
  }

  /** Appends the code point, or its UTF-8 bytes encoded if it is in this set. */
  void append(int codePoint, StringBuilder out) {
    // Each set has the C0 control percent-encode set in it: the controls and all above "~".
    if (codePoint >= 0x20 && codePoint <= 0x7E && encoded.indexOf(codePoint) < 0) {
      out.append((char) codePoint);
      return;
    }
    for (byte b : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
      out.append('%').append(HEX.charAt((b >> 4) & 0xF)).append(HEX.charAt(b & 0xF));
    }
  }

  /** The text with its code points encoded as far as they are in this set. */
  String encode(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(c -> append(c, out));
    return out.toString();
  }

  /** The text's UTF-8 bytes, with each percent sign and two hexadecimal digits as one byte. */
  static byte[] decode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '%' && i + 2 < bytes.length && isHex(bytes[i + 1]) && isHex(bytes[i + 2])) {
        decoded.write(Character.digit(bytes[i + 1], 16) << 4 | Character.digit(bytes[i + 2], 16));
        i += 2;
      } else {
        decoded.write(bytes[i]);
      }
    }
    return decoded.toByteArray();
  }

  /** The ASCII text with what {@link java.net.URI} would refuse (RFC 2396 §2) encoded. */
  static String forJavaUri(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean escape =
          c == '%'
              && i + 2 < text.length()
              && isHex((byte) text.charAt(i + 1))
              && isHex((byte) text.charAt(i + 2));
      boolean alphanumeric = c < 0x80 && Character.isLetterOrDigit(c);
      if (escape || alphanumeric || URI_MARKS.indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append('%').append(HEX.charAt((c >> 4) & 0xF)).append(HEX.charAt(c & 0xF));
      }
    }
    return out.toString();
  }

  private static boolean isHex(byte b) {
    return b > 0 && Character.digit(b, 16) >= 0;
  }
}
