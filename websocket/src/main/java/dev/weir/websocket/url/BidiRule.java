package dev.weir.websocket.url;

import java.util.List;

/**
 * The rule for domains with labels that are written from right to left (RFC 5893 §2). Stateless and
 * thread-safe.
 */
final class BidiRule {
  private BidiRule() {}

  /** Whether no label is written from right to left, or each of them keeps the rule. */
  static boolean isKept(List<String> labels) {
    return labels.stream().noneMatch(BidiRule::isRightToLeft)
        || labels.stream().allMatch(label -> label.isEmpty() || isKept(label));
  }

  private static boolean isRightToLeft(String label) {
    return label
        .codePoints()
        .map(Character::getDirectionality)
        .anyMatch(d -> isRightToLeft(d) || d == Character.DIRECTIONALITY_ARABIC_NUMBER);
  }

  private static boolean isRightToLeft(int directionality) {
    return directionality == Character.DIRECTIONALITY_RIGHT_TO_LEFT
        || directionality == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
  }

  private static boolean isKept(String label) {
    int[] directions = label.codePoints().map(Character::getDirectionality).toArray();
    if (isRightToLeft(directions[0])) {
      return isKeptRightToLeft(directions);
    }
    return directions[0] == Character.DIRECTIONALITY_LEFT_TO_RIGHT && isKeptLeftToRight(directions);
  }

  /** Conditions 2 to 4. */
  private static boolean isKeptRightToLeft(int[] directions) {
    boolean european = false;
    boolean arabic = false;
    for (int d : directions) {
      european |= d == Character.DIRECTIONALITY_EUROPEAN_NUMBER;
      arabic |= d == Character.DIRECTIONALITY_ARABIC_NUMBER;
      if (!isRightToLeft(d) && d != Character.DIRECTIONALITY_ARABIC_NUMBER && !isNeutral(d)) {
        return false;
      }
    }
    int last = lastDirection(directions);
    return !(european && arabic)
        && (isRightToLeft(last)
            || last == Character.DIRECTIONALITY_EUROPEAN_NUMBER
            || last == Character.DIRECTIONALITY_ARABIC_NUMBER);
  }

  /** Conditions 5 and 6. */
  private static boolean isKeptLeftToRight(int[] directions) {
    for (int d : directions) {
      if (d != Character.DIRECTIONALITY_LEFT_TO_RIGHT && !isNeutral(d)) {
        return false;
      }
    }
    int last = lastDirection(directions);
    return last == Character.DIRECTIONALITY_LEFT_TO_RIGHT
        || last == Character.DIRECTIONALITY_EUROPEAN_NUMBER;
  }

  /** What both kinds of labels may hold. */
  private static boolean isNeutral(int d) {
    return d == Character.DIRECTIONALITY_EUROPEAN_NUMBER
        || d == Character.DIRECTIONALITY_EUROPEAN_NUMBER_SEPARATOR
        || d == Character.DIRECTIONALITY_EUROPEAN_NUMBER_TERMINATOR
        || d == Character.DIRECTIONALITY_COMMON_NUMBER_SEPARATOR
        || d == Character.DIRECTIONALITY_OTHER_NEUTRALS
        || d == Character.DIRECTIONALITY_BOUNDARY_NEUTRAL
        || d == Character.DIRECTIONALITY_NONSPACING_MARK;
  }

  private static int lastDirection(int[] directions) {
    int last = directions.length - 1;
    while (last > 0 && directions[last] == Character.DIRECTIONALITY_NONSPACING_MARK) {
      last--;
    }
    return directions[last];
  }
}
