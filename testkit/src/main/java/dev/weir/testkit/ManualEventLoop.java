package dev.weir.testkit;

import dev.weir.websocket.spi.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An event loop and a clock that stand still until a test moves them. Thread-safe: tasks come from
 * any thread, and one thread at a time, usually the test's own, drives the loop.
 *
 * <pre>{@code
 * ManualEventLoop loop = new ManualEventLoop();
 * loop.schedule(() -> events.add("late"), Duration.ofSeconds(10).toNanos());
 * loop.advance(Duration.ofSeconds(9)); // nothing
 * loop.advance(Duration.ofSeconds(1)); // "late"
 * loop.assertIdle();
 * }</pre>
 *
 * <p>A task that throws makes the method that drove the loop throw the same; the tasks behind it
 * stay queued.
 */
public final class ManualEventLoop implements EventLoop {
  /** How long a driving method waits in real time for other threads, unless told otherwise. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(10);

  // Close to the largest long, so that code which compares times without regard to overflow fails
  // after a second.
  private static final long ORIGIN = Long.MAX_VALUE - 1_000_000_000L;

  private final Duration patience;

  private final TimerQueue timers = new TimerQueue();

  private final ReentrantLock lock = new ReentrantLock();

  // guarded by lock
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private @Nullable Thread driver;

  /** The thread that is inside a task now. */
  private volatile @Nullable Thread running;

  /** Makes a loop that has {@link #DEFAULT_PATIENCE} with other threads. */
  public ManualEventLoop() {
    this(DEFAULT_PATIENCE);
  }

  /**
   * Makes a loop.
   *
   * @param patience how long, in real time, {@link #runUntil} and its like wait for other threads
   *     before they fail
   */
  public ManualEventLoop(Duration patience) {
    this.patience = Objects.requireNonNull(patience, "patience");
  }

  @Override
  public void execute(Runnable task) {
    Objects.requireNonNull(task, "task");
    lock.lock();
    try {
      tasks.add(task);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether the calling thread is inside a task of this loop. */
  @Override
  public boolean inEventLoop() {
    return running == Thread.currentThread();
  }

  @Override
  public long nanoTime() {
    return ORIGIN + timers.elapsedNanos();
  }

  @Override
  public Timer schedule(Runnable task, long delayNanos) {
    Objects.requireNonNull(task, "task");
    if (delayNanos < 0) {
      throw new IllegalArgumentException(
          "expected a delay of 0 ns or more but was " + delayNanos + " ns");
    }
    return timers.add(task, delayNanos);
  }

  /** How far the clock has been moved since this loop was made. */
  public Duration elapsed() {
    return Duration.ofNanos(timers.elapsedNanos());
  }

  /** How many tasks wait to be run. */
  public int pendingTasks() {
    lock.lock();
    try {
      return tasks.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many timers wait for their time. */
  public int pendingTimers() {
    return timers.size();
  }

  /** Runs tasks until none is left, those included that they add. The clock stands. */
  public void runPending() {
    drive(
        () -> {
          drain();
          return true;
        });
  }

  /**
   * Moves the clock. Timers run in the order of their times, each at its exact time, each followed
   * by the tasks that it adds.
   */
  public void advance(Duration time) {
    long nanos = time.toNanos();
    if (nanos < 0) {
      throw new IllegalArgumentException("expected a duration of 0 or more but was " + time);
    }
    drive(
        () -> {
          drain();
          long end = Math.addExact(timers.elapsedNanos(), nanos);
          for (Runnable due = timers.moveOn(end); due != null; due = timers.moveOn(end)) {
            run(due);
            drain();
          }
          return true;
        });
  }

  /**
   * Runs tasks, and waits for those that other threads add, until the condition holds. The clock
   * stands.
   *
   * @param condition asked after each task, on the calling thread
   * @throws AssertionError if it does not hold once the real-time patience is at its end
   */
  public void runUntil(BooleanSupplier condition) {
    if (!runWhilePatient(condition)) {
      throw new AssertionError("expected the condition to hold but it did not" + impatience());
    }
  }

  /**
   * Runs tasks, and waits for those that other threads add, until the future is done. The clock
   * stands.
   *
   * @return the future's value
   * @throws AssertionError if it is not done once the real-time patience is at its end. If the
   *     future failed, its own exception is thrown, of whatever type, never wrapped.
   */
  public <T> T runUntil(CompletableFuture<T> future) {
    settle(future);
    Throwable failure = failureOf(future);
    if (failure != null) {
      throw Raw.<RuntimeException>thrown(failure);
    }
    return future.join();
  }

  /**
   * Like {@link #runUntil(CompletableFuture)} for a future that has to fail.
   *
   * @return the future's exception, never wrapped
   * @throws AssertionError if it succeeds, or is not done once the real-time patience is at its end
   */
  public Throwable runUntilFailed(CompletableFuture<?> future) {
    settle(future);
    Throwable failure = failureOf(future);
    if (failure == null) {
      throw new AssertionError("expected the future to fail but its value is " + future.join());
    }
    return failure;
  }

  /**
   * Runs blocking code on a virtual thread while the calling thread drives the loop.
   *
   * @return what the code returned
   * @throws AssertionError if it is not done once the real-time patience is at its end; the virtual
   *     thread is then interrupted. If the code threw, the same exception, never wrapped.
   */
  public <T> T call(Callable<T> blocking) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread = start(blocking, result);
    try {
      return runUntil(result);
    } finally {
      thread.interrupt();
    }
  }

  /** Like {@link #call} for code without a result. */
  public void run(Blocking blocking) {
    call(
        () -> {
          blocking.run();
          return Boolean.TRUE;
        });
  }

  /**
   * Starts blocking code on a virtual thread, for tests in which it has to block while more
   * happens.
   *
   * @param result completed with what the code returns or throws
   * @return the thread
   */
  public <T> Thread start(Callable<T> blocking, CompletableFuture<T> result) {
    return Thread.startVirtualThread(
        () -> {
          try {
            result.complete(blocking.call());
          } catch (Throwable thrown) {
            result.completeExceptionally(thrown);
          }
        });
  }

  /**
   * Runs what is pending and checks that nothing is left over: the check at the end of a test.
   *
   * @throws AssertionError if a timer still waits
   */
  public void assertIdle() {
    runPending();
    if (pendingTasks() > 0 || pendingTimers() > 0) {
      throw new AssertionError("expected nothing left over but was " + pending());
    }
  }

  /** Asked of the future's own reactions, since {@code get} wraps what it throws. */
  private static @Nullable Throwable failureOf(CompletableFuture<?> settled) {
    Throwable failure = settled.handle((value, thrown) -> thrown).join();
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private void settle(CompletableFuture<?> future) {
    future.whenComplete((value, failure) -> wake());
    if (!runWhilePatient(future::isDone)) {
      throw new AssertionError("expected the future to be done but it was not" + impatience());
    }
  }

  /** Like {@link #runUntil(BooleanSupplier)}, but returns whether the condition holds. */
  boolean runWhilePatient(BooleanSupplier condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    return drive(
        () -> {
          while (!condition.getAsBoolean()) {
            Runnable task = nextTask(deadline);
            if (task == null) {
              return false;
            }
            run(task);
          }
          return true;
        });
  }

  /** The next task, or a no-op when something else changed, or null when patience is at its end. */
  @SuppressWarnings("WaitNotInLoop") // the caller loops and asks its condition each time
  private @Nullable Runnable nextTask(long deadline) {
    lock.lock();
    try {
      Runnable task = tasks.poll();
      if (task != null) {
        return task;
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return null;
      }
      // A condition that other threads make true without a task is looked at again now and then.
      long unused = changed.awaitNanos(Math.min(left, 5_000_000L));
      return () -> {};
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void drain() {
    while (true) {
      Runnable task;
      lock.lock();
      try {
        task = tasks.poll();
      } finally {
        lock.unlock();
      }
      if (task == null) {
        return;
      }
      run(task);
    }
  }

  private void run(Runnable task) {
    running = Thread.currentThread();
    try {
      task.run();
    } finally {
      running = null;
    }
  }

  private boolean drive(BooleanSupplier body) {
    Thread self = Thread.currentThread();
    lock.lock();
    try {
      if (driver != null) {
        throw new IllegalStateException(
            driver == self
                ? "expected to be outside of the loop's tasks but was inside one"
                : "expected one driving thread but " + self + " came while " + driver + " drives");
      }
      driver = self;
    } finally {
      lock.unlock();
    }
    try {
      return body.getAsBoolean();
    } finally {
      lock.lock();
      try {
        driver = null;
      } finally {
        lock.unlock();
      }
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private String impatience() {
    return " within " + patience.toMillis() + " ms of real time; pending: " + pending();
  }

  private String pending() {
    return pendingTasks() + " tasks, " + timers;
  }

  @Override
  public String toString() {
    return "ManualEventLoop[at " + elapsed() + ", pending: " + pending() + "]";
  }

  /** Code that may block and throw. */
  @FunctionalInterface
  public interface Blocking {
    /** Runs the code. */
    void run() throws Exception;
  }
}
