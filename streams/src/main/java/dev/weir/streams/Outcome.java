package dev.weir.streams;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a call of a source, sink or transformer came to: done, failed, or still running. Stateless
 * and so thread-safe.
 *
 * <p>The calls return null or a completed stage when they are done at once. That case must cost
 * nothing and must not recurse, so callers ask {@link #of} and then {@link #pending} before they
 * attach anything.
 */
final class Outcome {
  private Outcome() {}

  /** A call that may throw anything. */
  @FunctionalInterface
  interface Call {
    @Nullable CompletionStage<?> run() throws Exception;
  }

  /** Runs the call; what it throws becomes a failed future. Null means done. */
  static @Nullable CompletableFuture<?> of(Call call) {
    try {
      return future(call.run());
    } catch (Throwable thrown) {
      return thrown(thrown);
    }
  }

  /** The stage as a future that says whether it is complete; null stays null. */
  static @Nullable CompletableFuture<?> future(@Nullable CompletionStage<?> stage) {
    if (stage == null || stage instanceof CompletableFuture<?>) {
      return (CompletableFuture<?>) stage;
    }
    CompletableFuture<@Nullable Object> future = new CompletableFuture<>();
    stage.whenComplete(
        (value, failure) -> {
          if (failure == null) {
            future.complete(null);
          } else {
            future.completeExceptionally(failure);
          }
        });
    return future;
  }

  /** What a callback threw, as a failed future; an interrupt is left to be seen by the caller. */
  static CompletableFuture<?> thrown(Throwable thrown) {
    if (thrown instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return CompletableFuture.failedFuture(thrown);
  }

  /** Whether the call still runs. */
  static boolean pending(@Nullable CompletableFuture<?> outcome) {
    return outcome != null && !outcome.isDone();
  }

  /** The failure of a call that is not pending any more, or null if it went well. */
  static @Nullable Throwable failure(@Nullable CompletableFuture<?> outcome) {
    if (outcome == null || !outcome.isCompletedExceptionally()) {
      return null;
    }
    Throwable failure = outcome.handle((value, thrown) -> thrown).join(); // join() may wrap it
    return failure == null ? null : bare(failure);
  }

  /** Waits for the future; throws its own failure, checked or not. */
  static <T extends @Nullable Object> T await(CompletableFuture<T> future)
      throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException | CancellationException failed) {
      Throwable failure = failure(future);
      throw raise(failure == null ? failed : failure);
    }
  }

  /** Hands the failure, or null, to the listener once the call is not pending any more. */
  static void whenSettled(
      @Nullable CompletableFuture<?> outcome, Consumer<@Nullable Throwable> listener) {
    if (outcome == null || outcome.isDone()) {
      listener.accept(failure(outcome));
    } else {
      var unused =
          outcome.whenComplete(
              (value, failure) -> listener.accept(failure == null ? null : bare(failure)));
    }
  }

  /** The exception that was thrown first, without what futures wrap around it. */
  static Throwable bare(Throwable failure) {
    Throwable bare = failure;
    while (bare instanceof CompletionException || bare instanceof ExecutionException) {
      Throwable cause = bare.getCause();
      if (cause == null) {
        return bare;
      }
      bare = cause;
    }
    return bare;
  }

  /**
   * Throws the failure as it is, checked or not. Declared to return so that a caller can write
   * {@code throw}.
   */
  static RuntimeException raise(Throwable failure) {
    throw Outcome.<RuntimeException>unchecked(failure);
  }

  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Throwable> E unchecked(Throwable failure) throws E {
    throw (E) failure;
  }
}
