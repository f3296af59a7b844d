package dev.weir.websocket;

import dev.weir.websocket.spi.EventLoop;
import dev.weir.websocket.spi.EventLoopThread;
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
   * @throws IllegalStateException on an event loop, which must not wait for itself
   */
  static <T> T await(CompletableFuture<T> future, @Nullable EventLoop loop)
      throws InterruptedException {
    checkMayWait(future, loop);
    try {
      return future.get();
    } catch (ExecutionException | CancellationException e) {
      throw real(future, e);
    }
  }

  static <T> T await(CompletableFuture<T> future, @Nullable EventLoop loop, Duration timeout)
      throws InterruptedException, TimeoutException {
    checkMayWait(future, loop);
    try {
      return future.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | CancellationException e) {
      throw real(future, e);
    }
  }

  private static void checkMayWait(CompletableFuture<?> future, @Nullable EventLoop loop) {
    if (!future.isDone() && isEventLoop(loop)) {
      throw new IllegalStateException(
          "expected a thread that may block but it was that of an event loop: use the"
              + " futures there, or hand the work to a virtual thread");
    }
  }

  /** Any event loop: an opening may go on there, or behind one that does, timeouts and all. */
  private static boolean isEventLoop(@Nullable EventLoop loop) {
    return Thread.currentThread() instanceof EventLoopThread
        || (loop != null && loop.inEventLoop());
  }

  /** The failure as the future has it: {@code get} wraps all, a cancellation on some JDKs too. */
  private static RuntimeException real(CompletableFuture<?> failed, Exception thrown) {
    Throwable failure = failed.handle((value, own) -> own).join();
    throw Blocking.<RuntimeException>asItIs(failure == null ? thrown : failure);
  }

  /** Unchecked or not: the reason of an {@code AbortSignal} may be any Throwable. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> RuntimeException asItIs(Throwable failure) throws E {
    throw (E) failure;
  }
}
