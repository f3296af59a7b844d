package dev.weir.websocket.spi;

import java.util.concurrent.Executor;

/**
 * The one thread that a connection belongs to: runs tasks in the order given and keeps the time.
 * Thread-safe; {@link #execute} may be called from any thread and never runs the task inline. Two
 * objects that stand for the same thread are equal.
 */
public interface EventLoop extends Executor {
  /** Whether the calling thread is this loop's. */
  boolean inEventLoop();

  /** Monotonic time in nanoseconds, with an arbitrary origin. */
  long nanoTime();

  /**
   * Runs the task on this loop once, not before the delay has passed.
   *
   * @param delayNanos nanoseconds, 0 or more
   */
  Timer schedule(Runnable task, long delayNanos);

  /** A task that waits for its time. Thread-safe. */
  interface Timer {
    /** Keeps the task from running if it has not begun. */
    void cancel();
  }
}
