package dev.weir.cli.bench;

import org.HdrHistogram.Histogram;

/**
 * What was measured in about a second. Immutable.
 *
 * @param end when it ended, in seconds since measuring began
 * @param seconds how long it was
 * @param messages received in that time
 * @param bytes of payload received in that time
 * @param p50 the median latency in nanoseconds; this and the others are 0 where none was measured
 */
public record Sample(
    double end, double seconds, long messages, long bytes, long p50, long p99, long max) {

  static Sample of(double end, double seconds, long messages, long bytes, Histogram latency) {
    boolean none = latency.getTotalCount() == 0;
    return new Sample(
        end,
        seconds,
        messages,
        bytes,
        none ? 0 : latency.getValueAtPercentile(50),
        none ? 0 : latency.getValueAtPercentile(99),
        none ? 0 : latency.getMaxValue());
  }

  /** Messages per second. */
  public double messageRate() {
    return messages / seconds;
  }

  /** Bytes of payload per second. */
  public double byteRate() {
    return bytes / seconds;
  }
}
