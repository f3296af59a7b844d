package dev.weir.cli;

import dev.weir.protocol.handshake.Headers;
import java.util.HexFormat;
import java.util.List;

/** Makes what a peer sent safe to show on a terminal. Stateless. */
final class Shown {
  private static final int HEX_BYTES = 32;
  private static final List<String> SECRET_HEADERS =
      List.of("Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "Set-Cookie2");

  private Shown() {}

  /**
   * Text with every character that a terminal could obey written out: control characters as {@code
   * \x1b}, those that reorder or hide text as {@code \u202e}. Line ends and tabs stay.
   */
  static String text(String raw) {
    StringBuilder out = null;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      boolean lineEnd =
          c == '\n' || (c == '\r' && i + 1 < raw.length() && raw.charAt(i + 1) == '\n');
      if (lineEnd || c == '\t' || !isDangerous(c)) {
        if (out != null) {
          out.append(c);
        }
        continue;
      }
      if (out == null) {
        out = new StringBuilder(raw.length() + 16).append(raw, 0, i);
      }
      out.append(c < 0x100 ? "\\x%02x".formatted((int) c) : "\\u%04x".formatted((int) c));
    }
    return out == null ? raw : out.toString();
  }

  /** As {@link #text}, on one line. */
  static String line(String raw) {
    return text(raw).replace("\r", "\\x0d").replace("\n", "\\x0a").replace("\t", "\\x09");
  }

  /** A header field on one line; the value of one that carries credentials is not shown. */
  static String field(Headers.Field field) {
    boolean secret = SECRET_HEADERS.stream().anyMatch(field::is);
    return field.name()
        + ": "
        + (secret ? "[" + field.value().length() + " characters, not shown]" : line(field.value()));
  }

  private static boolean isDangerous(char c) {
    return Character.isISOControl(c)
        || (c >= 0x200e && c <= 0x200f)
        || (c >= 0x2028 && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0x061c
        || c == 0xfeff;
  }

  /** The number of bytes and the first of them: "3 bytes: 01 02 03". */
  static String bytes(byte[] bytes) {
    return bytes(bytes, bytes.length);
  }

  /** As {@link #bytes(byte[])} for the beginning of something longer. */
  static String bytes(byte[] beginning, long length) {
    if (length == 0) {
      return "0 bytes";
    }
    int shown = Math.min(HEX_BYTES, beginning.length);
    return (length == 1 ? "1 byte: " : length + " bytes: ")
        + HexFormat.ofDelimiter(" ").formatHex(beginning, 0, shown)
        + (shown < length ? " …" : "");
  }
}
