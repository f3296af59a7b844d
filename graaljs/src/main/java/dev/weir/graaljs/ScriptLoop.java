package dev.weir.graaljs;

import dev.weir.websocket.spi.EventLoop;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An event loop with a daemon thread of its own: the one thread of a JavaScript context.
 * Thread-safe.
 *
 * <p>Tasks run in the order given, timers in the order of their times and, for one time, in the
 * order made. A timer that is due runs after the tasks that came before it was found to be due.
 */
public final class ScriptLoop implements EventLoop, AutoCloseable {
  private static final AtomicLong STARTED = new AtomicLong();

  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();

  // guarded by lock
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final PriorityQueue<Pending> timers =
      new PriorityQueue<>(
          Comparator.<Pending>comparingLong(timer -> timer.dueNanos - ORIGIN)
              .thenComparingLong(timer -> timer.number));
  private long timersMade;
  private boolean closed;

  private static final long ORIGIN = System.nanoTime();

  private ScriptLoop() {
    this.thread = new Thread(this::run, "weir-script-" + STARTED.incrementAndGet());
    thread.setDaemon(true);
  }

  /** A loop whose thread runs. */
  public static ScriptLoop start() {
    var loop = new ScriptLoop();
    loop.thread.start();
    return loop;
  }

  /**
   * Runs the task on the loop's thread.
   *
   * @throws RejectedExecutionException if the loop is closed
   */
  @Override
  public void execute(Runnable task) {
    Objects.requireNonNull(task, "task");
    lock.lock();
    try {
      if (closed) {
        throw new RejectedExecutionException("expected an open loop but it is closed");
      }
      tasks.add(task);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean inEventLoop() {
    return Thread.currentThread() == thread;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  /**
   * Runs the task later; never, if the loop is closed before that.
   *
   * @throws IllegalArgumentException if the delay is negative
   */
  @Override
  public Timer schedule(Runnable task, long delayNanos) {
    Objects.requireNonNull(task, "task");
    if (delayNanos < 0) {
      throw new IllegalArgumentException(
          "expected a delay of 0 ns or more but was " + delayNanos + " ns");
    }
    lock.lock();
    try {
      var timer = new Pending(task, nanoTime() + delayNanos, timersMade++);
      if (!closed) {
        timers.add(timer);
        changed.signal();
      }
      return timer;
    } finally {
      lock.unlock();
    }
  }

  /** Ends the thread after the task that runs; tasks and timers that wait are dropped. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      tasks.clear();
      timers.clear();
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    for (Runnable task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (Throwable failure) {
        Thread.UncaughtExceptionHandler handler = thread.getUncaughtExceptionHandler();
        handler.uncaughtException(thread, failure);
      }
    }
  }

  /** Waits for the next task; null when the loop is closed. */
  private @Nullable Runnable next() {
    lock.lock();
    try {
      while (!closed) {
        long wait = moveDueTimers();
        Runnable task = tasks.poll();
        if (task != null) {
          return task;
        }
        try {
          if (wait == Long.MAX_VALUE) {
            changed.await();
          } else {
            var unused = changed.awaitNanos(wait);
          }
        } catch (InterruptedException e) {
          // Whoever wants this thread to end closes the loop; this was meant for a task that is
          // over.
          var unused = Thread.interrupted();
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Nanoseconds until the next timer is due, once those that are have become tasks. */
  private long moveDueTimers() {
    long now = nanoTime();
    for (Pending first = timers.peek(); first != null; first = timers.peek()) {
      if (first.dueNanos - now > 0) {
        return first.dueNanos - now;
      }
      timers.remove();
      tasks.add(first);
    }
    return Long.MAX_VALUE;
  }

  private final class Pending implements Timer, Runnable {
    private final Runnable task;
    private final long dueNanos;
    private final long number;
    private volatile boolean cancelled;

    Pending(Runnable task, long dueNanos, long number) {
      this.task = task;
      this.dueNanos = dueNanos;
      this.number = number;
    }

    @Override
    public void run() {
      if (!cancelled) {
        task.run();
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
      lock.lock();
      try {
        timers.remove(this);
      } finally {
        lock.unlock();
      }
    }
  }
}
