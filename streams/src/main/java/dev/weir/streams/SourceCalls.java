package dev.weir.streams;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a source's start and pull, of which one at most is under way. Thread-safe: the
 * stream's lock guards it, and the calls are made outside of that lock.
 *
 * @param <T> the type of the chunks
 * @see <a href="https://streams.spec.whatwg.org/#rs-default-controller-abstract-ops">Streams
 *     Standard, 4.9.4</a>
 */
final class SourceCalls<T> {
  private final ReadableCore<T> stream;
  private final StreamLock lock;
  private final ReadableState<T> state;
  private final QueueWithSizes<T> queue;
  private final double highWaterMark;
  private final ReadableStreamDefaultController<T> controller;

  // Written under the lock, read without it. Null once it is called no more.
  private volatile @Nullable UnderlyingSource<T> source;

  // Guarded by the lock.
  private boolean started;
  private boolean pulling;
  private boolean pullAgain;

  SourceCalls(
      ReadableCore<T> stream,
      StreamLock lock,
      ReadableState<T> state,
      QueueWithSizes<T> queue,
      double highWaterMark,
      UnderlyingSource<T> source) {
    this.stream = stream;
    this.lock = lock;
    this.state = state;
    this.queue = queue;
    this.highWaterMark = highWaterMark;
    this.source = source;
    this.controller = new ReadableStreamDefaultController<>(stream);
  }

  /** ReadableStreamDefaultControllerClearAlgorithms; under the lock. What was not let go before. */
  @Nullable UnderlyingSource<T> letGo() {
    UnderlyingSource<T> last = source;
    source = null;
    return last;
  }

  /** SetUpReadableStreamDefaultController, steps 9 to 12. */
  void start() {
    UnderlyingSource<T> starting = source;
    CompletableFuture<?> outcome;
    try {
      outcome = starting == null ? null : Outcome.future(starting.start(controller));
    } catch (Throwable thrown) {
      throw Outcome.raise(thrown);
    }
    Outcome.whenSettled(
        outcome,
        failure -> {
          if (failure != null) {
            stream.error(failure);
          } else {
            started();
          }
        });
  }

  private void started() {
    boolean pull;
    lock.lock();
    try {
      started = true;
      pull = beginPullIfNeeded();
    } finally {
      lock.unlock();
    }
    if (pull) {
      pull();
    }
  }

  /** ReadableStreamDefaultControllerShouldCallPull; under the lock. */
  boolean shouldPull() {
    return state.canCloseOrEnqueue()
        && started
        && (state.requested() || highWaterMark - queue.total() > 0);
  }

  /**
   * ReadableStreamDefaultControllerCallPullIfNeeded, steps 1 to 5; under the lock. True if the
   * caller must call {@link #pull} when it has released the lock.
   */
  boolean beginPullIfNeeded() {
    if (!shouldPull()) {
      return false;
    }
    if (pulling) {
      pullAgain = true;
      return false;
    }
    pulling = true;
    return true;
  }

  /** CallPullIfNeeded, steps 6 to 8, as a loop: a pull that is done at once does not recurse. */
  void pull() {
    do {
      UnderlyingSource<T> pulled = source;
      if (pulled == null) {
        return; // ended in the meantime
      }
      CompletableFuture<?> outcome;
      try {
        outcome = Outcome.future(pulled.pull(controller));
      } catch (Throwable thrown) {
        outcome = Outcome.thrown(thrown);
      }
      if (outcome != null) {
        if (!outcome.isDone()) {
          Outcome.whenSettled(outcome, this::pullSettled);
          return;
        }
        Throwable failure = Outcome.failure(outcome);
        if (failure != null) {
          stream.error(failure);
          return;
        }
      }
    } while (pullAgain());
  }

  private void pullSettled(@Nullable Throwable failure) {
    if (failure != null) {
      stream.error(failure);
    } else if (pullAgain()) {
      pull();
    }
  }

  /** Ends a pull; true if another has begun. */
  private boolean pullAgain() {
    lock.lock();
    try {
      pulling = false;
      if (!pullAgain) {
        return false;
      }
      pullAgain = false;
      return beginPullIfNeeded();
    } finally {
      lock.unlock();
    }
  }
}
