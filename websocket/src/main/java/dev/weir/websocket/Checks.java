package dev.weir.websocket;

import java.time.Duration;

/** The checks that all options share. Stateless. */
final class Checks {
  private static final Duration LONGEST = Duration.ofDays(365);

  private Checks() {}

  static Duration positive(Duration duration, String what) {
    if (duration.isZero() || duration.isNegative() || duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "expected a " + what + " above 0 and at most 365 days but was " + duration);
    }
    return duration;
  }

  static int positive(int number, String what) {
    if (number <= 0) {
      throw new IllegalArgumentException("expected a positive " + what + " but was " + number);
    }
    return number;
  }
}
