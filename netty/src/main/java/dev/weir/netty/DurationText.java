package dev.weir.netty;

import java.time.Duration;

/** Writes durations for messages: "10 s", "250 ms". Thread-safe. */
final class DurationText {
  private DurationText() {}

  static String of(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
