package dev.weir.websocket;

import dev.weir.websocket.spi.EventLoop;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Waiting on the caller's thread, with the real exception as the outcome. Stateless. */
final class Blocking {
  private Blocking() {}

  /**
   * Waits without an end of its own: for what the connection's own timeouts bound.
   *
   * @throws IllegalStateException on the event loop, which must not wait for itself
   */
  static <T> T await(CompletableFuture<T> future, @Nullable EventLoop loop)
      throws InterruptedException {
    checkMayWait(future, loop);
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw real(e);
    }
  }

  static <T> T await(CompletableFuture<T> future, @Nullable EventLoop loop, Duration timeout)
      throws InterruptedException, TimeoutException {
    checkMayWait(future, loop);
    try {
      return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw real(e);
    }
  }

  private static void checkMayWait(CompletableFuture<?> future, @Nullable EventLoop loop) {
    if (loop != null && loop.inEventLoop() && !future.isDone()) {
      throw new IllegalStateException(
          "expected a thread that may block but it was the connection's event loop: use the"
              + " futures there, or hand the work to a virtual thread");
    }
  }

  private static RuntimeException real(ExecutionException e) {
    return switch (e.getCause()) {
      case RuntimeException unchecked -> unchecked;
      case Error error -> throw error;
      case null -> new CancellationException("no cause");
      default -> new IllegalStateException(e.getCause());
    };
  }
}
