package dev.weir.streams;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A future that only its maker can settle: to everybody else it is read-only, though it has the
 * type of a {@link CompletableFuture}. Thread-safe.
 *
 * <p>{@code complete}, {@code cancel} and their like return false and change nothing, so the same
 * promise can be handed to many callers. {@code orTimeout} and {@code completeOnTimeout} return a
 * future of their own. Futures derived from a promise are ordinary ones.
 *
 * @param <T> the type of the result
 */
public class Promise<T> extends CompletableFuture<T> {
  private static final Promise<Void> DONE = fulfilled(null);

  Promise() {}

  /** Makes a pending promise together with the means to settle it. */
  public static <T> Resolver<T> withResolver() {
    return new Resolver<>();
  }

  /**
   * A promise that settles as the future does. Unlike those of {@link CompletableFuture#copy}, its
   * reactions are given the very exception that the future failed with, in no wrapper.
   */
  public static <T> Promise<T> following(CompletableFuture<T> future) {
    Promise<T> promise = new Promise<>();
    future.whenComplete(
        (value, failure) -> {
          if (failure == null) {
            promise.fulfill(value);
          } else {
            promise.reject(failure);
          }
        });
    return promise;
  }

  /** A promise fulfilled with nothing; one and the same for all. */
  static Promise<Void> done() {
    return DONE;
  }

  static <T> Promise<T> fulfilled(@Nullable T value) {
    Promise<T> promise = new Promise<>();
    promise.fulfill(value);
    return promise;
  }

  static <T> Promise<T> rejected(Throwable reason) {
    Promise<T> promise = new Promise<>();
    promise.reject(reason);
    return promise;
  }

  @SuppressWarnings(
      "NullAway") // a future without a result, such as of Void, is completed with null
  final void fulfill(@Nullable T value) {
    super.complete(value);
  }

  final void reject(Throwable reason) {
    super.completeExceptionally(reason);
  }

  /** Rejects if there is a failure; else fulfils with nothing. */
  final void settle(@Nullable Throwable failure) {
    if (failure == null) {
      fulfill(null);
    } else {
      reject(failure);
    }
  }

  /**
   * Waits for this promise to be settled. Throws what it was rejected with itself, checked or not,
   * never wrapped as {@code get} and {@code join} do.
   */
  public final T await() throws InterruptedException {
    return Outcome.await(this);
  }

  private CompletableFuture<T> own() {
    CompletableFuture<T> own = new CompletableFuture<>();
    var unused =
        whenComplete(
            (value, failure) -> {
              if (failure == null) {
                own.complete(value);
              } else {
                own.completeExceptionally(failure);
              }
            });
    return own;
  }

  /** Does nothing: the caller does not settle this promise. */
  @Override
  public final boolean complete(T value) {
    return false;
  }

  /** Does nothing: the caller does not settle this promise. */
  @Override
  public final boolean completeExceptionally(Throwable failure) {
    return false;
  }

  /** Does nothing: the caller does not settle this promise. */
  @Override
  public final boolean cancel(boolean mayInterruptIfRunning) {
    return false;
  }

  /** Does nothing: the caller does not settle this promise. */
  @Override
  public final void obtrudeValue(T value) {}

  /** Does nothing: the caller does not settle this promise. */
  @Override
  public final void obtrudeException(Throwable failure) {}

  /** Does nothing but return this promise: the caller does not settle it. */
  @Override
  public final CompletableFuture<T> completeAsync(Supplier<? extends T> supplier) {
    return this;
  }

  /** Does nothing but return this promise: the caller does not settle it. */
  @Override
  public final CompletableFuture<T> completeAsync(
      Supplier<? extends T> supplier, Executor executor) {
    return this;
  }

  /** A new future that settles as this one does, or fails after the timeout. */
  @Override
  public final CompletableFuture<T> orTimeout(long timeout, TimeUnit unit) {
    return own().orTimeout(timeout, unit);
  }

  /** A new future that settles as this one does, or with the value after the timeout. */
  @Override
  public final CompletableFuture<T> completeOnTimeout(T value, long timeout, TimeUnit unit) {
    return own().completeOnTimeout(value, timeout, unit);
  }

  /**
   * The means to settle one promise. Thread-safe: the first call counts, later ones do nothing.
   *
   * @param <T> the type of the result
   */
  public static final class Resolver<T> {
    private final Promise<T> promise = new Promise<>();

    private Resolver() {}

    /** The promise, the same at each call. */
    public Promise<T> promise() {
      return promise;
    }

    /** Fulfils the promise; its dependents run on this thread. */
    public void fulfill(@Nullable T value) {
      promise.fulfill(value);
    }

    /** Rejects the promise; its dependents run on this thread. */
    public void reject(Throwable reason) {
      promise.reject(reason);
    }
  }
}
