package dev.weir.websocket;

import java.time.Duration;

/** Durations as people write them. Stateless. */
final class Durations {
  private Durations() {}

  static String text(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
