package dev.weir.cli.bench;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a run has measured. Immutable, as long as nobody writes into the histograms.
 *
 * @param opened how many connections opened
 * @param openingSeconds how long opening all of them took
 * @param opening how long each opening took, in nanoseconds
 * @param seconds how long was measured, 0 if it did not come to that
 * @param messages received while it was measured: in an echo run only the right ones
 * @param bytes of payload of those
 * @param latency from sending, or the time at which it was due, to the echo, in nanoseconds
 * @param samples about one for each second
 * @param weir what this process used
 * @param server what the server used, or null if its process is not known
 * @param errors how often each kind was seen over the whole run
 * @param closeCodes how many connections were closed with each code
 * @param notOpened why the first connection that did not open did not, or null
 * @param interrupted whether it was ended from outside
 */
public record Results(
    Load load,
    int opened,
    double openingSeconds,
    Histogram opening,
    double seconds,
    long messages,
    long bytes,
    Histogram latency,
    List<Sample> samples,
    Usage weir,
    @Nullable Usage server,
    Map<String, Long> errors,
    Map<Integer, Long> closeCodes,
    @Nullable Throwable notOpened,
    boolean interrupted) {

  /**
   * What one process used; what is not known is empty.
   *
   * @param cpuNanos processor time while it was measured
   * @param heapGrowth live bytes of heap with all connections open, less those before
   * @param residentGrowth resident bytes with all connections open, less those before
   */
  public record Usage(OptionalLong cpuNanos, OptionalLong heapGrowth, OptionalLong residentGrowth) {
    static final Usage UNKNOWN =
        new Usage(OptionalLong.empty(), OptionalLong.empty(), OptionalLong.empty());
  }

  /** The percentiles that the reports name. */
  public static final List<Double> PERCENTILES = List.of(50.0, 90.0, 99.0, 99.9, 99.99);

  /** Messages per second. */
  public double messageRate() {
    return seconds > 0 ? messages / seconds : 0;
  }

  /** Bytes of payload per second, in each direction. */
  public double byteRate() {
    return seconds > 0 ? bytes / seconds : 0;
  }

  /** Processor time of a process per message, in nanoseconds. */
  public OptionalDouble cpuPerMessage(Usage usage) {
    return usage.cpuNanos().isPresent() && messages > 0
        ? OptionalDouble.of((double) usage.cpuNanos().getAsLong() / messages)
        : OptionalDouble.empty();
  }

  /** How many processors a process kept busy. */
  public OptionalDouble cores(Usage usage) {
    return usage.cpuNanos().isPresent() && seconds > 0
        ? OptionalDouble.of(usage.cpuNanos().getAsLong() / 1e9 / seconds)
        : OptionalDouble.empty();
  }

  /** A growth of memory shared out over the connections, in bytes. */
  public OptionalDouble perConnection(OptionalLong growth) {
    return growth.isPresent() && opened > 0
        ? OptionalDouble.of((double) growth.getAsLong() / opened)
        : OptionalDouble.empty();
  }

  /** Whether an echo was not what was sent. */
  public boolean hasWrongEchoes() {
    return errors.containsKey(Mishaps.WRONG_ECHO)
        || errors.containsKey(Mishaps.OUT_OF_ORDER)
        || errors.containsKey(Mishaps.UNASKED);
  }
}
