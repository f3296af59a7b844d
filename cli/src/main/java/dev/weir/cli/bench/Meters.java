package dev.weir.cli.bench;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.HdrHistogram.Histogram;

/** The meters of all event loops, one for each. Thread-safe; intervals are for one reader. */
final class Meters {
  private final ConcurrentMap<Thread, Meter> meters = new ConcurrentHashMap<>();

  /** The meter of the thread that calls, on which alone it may be written. */
  Meter ofThread() {
    return meters.computeIfAbsent(Thread.currentThread(), thread -> new Meter());
  }

  long messages() {
    return meters.values().stream().mapToLong(Meter::messages).sum();
  }

  long bytes() {
    return meters.values().stream().mapToLong(Meter::bytes).sum();
  }

  /** The latencies recorded since the last call. */
  Histogram latencyInterval() {
    Histogram sum = Meter.histogram();
    meters.values().forEach(meter -> meter.drainLatencyInto(sum));
    return sum;
  }
}
