package dev.weir.testkit;

import dev.weir.websocket.spi.EventLoop.Timer;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A clock that stands until it is moved, and the timers that wait for it. Thread-safe. */
final class TimerQueue {
  private final ReentrantLock lock = new ReentrantLock();

  // guarded by lock
  private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
  private long elapsedNanos;
  private long made;

  /** How far the clock has been moved. */
  long elapsedNanos() {
    lock.lock();
    try {
      return elapsedNanos;
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  Timer add(Runnable task, long delayNanos) {
    lock.lock();
    try {
      long room = Long.MAX_VALUE - elapsedNanos;
      Waiting timer = new Waiting(task, elapsedNanos + Math.min(delayNanos, room), made++);
      waiting.add(timer);
      return timer;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Moves the clock to the next timer and takes it, or to the end if there is none before it.
   *
   * @return the timer's task, or null at the end
   */
  @Nullable Runnable moveOn(long endNanos) {
    lock.lock();
    try {
      Waiting timer = waiting.peek();
      if (timer == null || timer.due > endNanos) {
        elapsedNanos = endNanos;
        return null;
      }
      waiting.remove();
      elapsedNanos = Math.max(elapsedNanos, timer.due);
      return timer.task;
    } finally {
      lock.unlock();
    }
  }

  /** How many timers wait, and for how long yet. */
  @Override
  public String toString() {
    lock.lock();
    try {
      Waiting next = waiting.peek();
      String count = waiting.size() + " timers";
      return next == null
          ? count
          : count + " of which the next is due in " + Duration.ofNanos(next.due - elapsedNanos);
    } finally {
      lock.unlock();
    }
  }

  private final class Waiting implements Timer, Comparable<Waiting> {
    private final Runnable task;
    private final long due;
    private final long order;

    Waiting(Runnable task, long due, long order) {
      this.task = task;
      this.due = due;
      this.order = order;
    }

    @Override
    public void cancel() {
      lock.lock();
      try {
        waiting.remove(this);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public int compareTo(Waiting other) {
      int byTime = Long.compare(due, other.due);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }
}
