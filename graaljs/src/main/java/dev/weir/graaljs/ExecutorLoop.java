package dev.weir.graaljs;

import dev.weir.websocket.spi.EventLoop;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An event loop on an executor that runs one task at a time, in the order given. Thread-safe. It
 * has no thread of its own: one thread for all of these keeps the time.
 */
final class ExecutorLoop implements EventLoop {
  private final Executor executor;
  private volatile @Nullable Thread running;
  private volatile Runnable ended = () -> {};

  private ExecutorLoop(Executor executor) {
    this.executor = executor;
  }

  static EventLoop of(Executor executor) {
    return executor instanceof EventLoop loop ? loop : new ExecutorLoop(executor);
  }

  /** Does this when a timer is due and the executor takes no task any more. */
  void whenEnded(Runnable todo) {
    ended = todo;
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(
        () -> {
          running = Thread.currentThread();
          try {
            task.run();
          } finally {
            running = null;
          }
        });
  }

  @Override
  public boolean inEventLoop() {
    return running == Thread.currentThread();
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Timer schedule(Runnable task, long delayNanos) {
    ScheduledFuture<?> future =
        Clock.THREAD.schedule(() -> executeIfAlive(task), delayNanos, TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  private void executeIfAlive(Runnable task) {
    try {
      execute(task);
    } catch (RejectedExecutionException e) {
      // The executor's owner has ended it, and the context with it: nobody waits for this timer.
      ended.run();
    }
  }

  private static final class Clock {
    static final ScheduledThreadPoolExecutor THREAD =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("weir-script-clock").unstarted(task));

    static {
      THREAD.setRemoveOnCancelPolicy(true);
    }
  }
}
