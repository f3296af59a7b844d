package dev.weir.streams;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What joins the two sides of a transform stream: the writable side waits while the readable one
 * has enough, and each learns how the other ends. Thread-safe: its lock guards its own fields and
 * is never held together with that of a side, nor while the transformer is called.
 *
 * @param <I> the type of the chunks that are written
 * @param <O> the type of the chunks that are read
 * @see <a href="https://streams.spec.whatwg.org/#ts-abstract-ops">Streams Standard, 6.4</a>
 */
final class TransformCore<I, O> {
  private final TransformStreamDefaultController<O> controller =
      new TransformStreamDefaultController<>(this);
  private final Promise<Void> startPromise = new Promise<>();
  private final Promise<Void> finish = new Promise<>(); // of the last call of the transformer
  private final ReentrantLock lock = new ReentrantLock();

  // Set once, before the start is over and anything else is called.
  private @Nullable ReadableCore<O> readable;
  private @Nullable WritableCore<I> writable;

  // Guarded by the lock. The promise is there while a write waits for backpressure to end.
  private boolean backpressure = true;
  private @Nullable CompletableFuture<Void> backpressureChange;
  private boolean finishing;

  private volatile @Nullable Transformer<I, O> transformer; // null once it is called no more

  TransformCore(Transformer<I, O> transformer) {
    this.transformer = transformer;
  }

  /** The constructor of the standard, steps 10 to 13. */
  void start(ReadableCore<O> readable, WritableCore<I> writable) {
    this.readable = readable;
    this.writable = writable;
    Transformer<I, O> starting = transformer;
    CompletableFuture<?> outcome;
    try {
      outcome = starting == null ? null : Outcome.future(starting.start(controller));
    } catch (Throwable thrown) {
      throw Outcome.raise(thrown);
    }
    Outcome.whenSettled(outcome, startPromise::settle);
  }

  ReadableCore<O> readable() {
    if (readable == null) {
      throw new IllegalStateException("expected a stream with two sides but was being constructed");
    }
    return readable;
  }

  private WritableCore<I> writable() {
    if (writable == null) {
      throw new IllegalStateException("expected a stream with two sides but was being constructed");
    }
    return writable;
  }

  // The controller

  /** TransformStreamDefaultControllerEnqueue. */
  void enqueue(O chunk) {
    boolean enqueued;
    try {
      enqueued = readable().enqueue(chunk);
    } catch (Throwable thrown) { // by the strategy: steps 5.1 and 5.2
      errorWritableAndUnblockWrite(thrown);
      throw thrown;
    }
    if (!enqueued) {
      throw readable().cannotCloseOrEnqueue();
    }
    if (readable().hasBackpressure()) {
      setBackpressure(true);
      if (!readable().hasBackpressure()) { // a read in between found nothing to unblock
        setBackpressure(false);
      }
    }
  }

  /** TransformStreamError. */
  void error(Throwable failure) {
    readable().error(failure);
    errorWritableAndUnblockWrite(failure);
  }

  /** TransformStreamDefaultControllerTerminate. */
  void terminate() {
    readable().close();
    errorWritableAndUnblockWrite(
        new StreamStateException("a transform stream that is open", "one that was terminated"));
  }

  /** TransformStreamErrorWritableAndUnblockWrite. */
  private void errorWritableAndUnblockWrite(Throwable failure) {
    transformer = null;
    writable().error(failure);
    setBackpressure(false);
  }

  /** TransformStreamSetBackpressure; setting what is set already does nothing. */
  private void setBackpressure(boolean now) {
    CompletableFuture<Void> change = null;
    lock.lock();
    try {
      backpressure = now;
      if (!now) {
        change = backpressureChange;
        backpressureChange = null;
      }
    } finally {
      lock.unlock();
    }
    if (change != null) {
      change.complete(null);
    }
  }

  // The sides

  /** The sink of the writable side. */
  UnderlyingSink<I> sink() {
    return new UnderlyingSink<>() {
      @Override
      public CompletionStage<?> start(WritableStreamDefaultController ignored) {
        return startPromise;
      }

      @Override
      public @Nullable CompletionStage<?> write(I chunk, WritableStreamDefaultController ignored) {
        return sinkWrite(chunk);
      }

      @Override
      public CompletionStage<?> close() {
        return sinkClose();
      }

      @Override
      public CompletionStage<?> abort(Throwable reason) {
        return sinkAbort(reason);
      }
    };
  }

  /** The source of the readable side. */
  UnderlyingSource<O> source() {
    return new UnderlyingSource<>() {
      @Override
      public CompletionStage<?> start(ReadableStreamDefaultController<O> ignored) {
        return startPromise;
      }

      /** TransformStreamDefaultSourcePullAlgorithm, except that the pull is over at once. */
      @Override
      public @Nullable CompletionStage<?> pull(ReadableStreamDefaultController<O> ignored) {
        setBackpressure(false);
        return null;
      }

      @Override
      public CompletionStage<?> cancel(@Nullable Throwable reason) {
        return sourceCancel(reason);
      }
    };
  }

  /** TransformStreamDefaultSinkWriteAlgorithm. */
  private @Nullable CompletionStage<?> sinkWrite(I chunk) {
    CompletableFuture<Void> change;
    lock.lock();
    try {
      if (!backpressure) {
        change = null;
      } else {
        change = new CompletableFuture<>();
        backpressureChange = change;
      }
    } finally {
      lock.unlock();
    }
    return change == null ? transform(chunk) : change.thenCompose(unblocked -> resume(chunk));
  }

  private CompletionStage<?> resume(I chunk) {
    if (writable().state() == WritableCore.State.ERRORING) {
      return CompletableFuture.failedFuture(writable().storedError());
    }
    CompletionStage<?> outcome = transform(chunk);
    return outcome == null ? Promise.done() : outcome;
  }

  /** TransformStreamDefaultControllerPerformTransform. */
  private @Nullable CompletionStage<?> transform(I chunk) {
    Transformer<I, O> target = transformer;
    if (target == null) { // the stream has ended since the write was begun
      return null;
    }
    CompletableFuture<?> outcome;
    try {
      outcome = Outcome.future(target.transform(chunk, controller));
    } catch (Throwable thrown) {
      outcome = Outcome.thrown(thrown);
    }
    if (outcome == null) {
      return null;
    }
    Promise<Void> promise = new Promise<>();
    Outcome.whenSettled(outcome, failure -> transformSettled(failure, promise));
    return promise;
  }

  /**
   * On the platform a transform that runs at once is over before a cancellation. Here it may meet
   * one halfway, and fail to enqueue: then the reason of the cancellation is what counts.
   */
  private void transformSettled(@Nullable Throwable failure, Promise<Void> promise) {
    if (failure == null) {
      promise.fulfill(null);
    } else if (readable().cancelled()) {
      Outcome.whenSettled(finish, ignored -> promise.reject(writable().storedError()));
    } else {
      error(failure);
      promise.reject(failure);
    }
  }

  /** TransformStreamDefaultSinkAbortAlgorithm. */
  private Promise<Void> sinkAbort(Throwable reason) {
    return finish(
        target -> target.cancel(reason),
        (failure, promise) -> {
          if (failure == null && readable().state() == ReadableCore.State.ERRORED) {
            promise.reject(readable().storedError());
          } else {
            readable().error(failure == null ? reason : failure);
            promise.settle(failure);
          }
        });
  }

  /** TransformStreamDefaultSinkCloseAlgorithm. */
  private Promise<Void> sinkClose() {
    return finish(
        target -> target.flush(controller),
        (failure, promise) -> {
          if (failure != null) {
            readable().error(failure);
            promise.reject(failure);
          } else if (readable().state() == ReadableCore.State.ERRORED) {
            promise.reject(readable().storedError());
          } else {
            readable().close();
            promise.fulfill(null);
          }
        });
  }

  /** TransformStreamDefaultSourceCancelAlgorithm. */
  private Promise<Void> sourceCancel(@Nullable Throwable reason) {
    return finish(
        target -> target.cancel(reason),
        (failure, promise) -> {
          if (failure == null && writable().state() == WritableCore.State.ERRORED) {
            promise.reject(writable().storedError());
            return;
          }
          Throwable why = failure == null ? reason : failure;
          errorWritableAndUnblockWrite(
              why == null ? new AbortError("the readable side was cancelled") : why);
          promise.settle(failure);
        });
  }

  /** A last call of the transformer. */
  private interface LastCall<I, O> {
    @Nullable CompletionStage<?> of(Transformer<I, O> target) throws Exception;
  }

  /** What follows from how the last call ended; settles the promise. */
  private interface Reaction {
    void to(@Nullable Throwable failure, Promise<Void> promise);
  }

  /**
   * The last call is made once, whichever side ends first; the other waits for the same promise.
   */
  private Promise<Void> finish(LastCall<I, O> call, Reaction reaction) {
    lock.lock();
    try {
      if (finishing) {
        return finish;
      }
      finishing = true;
    } finally {
      lock.unlock();
    }
    Transformer<I, O> target = transformer;
    CompletableFuture<?> outcome = target == null ? null : Outcome.of(() -> call.of(target));
    transformer = null;
    Consumer<@Nullable Throwable> settled = failure -> reaction.to(failure, finish);
    Outcome.whenSettled(outcome, settled);
    return finish;
  }
}
