package dev.weir.benchmarks.peers.load;

import java.io.PrintStream;
import java.util.Locale;

/** Says what a run is at, with the time since its start. Not thread-safe. */
final class Progress {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final PrintStream to;
  private final long begun = System.nanoTime();

  Progress(PrintStream to) {
    this.to = to;
  }

  void say(String what) {
    long seconds = (System.nanoTime() - begun) / NANOS_PER_SECOND;
    to.println(String.format(Locale.ROOT, "%2d:%02d  %s", seconds / 60, seconds % 60, what));
  }
}
