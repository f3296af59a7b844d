package dev.weir.graaljs;

import dev.weir.websocket.spi.EventLoop;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one context, each run by itself on the context's loop, and the count of what may yet
 * bring a task. Thread-safe.
 *
 * <p>GraalJS runs the promise reactions when the outermost call into the context returns, so those
 * of one task run before the next task.
 */
final class ScriptTasks {
  private final EventLoop loop;
  private final Consumer<Throwable> failed;
  private final Runnable rejected;
  private final Runnable idle;

  /** Tasks that wait or run, timers, connections. */
  private final AtomicLong pending = new AtomicLong();

  private final Set<Timer> timers = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  /**
   * Makes an empty queue.
   *
   * @param failed is given what a task throws
   * @param rejected is run on any thread when the loop takes no task any more
   * @param idle is run on the loop after a task when nothing is pending
   */
  ScriptTasks(EventLoop loop, Consumer<Throwable> failed, Runnable rejected, Runnable idle) {
    this.loop = loop;
    this.failed = failed;
    this.rejected = rejected;
    this.idle = idle;
  }

  EventLoop loop() {
    return loop;
  }

  boolean isIdle() {
    return pending.get() == 0;
  }

  /** Runs the task after those that were posted before it. Any thread. */
  void post(Runnable task) {
    Hold hold = hold();
    try {
      loop.execute(() -> run(task, hold));
    } catch (RejectedExecutionException e) {
      hold.release();
      rejected.run();
    }
  }

  /** Runs the task when the time has come. A timer that holds keeps the queue from being idle. */
  Timer schedule(Runnable task, long delayNanos, boolean holds) {
    var timer = new Timer(holds ? hold() : new Hold(true));
    timers.add(timer);
    timer.waiting =
        loop.schedule(
            () -> {
              timers.remove(timer);
              run(task, timer.hold);
            },
            delayNanos);
    if (closed) {
      // It may have come too late to be among those that close() cancels.
      timer.cancel();
    }
    return timer;
  }

  /** Keeps the queue from being idle until it is released: a connection that is open, say. */
  Hold hold() {
    pending.incrementAndGet();
    return new Hold(false);
  }

  boolean isClosed() {
    return closed;
  }

  /** Drops what waits; what is posted later is not run. Any thread. */
  void close() {
    closed = true;
    timers.forEach(Timer::cancel);
  }

  /** To be told of what was thrown inside a task and went no further. */
  void failed(Throwable failure) {
    failed.accept(failure);
  }

  private void run(Runnable task, Hold hold) {
    if (!closed) {
      try {
        task.run();
      } catch (Throwable e) {
        failed.accept(e);
      }
    }
    hold.release();
    if (isIdle()) {
      idle.run();
    }
  }

  /** One reason not to be idle. Thread-safe. */
  final class Hold {
    private final AtomicBoolean released;

    private Hold(boolean released) {
      this.released = new AtomicBoolean(released);
    }

    /** To be called inside a task, or by whoever looks at idleness afterwards. */
    void release() {
      if (released.compareAndSet(false, true)) {
        pending.decrementAndGet();
      }
    }
  }

  /** A task that waits for its time. Thread-safe. */
  final class Timer {
    private final Hold hold;
    private volatile EventLoop.@Nullable Timer waiting;

    private Timer(Hold hold) {
      this.hold = hold;
    }

    void cancel() {
      timers.remove(this);
      EventLoop.Timer begun = waiting;
      if (begun != null) {
        begun.cancel();
      }
      hold.release();
    }
  }
}
