package dev.weir.websocket.url;

import java.lang.Character.UnicodeScript;
import java.util.Set;

/**
 * Where a label may hold the zero-width joiner and non-joiner (RFC 5892 appendix A.1 and A.2).
 * Stateless and thread-safe.
 *
 * <p>The JDK tells neither combining classes nor joining types. The viramas are listed here; the
 * non-joiner is also taken between letters of a cursive script where the first is not one of the
 * Arabic letters that join to the right only.
 */
final class JoinerRule {
  private static final int NON_JOINER = 0x200C;
  private static final int JOINER = 0x200D;

  private static final Set<Integer> VIRAMAS =
      Set.of(
          0x094D, 0x09CD, 0x0A4D, 0x0ACD, 0x0B4D, 0x0BCD, 0x0C4D, 0x0CCD, 0x0D3B, 0x0D3C, 0x0D4D,
          0x0DCA, 0x0E3A, 0x0EBA, 0x0F84, 0x1039, 0x103A, 0x1714, 0x1715, 0x1734, 0x17D2, 0x1A60,
          0x1B44, 0x1BAA, 0x1BAB, 0x1BF2, 0x1BF3, 0x2D7F, 0xA806, 0xA82C, 0xA8C4, 0xA953, 0xA9C0,
          0xAAF6, 0xABED, 0x10A3F, 0x11046, 0x11070, 0x1107F, 0x110B9, 0x11133, 0x11134, 0x111C0,
          0x11235, 0x112EA, 0x1134D, 0x11442, 0x114C2, 0x115BF, 0x1163F, 0x116B6, 0x1172B, 0x11839,
          0x1193D, 0x1193E, 0x119E0, 0x11A34, 0x11A47, 0x11A99, 0x11C3F, 0x11D44, 0x11D45, 0x11D97);

  private static final Set<UnicodeScript> CURSIVE =
      Set.of(
          UnicodeScript.ADLAM,
          UnicodeScript.ARABIC,
          UnicodeScript.HANIFI_ROHINGYA,
          UnicodeScript.MANDAIC,
          UnicodeScript.MANICHAEAN,
          UnicodeScript.MONGOLIAN,
          UnicodeScript.NKO,
          UnicodeScript.PHAGS_PA,
          UnicodeScript.PSALTER_PAHLAVI,
          UnicodeScript.SOGDIAN,
          UnicodeScript.SYRIAC);

  private JoinerRule() {}

  /** Whether each joiner and non-joiner of the label stands where it may. */
  static boolean isKept(String label) {
    int[] input = label.codePoints().toArray();
    for (int i = 0; i < input.length; i++) {
      boolean afterVirama = i > 0 && VIRAMAS.contains(input[i - 1]);
      if (input[i] == JOINER && !afterVirama) {
        return false;
      }
      if (input[i] == NON_JOINER && !afterVirama && !isBetweenCursive(input, i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBetweenCursive(int[] input, int index) {
    int before = index - 1;
    while (before >= 0 && isTransparent(input[before])) {
      before--;
    }
    int after = index + 1;
    while (after < input.length && isTransparent(input[after])) {
      after++;
    }
    return before >= 0
        && after < input.length
        && isCursiveLetter(input[before])
        && !joinsRightOnly(input[before])
        && isCursiveLetter(input[after]);
  }

  private static boolean isTransparent(int c) {
    return Character.getType(c) == Character.NON_SPACING_MARK;
  }

  private static boolean isCursiveLetter(int c) {
    return Character.isLetter(c) && CURSIVE.contains(UnicodeScript.of(c)) && c != 0x0621;
  }

  private static boolean joinsRightOnly(int c) {
    return (c >= 0x0622 && c <= 0x0625)
        || c == 0x0627
        || c == 0x0629
        || (c >= 0x062F && c <= 0x0632)
        || c == 0x0648
        || (c >= 0x0671 && c <= 0x0677)
        || (c >= 0x0688 && c <= 0x0699)
        || c == 0x06C0
        || (c >= 0x06C3 && c <= 0x06CB)
        || c == 0x06CD
        || c == 0x06CF
        || (c >= 0x06D2 && c <= 0x06D5)
        || c == 0x06EE
        || c == 0x06EF;
  }
}
