package dev.weir.streams;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A readable stream without its public face: hands chunks from the source to readers on any thread,
 * and pulls the source. Thread-safe: one lock guards the state and the queue, and all calls to the
 * source and to those who wait are made outside of that lock.
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
  private final StreamLock lock = new StreamLock();

  // Guarded by the lock.
  private final ReadableState<T> state = new ReadableState<>(lock);
  private final QueueWithSizes<T> queue = new QueueWithSizes<>();
  private final SourceCalls<T> source;

  ReadableCore(UnderlyingSource<T> source, QueuingStrategy<? super T> strategy) {
    this.measure = new Measure<>(strategy);
    this.highWaterMark = measure.highWaterMark();
    this.source = new SourceCalls<>(this, lock, state, queue, highWaterMark, source);
  }

  State state() {
    return state.now();
  }

  /** Why the stream errored; asked only in that state. */
  Throwable storedError() {
    return state.storedError();
  }

  /** SetUpReadableStreamDefaultController, steps 9 to 12. */
  void start() {
    source.start();
  }

  // Reading

  boolean locked() {
    return state.reader() != null;
  }

  boolean isLockedTo(ReadableStreamDefaultReader<T> by) {
    return state.reader() == by;
  }

  /** SetUpReadableStreamDefaultReader, steps 1 and 2; false if the stream is locked. */
  boolean acquire(ReadableStreamDefaultReader<T> by) {
    lock.lock();
    try {
      return state.acquire(by);
    } finally {
      lock.unlock();
    }
  }

  /** ReadableStreamDefaultReaderRelease; does nothing for a reader that was released before. */
  void release(ReadableStreamDefaultReader<T> by) {
    lock.lock();
    try {
      state.release(by);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a chunk if one is queued and the reader holds the stream, else null. Looks without the
   * lock first, so where chunks come from another thread one may be overlooked that has just come.
   */
  @Nullable T takeQueued(ReadableStreamDefaultReader<T> by) {
    if (queue.isEmpty()) { // a hint, as it is not guarded here
      return null;
    }
    T chunk = null;
    boolean pull = false;
    lock.lock();
    try {
      if (!queue.isEmpty() && state.reader() == by && state.now() == State.READABLE) {
        chunk = queue.remove();
        pull = queueFell();
      }
    } finally {
      lock.unlock();
    }
    if (pull) {
      source.pull();
    }
    return chunk;
  }

  /** After a chunk was taken, under the lock; true if the caller must pull. */
  private boolean queueFell() {
    if (queue.isEmpty() && !state.canCloseOrEnqueue()) {
      state.drained();
      var unused = forget();
      return false;
    }
    return source.beginPullIfNeeded();
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
      if (state.reader() != by) {
        if (request == null) {
          throw ReadableStreamDefaultReader.released();
        }
        lock.afterwards(() -> request.error(ReadableStreamDefaultReader.released()));
        return null;
      }
      switch (state.now()) {
        case READABLE -> {
          if (!queue.isEmpty()) {
            chunk = queue.remove();
            pull = queueFell();
          } else if (request != null) {
            state.addRequest(request);
            pull = source.beginPullIfNeeded();
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
      source.pull();
    }
    return chunk;
  }

  /** Takes a request back; false if it has been answered or is just being answered. */
  boolean withdraw(ReadRequest<T> request) {
    lock.lock();
    try {
      return state.withdrawRequest(request);
    } finally {
      lock.unlock();
    }
  }

  /** ReadableStreamCancel. */
  CompletableFuture<Void> cancel(@Nullable Throwable reason) {
    UnderlyingSource<T> cancelled;
    lock.lock();
    try {
      switch (state.now()) {
        case CLOSED -> {
          return Promise.done();
        }
        case ERRORED -> {
          return Promise.rejected(storedError());
        }
        case READABLE -> {}
      }
      state.close();
      cancelled = forget();
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
      return switch (state.now()) {
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
      return !source.shouldPull();
    } finally {
      lock.unlock();
    }
  }

  /** ReadableStreamDefaultControllerCanCloseOrEnqueue. */
  boolean canCloseOrEnqueue() {
    return state.canCloseOrEnqueue();
  }

  /** Whether the consumer has given the stream up, as against a close by the controller. */
  boolean cancelled() {
    return state.cancelled();
  }

  /** What a controller that cannot close or enqueue finds instead, in words. */
  StreamStateException cannotCloseOrEnqueue() {
    return state.cannotCloseOrEnqueue();
  }

  /** ReadableStreamDefaultControllerEnqueue; false, and no effect, if the stream has ended. */
  boolean enqueue(T chunk) {
    double size = 0;
    boolean measured = false;
    for (; ; ) {
      if (!canCloseOrEnqueue()) {
        return false;
      }
      if (!state.requested()) { // step 4; a chunk that goes to a reader at once is not measured
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
        request = state.takeRequest();
        if (request == null) {
          if (!measured) {
            continue; // the reader went away just now
          }
          queue.add(chunk, size);
        }
        pull = source.beginPullIfNeeded();
      } finally {
        lock.unlock();
      }
      if (request != null) {
        request.chunk(chunk);
      }
      if (pull) {
        source.pull();
      }
      return true;
    }
  }

  /** As enqueue() for each in turn, and takes them out of the batch; see {@link ChunkBatch}. */
  boolean enqueueAll(QueueWithSizes<T> batch, Consumer<Thread> waker) {
    while (!batch.isEmpty()) { // a reader's reaction may add to it, or call this for what is left
      ReadRequest<T> request;
      T first = null;
      boolean pull;
      lock.lock();
      try {
        if (!canCloseOrEnqueue()) {
          batch.clear();
          return false;
        }
        request = state.takeRequest();
        if (request != null) {
          first = batch.remove();
        }
        if (!state.requested()) {
          queue.addAllOf(batch);
        }
        pull = source.beginPullIfNeeded();
      } finally {
        lock.unlock();
      }
      if (request != null && first != null) {
        request.chunk(first, waker);
      }
      if (pull) {
        source.pull();
      }
    }
    return true;
  }

  /** The chunk's size; a strategy that fails errors the stream. */
  double measureOrFail(T chunk) {
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
      state.requestClose();
      if (queue.isEmpty()) {
        state.close();
        var unused = forget();
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
      if (state.now() == State.READABLE) {
        state.error(failure);
        var unused = forget();
      }
    } finally {
      lock.unlock();
    }
  }

  /** As error(), once the chunks in the queue have been read. Not in the standard. */
  void errorWhenDrained(Throwable failure) {
    lock.lock();
    try {
      if (state.now() != State.READABLE) {
        return;
      }
      state.requestError(failure);
      if (queue.isEmpty()) {
        state.drained();
        var unused = forget();
      }
    } finally {
      lock.unlock();
    }
  }

  /** ResetQueue and ReadableStreamDefaultControllerClearAlgorithms. */
  private @Nullable UnderlyingSource<T> forget() {
    queue.clear();
    return source.letGo();
  }
}
