package dev.weir.graaljs;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * The clock as scripts see it: {@code host.startTimer}, {@code host.stopTimer} and {@code
 * host.now}. For the context's thread alone.
 */
final class HostTimers {
  private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  private final ScriptTasks tasks;
  private final long originNanos;
  private final Map<Long, ScriptTasks.Timer> timers = new HashMap<>();
  private long started;

  HostTimers(ScriptTasks tasks) {
    this.tasks = tasks;
    this.originNanos = tasks.loop().nanoTime();
  }

  void addTo(HostFunctions host) {
    host.add("startTimer", this::start)
        .add("stopTimer", this::stop)
        .add("now", unused -> (tasks.loop().nanoTime() - originNanos) / NANOS_PER_MILLI);
  }

  /** {@code startTimer(callback, milliseconds, holds = true)}: the timer's number. */
  private Object start(Value[] arguments) {
    Value callback = arguments[0];
    long delayNanos = (long) (arguments[1].asDouble() * NANOS_PER_MILLI);
    boolean holds = arguments.length < 3 || arguments[2].asBoolean();
    long number = ++started;
    Runnable task =
        () -> {
          timers.remove(number);
          callback.executeVoid();
        };
    timers.put(number, tasks.schedule(task, Math.max(0, delayNanos), holds));
    return number;
  }

  /** {@code stopTimer(number)}: nothing if it has run. */
  private @Nullable Object stop(Value[] arguments) {
    ScriptTasks.Timer timer = timers.remove(arguments[0].asLong());
    if (timer != null) {
      timer.cancel();
    }
    return null;
  }
}
