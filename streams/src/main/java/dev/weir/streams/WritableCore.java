package dev.weir.streams;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A writable stream without its public face: takes chunks from any thread and calls the sink, for
 * one thing at a time. Thread-safe: one lock guards the state and the queue, and all calls to the
 * sink and to those who wait are made outside of that lock.
 *
 * <p>Invariant: whoever begins a write or the close under the lock makes the sink's call and ends
 * it; until then nobody else calls the sink.
 *
 * @param <T> the type of the chunks
 * @see <a href="https://streams.spec.whatwg.org/#ws-abstract-ops">Streams Standard, 5.5</a>
 */
final class WritableCore<T> {
  enum State {
    WRITABLE,
    ERRORING,
    ERRORED,
    CLOSED
  }

  /** What the sink is to do next. */
  private enum Step {
    NOTHING,
    WRITE,
    CLOSE
  }

  private final Measure<T> measure;
  private final AbortController abortController = new AbortController();
  private final SinkCalls<T> sink;
  private final StreamLock lock = new StreamLock();

  // Guarded by the lock.
  private final WriteQueue<T> queue = new WriteQueue<>();
  private final WritableState<T> state;
  private @Nullable T nextChunk; // on its way from next() to the sink
  private @Nullable Throwable waitingRefused; // why nothing may wait for the sink any more

  WritableCore(UnderlyingSink<T> sink, QueuingStrategy<? super T> strategy) {
    this.measure = new Measure<>(strategy);
    this.sink = new SinkCalls<>(this, sink);
    this.state = new WritableState<>(lock, queue, measure.highWaterMark(), this::callAbort);
  }

  void start() {
    sink.start(this::startSettled);
  }

  private void startSettled(@Nullable Throwable failure) {
    lock.lock();
    try {
      state.started(failure);
    } finally {
      lock.unlock();
    }
    advance();
  }

  State state() {
    return state.now();
  }

  /** Why the stream errors or errored; asked only in those states. */
  Throwable storedError() {
    return state.storedError();
  }

  AbortSignal signal() {
    return abortController.signal();
  }

  // The writer

  boolean locked() {
    return state.writer() != null;
  }

  boolean isLockedTo(WritableStreamDefaultWriter<T> by) {
    return state.writer() == by;
  }

  /** SetUpWritableStreamDefaultWriter; false if the stream is locked. */
  boolean acquire(WritableStreamDefaultWriter<T> by) {
    lock.lock();
    try {
      return state.acquire(by);
    } finally {
      lock.unlock();
    }
  }

  /** WritableStreamDefaultWriterRelease; does nothing for a writer that was released before. */
  void release(WritableStreamDefaultWriter<T> by) {
    lock.lock();
    try {
      state.release(by);
    } finally {
      lock.unlock();
    }
  }

  /** The writer's ready promise: made only when somebody asks for it during backpressure. */
  Promise<Void> ready(WritableStreamDefaultWriter<T> by) {
    lock.lock();
    try {
      return state.ready(by);
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is room for a chunk when none waits and none is being written. */
  boolean hasRoomWhenIdle() {
    return measure.highWaterMark() > 0;
  }

  /** WritableStreamDefaultWriterGetDesiredSize. */
  double desiredSize() {
    lock.lock();
    try {
      return state.desiredSize();
    } finally {
      lock.unlock();
    }
  }

  /** WritableStreamCloseQueuedOrInFlight, or closed. */
  boolean closingOrClosed() {
    return state.closingOrClosed();
  }

  /**
   * WritableStreamDefaultWriterWrite. The request is made only if it is needed: null means that the
   * sink has taken the chunk already.
   */
  <R extends WriteRequest> @Nullable R write(
      WritableStreamDefaultWriter<T> by, T chunk, Supplier<R> maker) {
    double size = measureOrFail(chunk);
    R request = null;
    lock.lock();
    try {
      Throwable refusal = state.refusal(by);
      if (refusal != null) {
        R refused = maker.get();
        lock.afterwards(() -> refused.failed(refusal));
        return refused;
      }
      Throwable waitRefusal = waitingRefused;
      if (state.canCallSink() && queue.isEmpty()) {
        queue.begin(size);
      } else if (waitRefusal != null) {
        R refused = maker.get();
        lock.afterwards(() -> refused.failed(waitRefusal));
        return refused;
      } else {
        request = maker.get();
        queue.add(sink.keep(chunk), size, request);
      }
      state.updateBackpressure();
    } finally {
      lock.unlock();
    }
    if (request != null) {
      return request;
    }
    CompletableFuture<?> outcome = sink.write(chunk);
    if (Outcome.pending(outcome)) {
      R late = maker.get();
      awaited(late);
      Outcome.whenSettled(outcome, this::writeSettled);
      return late;
    }
    Throwable failure = Outcome.failure(outcome);
    if (failure != null) {
      request = maker.get();
      awaited(request);
    }
    writeSettled(failure);
    return request;
  }

  private void awaited(WriteRequest by) {
    lock.lock();
    try {
      queue.awaited(by);
    } finally {
      lock.unlock();
    }
  }

  /** WritableStreamDefaultControllerGetChunkSize: a failure shows in the stream's state. */
  private double measureOrFail(T chunk) {
    try {
      return measure.sizeOf(chunk);
    } catch (Throwable thrown) {
      error(thrown);
      return 1;
    }
  }

  // Closing and aborting

  /** WritableStreamClose. */
  Promise<Void> close() {
    Promise<Void> promise = new Promise<>();
    lock.lock();
    try {
      if (state.ended() || state.closeQueuedOrInFlight()) {
        return Promise.rejected(state.notWritable());
      }
      state.requestClose(promise);
    } finally {
      lock.unlock();
    }
    advance();
    return promise;
  }

  /** WritableStreamDefaultWriterCloseWithErrorPropagation. */
  Promise<Void> closeUnlessEnded() {
    if (state.now() == State.ERRORED) {
      return Promise.rejected(storedError());
    }
    return closingOrClosed() ? Promise.done() : close();
  }

  /** WritableStreamAbort. */
  Promise<Void> abort(@Nullable Throwable given) {
    if (state.ended()) {
      return Promise.done();
    }
    Throwable reason = given == null ? new AbortError("the stream was aborted") : given;
    abortController.abort(reason); // its listeners may well change the state
    lock.lock();
    try {
      return state.ended() ? Promise.done() : state.abort(reason);
    } finally {
      lock.unlock();
    }
  }

  /** WritableStreamDefaultControllerErrorIfNeeded, and the controller's error(). */
  void error(Throwable failure) {
    lock.lock();
    try {
      if (state.now() == State.WRITABLE) {
        sink.letGo(); // step 2: an abort that comes later does not reach the sink
        state.startErroring(failure);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The controller's refuseWaiting(). */
  void refuseWaiting(Throwable failure) {
    lock.lock();
    try {
      waitingRefused = failure;
      for (WriteRequest request : queue.clear()) {
        lock.afterwards(() -> request.failed(failure));
      }
      state.updateBackpressure();
    } finally {
      lock.unlock();
    }
  }

  // The sink

  /** WritableStreamDefaultControllerAdvanceQueueIfNeeded, as a loop. */
  private void advance() {
    for (; ; ) {
      Step step;
      T chunk;
      lock.lock();
      try {
        step = next();
        chunk = nextChunk;
        nextChunk = null;
      } finally {
        lock.unlock();
      }
      if (step == Step.NOTHING) {
        return;
      }
      CompletableFuture<?> outcome =
          step == Step.WRITE && chunk != null ? sink.write(chunk) : sink.close();
      if (Outcome.pending(outcome)) {
        Outcome.whenSettled(outcome, step == Step.WRITE ? this::writeSettled : this::closeSettled);
        return;
      }
      Throwable failure = Outcome.failure(outcome);
      if (step == Step.WRITE) {
        endWrite(failure);
      } else {
        endClose(failure);
      }
    }
  }

  /** Chooses and begins the next step; under the lock. */
  private Step next() {
    if (!state.canCallSink()) {
      return Step.NOTHING;
    }
    switch (state.now()) {
      case CLOSED, ERRORED -> {
        return Step.NOTHING;
      }
      case ERRORING -> {
        state.finishErroring();
        return Step.NOTHING;
      }
      case WRITABLE -> {}
    }
    if (!queue.isEmpty()) {
      nextChunk = queue.beginNext();
      return Step.WRITE;
    }
    return state.beginClose() ? Step.CLOSE : Step.NOTHING;
  }

  private void callAbort(Throwable reason, Promise<Void> promise) {
    CompletableFuture<?> outcome = sink.abort(reason);
    Outcome.whenSettled(outcome, failure -> abortSettled(failure, promise));
  }

  private void abortSettled(@Nullable Throwable failure, Promise<Void> promise) {
    promise.settle(failure);
    lock.lock();
    try {
      state.rejectClose();
    } finally {
      lock.unlock();
    }
  }

  private void writeSettled(@Nullable Throwable failure) {
    endWrite(failure);
    advance();
  }

  private void closeSettled(@Nullable Throwable failure) {
    endClose(failure);
    advance();
  }

  /** WritableStreamFinishInFlightWrite or -WithError, and ProcessWrite steps 4 and 5. */
  private void endWrite(@Nullable Throwable failure) {
    lock.lock();
    try {
      WriteRequest request = queue.end();
      if (failure == null) {
        if (request != null) {
          lock.afterwards(request::written);
        }
        state.updateBackpressure();
      } else {
        if (request != null) {
          lock.afterwards(() -> request.failed(failure));
        }
        if (state.now() == State.WRITABLE) {
          sink.letGo();
        }
        state.dealWithRejection(failure);
      }
    } finally {
      lock.unlock();
    }
  }

  private void endClose(@Nullable Throwable failure) {
    lock.lock();
    try {
      sink.letGo(); // the standard lets go of it when the close begins
      state.endClose(failure);
    } finally {
      lock.unlock();
    }
  }
}
