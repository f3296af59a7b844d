package dev.weir.cli.bench;

import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Counts what one event loop receives. One thread writes, any other may read: the counters whenever
 * it likes, the histogram's intervals one reader only.
 */
final class Meter {
  /** Beyond it a latency counts as this, in nanoseconds: an hour. */
  static final long MOST_NANOS = 3_600_000_000_000L;

  private static final int DIGITS = 3;

  private final AtomicLong messages = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final SingleWriterRecorder latency = new SingleWriterRecorder(MOST_NANOS, DIGITS);
  private @Nullable Histogram recycled;

  static Histogram histogram() {
    return new Histogram(MOST_NANOS, DIGITS);
  }

  void received(int size) {
    messages.setRelease(messages.getPlain() + 1);
    bytes.setRelease(bytes.getPlain() + size);
  }

  void latency(long nanos) {
    latency.recordValue(Math.min(Math.max(nanos, 0), MOST_NANOS));
  }

  long messages() {
    return messages.getAcquire();
  }

  long bytes() {
    return bytes.getAcquire();
  }

  /** Adds what has been recorded since the last call. */
  void drainLatencyInto(Histogram sum) {
    recycled = latency.getIntervalHistogram(recycled);
    sum.add(recycled);
  }
}
