package dev.weir.websocket.url;

import dev.weir.streams.SyntaxError;
import java.text.Normalizer;
import java.text.Normalizer.Form;

/**
 * The mapping and validity of code points in UTS #46, non-transitional and without STD3 rules, as
 * far as the JDK's own Unicode data tells them. Stateless and thread-safe.
 *
 * <p>UTS #46 gives a table; the JDK has none. Its rows follow from properties that the JDK does
 * have: the mapping is compatibility decomposition, case folding and compatibility composition;
 * unassigned, private-use, control, format and separator characters are disallowed. The table's
 * exceptions from that stand below. So the two agree, code point by code point, for every character
 * that the JDK's version of Unicode knows; a newer one is disallowed here.
 *
 * @see <a href="https://www.unicode.org/reports/tr46/">UTS #46</a>
 */
final class IdnaMapping {
  private static final int CHEROKEE_CAPITALS = 0x13A0;
  private static final int CHEROKEE_SMALL = 0xAB70;

  private IdnaMapping() {}

  /**
   * The text with each code point mapped, then in normalization form C.
   *
   * @throws SyntaxError if a code point is disallowed
   */
  static String map(String text) {
    StringBuilder mapped = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              String mapping = mapping(c);
              if (!isAllowed(c, mapping)) {
                throw new SyntaxError(
                    String.format(
                        "expected characters that a domain may have but was U+%04X in %s",
                        c, UrlFault.quoted(text)));
              }
              mapped.append(mapping);
            });
    return Normalizer.normalize(mapped, Form.NFC);
  }

  /**
   * Whether a label may hold the code point as it is: it is mapped to itself and not disallowed.
   */
  static boolean isValid(int c) {
    String mapping = mapping(c);
    return mapping.equals(Character.toString(c)) && isAllowed(c, mapping);
  }

  private static String mapping(int c) {
    if (c < 0x80) {
      return Character.toString(Character.toLowerCase(c));
    }
    if (isIgnored(c)) {
      return "";
    }
    return switch (c) {
      // The deviation characters stay, since processing is not transitional.
      case 0x00DF, 0x03C2, 0x200C, 0x200D -> Character.toString(c);
      default -> isFullStop(c) ? "." : Normalizer.normalize(foldCase(decompose(c)), Form.NFKC);
    };
  }

  private static String decompose(int c) {
    return Normalizer.normalize(Character.toString(c), Form.NFKD);
  }

  private static String foldCase(String text) {
    StringBuilder folded = new StringBuilder();
    text.codePoints().forEach(c -> folded.appendCodePoint(foldCase(c)));
    return folded.toString();
  }

  /** Folding is lower case, but for these. */
  private static int foldCase(int c) {
    if (c == 0x0345) {
      return 0x03B9; // the combining iota subscript becomes an iota
    }
    if (c == 0x03C2) {
      return 0x03C3; // a variant of the final sigma becomes a sigma; itself it does not come here
    }
    if (c >= 0x13F8 && c <= 0x13FD) {
      return c - 8; // Cherokee folds to its capitals
    }
    if (c >= CHEROKEE_SMALL && c <= 0xABBF) {
      return c - CHEROKEE_SMALL + CHEROKEE_CAPITALS;
    }
    if (c >= CHEROKEE_CAPITALS && c <= 0x13F5) {
      return c;
    }
    if (c >= 0x1C80 && c <= 0x1C88) {
      return Character.toLowerCase(Character.toUpperCase(c)); // Cyrillic variants
    }
    return Character.toLowerCase(c);
  }

  /** The characters that are left out: those that are invisible by default. */
  private static boolean isIgnored(int c) {
    return switch (c) {
      case 0x00AD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x200B, 0x3164, 0xFEFF, 0xFFA0 -> true;
      default ->
          (c >= 0x180B && c <= 0x180F)
              || (c >= 0x2060 && c <= 0x2064)
              || (c >= 0x206A && c <= 0x206F)
              || (c >= 0xFE00 && c <= 0xFE0F)
              || (c >= 0x1BCA0 && c <= 0x1BCA3)
              || (c >= 0x1D173 && c <= 0x1D17A)
              || (c >= 0xE0100 && c <= 0xE01EF);
    };
  }

  private static boolean isAllowed(int c, String mapping) {
    // What only decomposes to a full stop ("one dot leader", "digit one full stop") is disallowed.
    if (mapping.indexOf('.') >= 0 && !isFullStop(c)) {
      return false;
    }
    return mapping.codePoints().allMatch(IdnaMapping::isAllowed);
  }

  private static boolean isFullStop(int c) {
    return c == '.' || c == 0x3002 || c == 0xFF0E || c == 0xFF61;
  }

  private static boolean isAllowed(int c) {
    // All of ASCII passes here; the host parser refuses what is forbidden in a domain.
    if (c < 0x80 || c == 0x200C || c == 0x200D) {
      return true;
    }
    // The replacement characters and the descriptions of ideographs.
    if (c == 0xFFFC || c == 0xFFFD || (c >= 0x2FF0 && c <= 0x2FFF) || c == 0x31EF) {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.CONTROL,
          Character.FORMAT,
          Character.SPACE_SEPARATOR,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
