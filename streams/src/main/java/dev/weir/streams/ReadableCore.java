package dev.weir.streams;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of a readable stream: its queue, who waits for chunks, and how it ends.
 * Thread-safe: one lock guards it, and all calls to the source and to those who wait are made
 * outside of that lock.
 *
 * <p>Invariant: while somebody waits, the queue is empty.
 *
 * @param <T> the type of the chunks
 * @see <a href="https://streams.spec.whatwg.org/#rs-abstract-ops">Streams Standard, 4.9</a>
 */
final class ReadableCore<T> {
  enum State {
    READABLE,
    CLOSED,
    ERRORED
  }

  private final Measure<T> measure;
  private final double highWaterMark;
  private final ReadableStreamDefaultController<T> controller;
  private final StreamLock lock = new StreamLock();

  // The stream. Written under the lock; the volatile ones are also read without it.
  private volatile State state = State.READABLE;
  private volatile @Nullable Throwable storedError; // written before the state becomes ERRORED
  private volatile @Nullable ReadableStreamDefaultReader<T> reader;

  // The reader's requests. Written under the lock.
  private final ArrayDeque<ReadRequest<T>> requests = new ArrayDeque<>(2);
  private volatile boolean requested; // whether there are requests

  // The controller's queue. Written under the lock.
  private final QueueWithSizes<T> queue = new QueueWithSizes<>();
  private volatile boolean closeRequested;
  private @Nullable Throwable errorWhenDrained;

  // The controller's source. Written under the lock; the source is also read without it.
  private volatile @Nullable UnderlyingSource<T> source;
  private boolean started;
  private boolean pulling;
  private boolean pullAgain;

  ReadableCore(UnderlyingSource<T> source, QueuingStrategy<? super T> strategy) {
    this.measure = new Measure<>(strategy);
    this.highWaterMark = measure.highWaterMark();
    this.source = source;
    this.controller = new ReadableStreamDefaultController<>(this);
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
            error(failure);
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

  State state() {
    return state;
  }

  /** Why the stream errored; asked only in that state. */
  Throwable storedError() {
    Throwable error = storedError;
    if (error == null) {
      throw new IllegalStateException("expected an errored stream but was " + state);
    }
    return error;
  }

  // Reading

  boolean locked() {
    return reader != null;
  }

  boolean isLockedTo(ReadableStreamDefaultReader<T> by) {
    return reader == by;
  }

  /** SetUpReadableStreamDefaultReader, steps 1 and 2; false if the stream is locked. */
  boolean acquire(ReadableStreamDefaultReader<T> by) {
    lock.lock();
    try {
      if (reader != null) {
        return false;
      }
      reader = by;
      switch (state) {
        case READABLE -> {}
        case CLOSED -> by.closedPromise().fulfill(null);
        case ERRORED -> by.closedPromise().reject(storedError());
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** ReadableStreamDefaultReaderRelease; does nothing for a reader that was released before. */
  void release(ReadableStreamDefaultReader<T> by) {
    lock.lock();
    try {
      if (reader != by) {
        return;
      }
      StreamStateException released = ReadableStreamDefaultReader.released();
      Promise<Void> closed = by.closedPromise();
      if (state == State.READABLE) {
        lock.afterwards(() -> closed.reject(released));
      }
      by.replaceClosed(Promise.rejected(released));
      reader = null;
      answerRequests(request -> request.error(released));
    } finally {
      lock.unlock();
    }
  }

  /** Takes a chunk if one is queued, else null; does not wait. Fails if the reader is released. */
  @Nullable T poll(ReadableStreamDefaultReader<T> by) {
    return take(by, null);
  }

  /**
   * Takes a chunk if one is queued; else returns null, and the request is answered: at once if the
   * stream has ended, or when there is a chunk or an end.
   */
  @Nullable T pollOrWait(ReadableStreamDefaultReader<T> by, ReadRequest<T> request) {
    return take(by, request);
  }

  /** ReadableStreamDefaultReaderRead and the controller's [[PullSteps]]. */
  private @Nullable T take(ReadableStreamDefaultReader<T> by, @Nullable ReadRequest<T> request) {
    T chunk = null;
    boolean pull = false;
    lock.lock();
    try {
      if (reader != by) {
        if (request == null) {
          throw ReadableStreamDefaultReader.released();
        }
        lock.afterwards(() -> request.error(ReadableStreamDefaultReader.released()));
        return null;
      }
      switch (state) {
        case READABLE -> {
          if (!queue.isEmpty()) {
            chunk = queue.remove();
            if (closeRequested && queue.isEmpty()) {
              drained();
            } else {
              pull = beginPullIfNeeded();
            }
          } else if (request != null) {
            requests.add(request);
            requested = true;
            pull = beginPullIfNeeded();
          }
        }
        case CLOSED -> {
          if (request != null) {
            lock.afterwards(request::close);
          }
        }
        case ERRORED -> {
          if (request == null) {
            throw Outcome.raise(storedError());
          }
          Throwable error = storedError();
          lock.afterwards(() -> request.error(error));
        }
      }
    } finally {
      lock.unlock();
    }
    if (pull) {
      pull();
    }
    return chunk;
  }

  /** Takes a request back; false if it has been answered or is just being answered. */
  boolean withdraw(ReadRequest<T> request) {
    lock.lock();
    try {
      boolean withdrawn = requests.remove(request);
      requested = !requests.isEmpty();
      return withdrawn;
    } finally {
      lock.unlock();
    }
  }

  /** ReadableStreamCancel. */
  CompletableFuture<Void> cancel(@Nullable Throwable reason) {
    UnderlyingSource<T> cancelled;
    lock.lock();
    try {
      switch (state) {
        case CLOSED -> {
          return Promise.done();
        }
        case ERRORED -> {
          return Promise.rejected(storedError());
        }
        case READABLE -> {}
      }
      closeNow();
      cancelled = source;
      forget();
    } finally {
      lock.unlock();
    }
    if (cancelled == null) {
      return Promise.done();
    }
    CompletableFuture<?> outcome = Outcome.of(() -> cancelled.cancel(reason));
    if (outcome == null) {
      return Promise.done();
    }
    Promise<Void> promise = new Promise<>();
    Outcome.whenSettled(outcome, promise::settle);
    return promise;
  }

  // The controller

  double queuedSize() {
    lock.lock();
    try {
      return queue.total();
    } finally {
      lock.unlock();
    }
  }

  /** ReadableStreamDefaultControllerGetDesiredSize. */
  double desiredSize() {
    lock.lock();
    try {
      return switch (state) {
        case READABLE -> highWaterMark - queue.total();
        case CLOSED -> 0;
        case ERRORED -> Double.NaN;
      };
    } finally {
      lock.unlock();
    }
  }

  /** ReadableStreamDefaultControllerHasBackpressure. */
  boolean hasBackpressure() {
    lock.lock();
    try {
      return !shouldPull();
    } finally {
      lock.unlock();
    }
  }

  /** ReadableStreamDefaultControllerCanCloseOrEnqueue. */
  boolean canCloseOrEnqueue() {
    return state == State.READABLE && !closeRequested;
  }

  /** Whether the consumer has given the stream up, as against a close by the controller. */
  boolean cancelled() {
    return state == State.CLOSED && !closeRequested;
  }

  /** What a controller that cannot close or enqueue finds instead, in words. */
  StreamStateException cannotCloseOrEnqueue() {
    State now = state;
    return new StreamStateException(
        "a readable stream that is open",
        now == State.READABLE ? "one that is asked to close" : "one that is " + now);
  }

  /** ReadableStreamDefaultControllerEnqueue; false, and no effect, if the stream has ended. */
  boolean enqueue(T chunk) {
    double size = 0;
    boolean measured = false;
    for (; ; ) {
      if (!canCloseOrEnqueue()) {
        return false;
      }
      if (!requested) { // step 4; a chunk that goes to a reader at once is not measured
        size = measureOrFail(chunk);
        measured = true;
      }
      ReadRequest<T> request;
      boolean pull;
      lock.lock();
      try {
        if (!canCloseOrEnqueue()) {
          return false;
        }
        request = requests.poll();
        if (request == null) {
          if (!measured) {
            continue; // the reader went away just now
          }
          queue.add(chunk, size);
        } else {
          requested = !requests.isEmpty();
        }
        pull = beginPullIfNeeded();
      } finally {
        lock.unlock();
      }
      if (request != null) {
        request.chunk(chunk);
      }
      if (pull) {
        pull();
      }
      return true;
    }
  }

  private double measureOrFail(T chunk) {
    try {
      return measure.sizeOf(chunk);
    } catch (Throwable thrown) {
      error(thrown);
      throw thrown;
    }
  }

  /** ReadableStreamDefaultControllerClose; false, and no effect, if the stream has ended. */
  boolean close() {
    lock.lock();
    try {
      if (!canCloseOrEnqueue()) {
        return false;
      }
      closeRequested = true;
      if (queue.isEmpty()) {
        closeNow();
        forget();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** ReadableStreamDefaultControllerError. */
  void error(Throwable failure) {
    lock.lock();
    try {
      if (state == State.READABLE) {
        errorNow(failure);
        forget();
      }
    } finally {
      lock.unlock();
    }
  }

  /** As error(), once the chunks in the queue have been read. Not in the standard. */
  void errorWhenDrained(Throwable failure) {
    lock.lock();
    try {
      if (state != State.READABLE) {
        return;
      }
      if (errorWhenDrained == null) {
        errorWhenDrained = failure;
      }
      closeRequested = true;
      if (queue.isEmpty()) {
        drained();
      }
    } finally {
      lock.unlock();
    }
  }

  // Under the lock

  private void drained() {
    if (errorWhenDrained == null) {
      closeNow();
    } else {
      errorNow(errorWhenDrained);
    }
    forget();
  }

  /** ReadableStreamClose. */
  private void closeNow() {
    state = State.CLOSED;
    if (reader != null) {
      Promise<Void> closed = reader.closedPromise();
      lock.afterwards(() -> closed.fulfill(null));
      answerRequests(ReadRequest::close);
    }
  }

  /** ReadableStreamError. */
  private void errorNow(Throwable failure) {
    storedError = failure;
    state = State.ERRORED;
    if (reader != null) {
      Promise<Void> closed = reader.closedPromise();
      lock.afterwards(() -> closed.reject(failure));
      answerRequests(request -> request.error(failure));
    }
  }

  private void answerRequests(Consumer<ReadRequest<T>> answer) {
    for (ReadRequest<T> request : requests) {
      lock.afterwards(() -> answer.accept(request));
    }
    requests.clear();
    requested = false;
  }

  /** ResetQueue and ReadableStreamDefaultControllerClearAlgorithms. */
  private void forget() {
    queue.clear();
    source = null;
  }

  // Pulling

  /** ReadableStreamDefaultControllerShouldCallPull; under the lock. */
  private boolean shouldPull() {
    return state == State.READABLE
        && !closeRequested
        && started
        && (!requests.isEmpty() || highWaterMark - queue.total() > 0);
  }

  /**
   * ReadableStreamDefaultControllerCallPullIfNeeded, steps 1 to 5; under the lock. True if the
   * caller must call {@link #pull} when it has released the lock.
   */
  private boolean beginPullIfNeeded() {
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
  private void pull() {
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
          error(failure);
          return;
        }
      }
    } while (pullAgain());
  }

  private void pullSettled(@Nullable Throwable failure) {
    if (failure != null) {
      error(failure);
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
