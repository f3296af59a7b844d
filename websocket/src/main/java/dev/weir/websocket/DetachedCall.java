package dev.weir.websocket;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of foreign code that may block, away from event loops and callers: on a virtual thread,
 * interrupted when its time is over or it is cancelled. Thread-safe.
 */
final class DetachedCall<T> {
  // The first of result, time-out and cancellation says how it goes on.
  private final CompletableFuture<Runnable> next = new CompletableFuture<>();

  private final BiConsumer<@Nullable T, @Nullable Throwable> then;

  private DetachedCall(BiConsumer<@Nullable T, @Nullable Throwable> then) {
    this.then = then;
  }

  /** Says that the call took longer than it may; what the code itself throws is never this. */
  static final class TimeOver extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Starts the call.
   *
   * @param then is told the result, or what the code has thrown, or a {@link TimeOver}, or what
   *     {@link #cancel} was given: once, on a virtual thread of its own, which the code that was
   *     called can not hold up
   */
  static <T> DetachedCall<T> start(
      String name,
      Callable<T> code,
      Duration limit,
      BiConsumer<@Nullable T, @Nullable Throwable> then) {
    var call = new DetachedCall<T>(then);
    Thread thread =
        Thread.ofVirtual()
            .name(name)
            .unstarted(
                () -> {
                  try {
                    T result = code.call();
                    call.next.complete(() -> then.accept(result, null));
                  } catch (Throwable e) {
                    call.next.complete(() -> then.accept(null, e));
                  }
                });
    call.next
        .completeOnTimeout(
            () -> then.accept(null, new TimeOver()), limit.toNanos(), TimeUnit.NANOSECONDS)
        .whenComplete((consequence, never) -> thread.interrupt())
        .thenAcceptAsync(
            Runnable::run, task -> Thread.ofVirtual().name(name + "-result").start(task));
    thread.start();
    return call;
  }

  /** Gives the call up, unless it is over. */
  void cancel(Throwable cause) {
    next.complete(() -> then.accept(null, cause));
  }
}
