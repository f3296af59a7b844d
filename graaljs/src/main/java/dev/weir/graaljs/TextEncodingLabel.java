package dev.weir.graaljs;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The encodings that TextDecoder knows here, with their labels. Immutable and thread-safe.
 *
 * @see <a href="https://encoding.spec.whatwg.org/#names-and-labels">Encoding, names and labels</a>
 */
enum TextEncodingLabel {
  UTF_8,
  UTF_16LE,
  UTF_16BE,
  WINDOWS_1252;

  /** The encoding that a label means, with spaces around it or in capitals; null if unknown. */
  static @Nullable TextEncodingLabel of(String label) {
    int start = 0;
    int end = label.length();
    while (start < end && isWhitespace(label.charAt(start))) {
      start++;
    }
    while (end > start && isWhitespace(label.charAt(end - 1))) {
      end--;
    }
    return switch (label.substring(start, end).toLowerCase(Locale.ROOT)) {
      case "unicode-1-1-utf-8",
          "unicode11utf8",
          "unicode20utf8",
          "utf-8",
          "utf8",
          "x-unicode20utf8" ->
          UTF_8;
      case "csunicode",
          "iso-10646-ucs-2",
          "ucs-2",
          "unicode",
          "unicodefeff",
          "utf-16",
          "utf-16le" ->
          UTF_16LE;
      case "unicodefffe", "utf-16be" -> UTF_16BE;
      case "ansi_x3.4-1968",
          "ascii",
          "cp1252",
          "cp819",
          "csisolatin1",
          "ibm819",
          "iso-8859-1",
          "iso-ir-100",
          "iso8859-1",
          "iso88591",
          "iso_8859-1",
          "iso_8859-1:1987",
          "l1",
          "latin1",
          "us-ascii",
          "windows-1252",
          "x-cp1252" ->
          WINDOWS_1252;
      default -> null;
    };
  }

  /** As scripts see it. */
  String encodingName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether it may begin with a byte order mark. */
  boolean isUnicode() {
    return this != WINDOWS_1252;
  }

  private static boolean isWhitespace(char c) {
    return c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
  }
}
