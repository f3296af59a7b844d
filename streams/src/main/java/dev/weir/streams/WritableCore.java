package dev.weir.streams;

import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of a writable stream: its queue, the one operation of the sink that is under
 * way, and how it ends. Thread-safe: one lock guards it, and all calls to the sink and to those who
 * wait are made outside of that lock.
 *
 * <p>Invariant: whoever sets {@code writing} or {@code closing} under the lock makes the sink's
 * call and settles it; until then nobody else calls the sink.
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

  private record PendingAbort(Promise<Void> promise, Throwable reason, boolean wasErroring) {}

  private final Measure<T> measure;
  private final double highWaterMark;
  private final AbortController abortController = new AbortController();
  private final WritableStreamDefaultController controller;
  private final StreamLock lock = new StreamLock();

  // The stream. Written under the lock; the volatile ones are also read without it.
  private volatile State state = State.WRITABLE;
  private volatile @Nullable Throwable storedError; // written before the state is ERRORING
  private volatile @Nullable WritableStreamDefaultWriter<T> writer;
  private boolean backpressure;
  private @Nullable PendingAbort pendingAbort;
  private @Nullable Promise<Void> closeRequest; // asked for, and not yet begun
  private @Nullable Promise<Void> closing; // the sink's close is under way

  // The controller's queue: chunks and, in the same order, who waits for them. Under the lock.
  private final QueueWithSizes<T> queue = new QueueWithSizes<>();
  private final ArrayDeque<WriteRequest> requests = new ArrayDeque<>(2);
  private boolean started;

  // The write that is under way; its chunk counts as queued. Under the lock.
  private boolean writing;
  private double writingSize;
  private @Nullable WriteRequest writingRequest; // null while its caller needs no answer yet
  private @Nullable T writingChunk; // from next() to the sink

  // Written under the lock, read without it.
  private volatile @Nullable UnderlyingSink<T> sink;

  WritableCore(UnderlyingSink<T> sink, QueuingStrategy<? super T> strategy) {
    this.measure = new Measure<>(strategy);
    this.highWaterMark = measure.highWaterMark();
    this.sink = sink;
    this.controller = new WritableStreamDefaultController(this);
    this.backpressure = highWaterMark <= 0;
  }

  /** SetUpWritableStreamDefaultController, steps 15 to 18. */
  void start() {
    UnderlyingSink<T> starting = sink;
    CompletableFuture<?> outcome;
    try {
      outcome = starting == null ? null : Outcome.future(starting.start(controller));
    } catch (Throwable thrown) {
      throw Outcome.raise(thrown);
    }
    Outcome.whenSettled(outcome, this::startSettled);
  }

  private void startSettled(@Nullable Throwable failure) {
    lock.lock();
    try {
      started = true;
      if (failure != null) {
        dealWithRejection(failure);
      }
    } finally {
      lock.unlock();
    }
    advance();
  }

  State state() {
    return state;
  }

  /** Why the stream errors or errored; asked only in those states. */
  Throwable storedError() {
    Throwable error = storedError;
    if (error == null) {
      throw new IllegalStateException("expected an errored stream but was " + state);
    }
    return error;
  }

  AbortSignal signal() {
    return abortController.signal();
  }

  // The writer

  boolean locked() {
    return writer != null;
  }

  boolean isLockedTo(WritableStreamDefaultWriter<T> by) {
    return writer == by;
  }

  /** SetUpWritableStreamDefaultWriter; false if the stream is locked. */
  boolean acquire(WritableStreamDefaultWriter<T> by) {
    lock.lock();
    try {
      if (writer != null) {
        return false;
      }
      writer = by;
      switch (state) {
        case WRITABLE -> {}
        case ERRORING -> by.readyIs(Promise.rejected(storedError()));
        case CLOSED -> by.closedPromise().fulfill(null);
        case ERRORED -> {
          by.readyIs(Promise.rejected(storedError()));
          by.closedPromise().reject(storedError());
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** WritableStreamDefaultWriterRelease; does nothing for a writer that was released before. */
  void release(WritableStreamDefaultWriter<T> by) {
    lock.lock();
    try {
      if (writer != by) {
        return;
      }
      StreamStateException released = WritableStreamDefaultWriter.released();
      rejectReady(by, released);
      Promise<Void> closed = by.closedPromise();
      by.replaceClosed(Promise.rejected(released));
      lock.afterwards(() -> closed.reject(released)); // settled before, unless still writable
      writer = null;
    } finally {
      lock.unlock();
    }
  }

  /** The writer's ready promise: made only when somebody asks for it during backpressure. */
  Promise<Void> ready(WritableStreamDefaultWriter<T> by) {
    lock.lock();
    try {
      Promise<Void> ready = by.readyPromise();
      if (ready != null) {
        return ready;
      }
      if (state != State.WRITABLE || !backpressure || closeQueuedOrInFlight()) {
        return Promise.done();
      }
      Promise<Void> pending = new Promise<>();
      by.readyIs(pending);
      return pending;
    } finally {
      lock.unlock();
    }
  }

  /** WritableStreamDefaultWriterGetDesiredSize. */
  double desiredSize() {
    lock.lock();
    try {
      return switch (state) {
        case WRITABLE -> controllerDesiredSize();
        case CLOSED -> 0;
        case ERRORING, ERRORED -> Double.NaN;
      };
    } finally {
      lock.unlock();
    }
  }

  /** WritableStreamCloseQueuedOrInFlight, or closed. */
  boolean closingOrClosed() {
    lock.lock();
    try {
      return state == State.CLOSED || closeQueuedOrInFlight();
    } finally {
      lock.unlock();
    }
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
      Throwable refusal = refusal(by);
      if (refusal != null) {
        R refused = maker.get();
        lock.afterwards(() -> refused.failed(refusal));
        return refused;
      }
      if (started && !writing && queue.isEmpty()) {
        beginWrite(size, null);
      } else {
        request = maker.get();
        queue.add(chunk, size);
        requests.add(request);
      }
      updateBackpressure();
    } finally {
      lock.unlock();
    }
    if (request != null) {
      return request;
    }
    CompletableFuture<?> outcome = callWrite(chunk);
    if (Outcome.pending(outcome)) {
      R late = maker.get();
      lock.lock();
      writingRequest = late;
      lock.unlock();
      Outcome.whenSettled(outcome, this::writeSettled);
      return late;
    }
    Throwable failure = Outcome.failure(outcome);
    if (failure != null) {
      request = maker.get();
      lock.lock();
      writingRequest = request;
      lock.unlock();
    }
    writeSettled(failure);
    return request;
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

  /** WritableStreamDefaultWriterWrite, steps 5 to 9; under the lock. */
  private @Nullable Throwable refusal(WritableStreamDefaultWriter<T> by) {
    if (writer != by) {
      return WritableStreamDefaultWriter.released();
    }
    if (state == State.ERRORED) {
      return storedError();
    }
    if (state == State.CLOSED || closeQueuedOrInFlight()) {
      return notWritable();
    }
    return state == State.ERRORING ? storedError() : null;
  }

  private StreamStateException notWritable() {
    return new StreamStateException(
        "a writable stream that is open",
        closeQueuedOrInFlight() ? "one that is closing" : "one that is " + state);
  }

  // Closing and aborting

  /** WritableStreamClose. */
  Promise<Void> close() {
    Promise<Void> promise = new Promise<>();
    lock.lock();
    try {
      if (state == State.CLOSED || state == State.ERRORED || closeQueuedOrInFlight()) {
        return Promise.rejected(notWritable());
      }
      closeRequest = promise;
      if (writer != null && backpressure && state == State.WRITABLE) {
        fulfillReady(writer);
      }
    } finally {
      lock.unlock();
    }
    advance();
    return promise;
  }

  /** WritableStreamDefaultWriterCloseWithErrorPropagation. */
  Promise<Void> closeUnlessEnded() {
    if (state == State.ERRORED) {
      return Promise.rejected(storedError());
    }
    return closingOrClosed() ? Promise.done() : close();
  }

  /** WritableStreamAbort. */
  Promise<Void> abort(@Nullable Throwable given) {
    if (state == State.CLOSED || state == State.ERRORED) {
      return Promise.done();
    }
    Throwable reason = given == null ? new AbortError("the stream was aborted") : given;
    abortController.abort(reason); // its listeners may well change the state
    Promise<Void> promise = new Promise<>();
    lock.lock();
    try {
      if (state == State.CLOSED || state == State.ERRORED) {
        return Promise.done();
      }
      if (pendingAbort != null) {
        return pendingAbort.promise();
      }
      boolean wasErroring = state == State.ERRORING;
      pendingAbort = new PendingAbort(promise, reason, wasErroring);
      if (!wasErroring) {
        startErroring(reason);
      }
      return promise;
    } finally {
      lock.unlock();
    }
  }

  /** WritableStreamDefaultControllerErrorIfNeeded, and the controller's error(). */
  void error(Throwable failure) {
    lock.lock();
    try {
      if (state == State.WRITABLE) {
        sink = null; // step 2: an abort that comes later does not reach the sink
        startErroring(failure);
      }
    } finally {
      lock.unlock();
    }
  }

  // Under the lock

  private boolean closeQueuedOrInFlight() {
    return closeRequest != null || closing != null;
  }

  private double controllerDesiredSize() {
    return highWaterMark - (queue.total() + writingSize);
  }

  private void beginWrite(double size, @Nullable WriteRequest request) {
    writing = true;
    writingSize = size;
    writingRequest = request;
  }

  /** WritableStreamUpdateBackpressure, with what the controller now says. */
  private void updateBackpressure() {
    if (state != State.WRITABLE || closeQueuedOrInFlight()) {
      return;
    }
    boolean now = controllerDesiredSize() <= 0;
    if (now == backpressure) {
      return;
    }
    backpressure = now;
    WritableStreamDefaultWriter<T> told = writer;
    if (told != null) {
      if (now) {
        told.readyIs(null); // pending: made when asked for
      } else {
        fulfillReady(told);
      }
    }
  }

  private void fulfillReady(WritableStreamDefaultWriter<T> of) {
    Promise<Void> ready = of.readyPromise();
    if (ready != null) {
      lock.afterwards(() -> ready.fulfill(null));
    }
  }

  /** WritableStreamDefaultWriterEnsureReadyPromiseRejected. */
  private void rejectReady(WritableStreamDefaultWriter<T> of, Throwable failure) {
    Promise<Void> ready = of.readyPromise();
    of.readyIs(Promise.rejected(failure));
    if (ready != null) {
      lock.afterwards(() -> ready.reject(failure));
    }
  }

  /** WritableStreamDealWithRejection. */
  private void dealWithRejection(Throwable failure) {
    if (state == State.WRITABLE) {
      startErroring(failure);
    } else {
      finishErroring();
    }
  }

  /** WritableStreamStartErroring. */
  private void startErroring(Throwable reason) {
    storedError = reason;
    state = State.ERRORING;
    if (writer != null) {
      rejectReady(writer, reason);
    }
    if (!writing && closing == null && started) {
      finishErroring();
    }
  }

  /** WritableStreamFinishErroring. */
  private void finishErroring() {
    if (state != State.ERRORING) {
      throw new IllegalStateException("expected an erroring stream but was " + state);
    }
    state = State.ERRORED;
    Throwable error = storedError();
    queue.clear(); // [[ErrorSteps]]
    for (WriteRequest request : requests) {
      lock.afterwards(() -> request.failed(error));
    }
    requests.clear();
    PendingAbort abort = pendingAbort;
    pendingAbort = null;
    UnderlyingSink<T> aborted = sink;
    sink = null;
    if (abort == null) {
      rejectClose();
    } else if (abort.wasErroring()) {
      lock.afterwards(() -> abort.promise().reject(error));
      rejectClose();
    } else {
      lock.afterwards(() -> callAbort(aborted, abort)); // [[AbortSteps]]
    }
  }

  /** WritableStreamRejectCloseAndClosedPromiseIfNeeded. */
  private void rejectClose() {
    Throwable error = storedError();
    Promise<Void> request = closeRequest;
    closeRequest = null;
    if (request != null) {
      lock.afterwards(() -> request.reject(error));
    }
    if (writer != null) {
      Promise<Void> closed = writer.closedPromise();
      lock.afterwards(() -> closed.reject(error));
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
        chunk = writingChunk;
        writingChunk = null;
      } finally {
        lock.unlock();
      }
      if (step == Step.NOTHING) {
        return;
      }
      CompletableFuture<?> outcome =
          step == Step.WRITE && chunk != null ? callWrite(chunk) : callClose();
      if (Outcome.pending(outcome)) {
        Outcome.whenSettled(
            outcome, step == Step.WRITE ? this::writeSettled : this::closeSettledThenAdvance);
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
    if (!started || writing || closing != null) {
      return Step.NOTHING;
    }
    switch (state) {
      case CLOSED, ERRORED -> {
        return Step.NOTHING;
      }
      case ERRORING -> {
        finishErroring();
        return Step.NOTHING;
      }
      case WRITABLE -> {}
    }
    if (!queue.isEmpty()) {
      double size = queue.nextSize();
      writingChunk = queue.remove();
      beginWrite(size, requests.poll());
      return Step.WRITE;
    }
    if (closeRequest != null) {
      closing = closeRequest;
      closeRequest = null;
      return Step.CLOSE;
    }
    return Step.NOTHING;
  }

  private @Nullable CompletableFuture<?> callWrite(T chunk) {
    UnderlyingSink<T> target = sink;
    if (target == null) { // errored since this write was begun
      return CompletableFuture.failedFuture(storedError());
    }
    try {
      return Outcome.future(target.write(chunk, controller));
    } catch (Throwable thrown) {
      return Outcome.thrown(thrown);
    }
  }

  private @Nullable CompletableFuture<?> callClose() {
    UnderlyingSink<T> target = sink;
    return target == null
        ? CompletableFuture.failedFuture(storedError())
        : Outcome.of(target::close);
  }

  private void callAbort(@Nullable UnderlyingSink<T> target, PendingAbort abort) {
    CompletableFuture<?> outcome =
        target == null ? null : Outcome.of(() -> target.abort(abort.reason()));
    Outcome.whenSettled(
        outcome,
        failure -> {
          abort.promise().settle(failure);
          lock.lock();
          try {
            rejectClose();
          } finally {
            lock.unlock();
          }
        });
  }

  private void writeSettled(@Nullable Throwable failure) {
    endWrite(failure);
    advance();
  }

  private void closeSettledThenAdvance(@Nullable Throwable failure) {
    endClose(failure);
    advance();
  }

  /** WritableStreamFinishInFlightWrite or -WithError, and ProcessWrite steps 4 and 5. */
  private void endWrite(@Nullable Throwable failure) {
    lock.lock();
    try {
      WriteRequest request = writingRequest;
      writing = false;
      writingSize = 0;
      writingRequest = null;
      if (failure == null) {
        if (request != null) {
          lock.afterwards(request::written);
        }
        updateBackpressure();
      } else {
        if (request != null) {
          lock.afterwards(() -> request.failed(failure));
        }
        if (state == State.WRITABLE) {
          sink = null;
        }
        dealWithRejection(failure);
      }
    } finally {
      lock.unlock();
    }
  }

  /** WritableStreamFinishInFlightClose or -WithError. */
  private void endClose(@Nullable Throwable failure) {
    lock.lock();
    try {
      Promise<Void> promise = closing;
      PendingAbort abort = pendingAbort;
      closing = null;
      if (promise == null) {
        throw new IllegalStateException("expected a close in flight but was " + state);
      }
      if (failure == null) {
        lock.afterwards(() -> promise.fulfill(null));
        pendingAbort = null;
        if (abort != null) {
          lock.afterwards(() -> abort.promise().fulfill(null));
        }
        state = State.CLOSED; // also when erroring: the sink was faster
        sink = null;
        if (writer != null) {
          Promise<Void> closed = writer.closedPromise();
          lock.afterwards(() -> closed.fulfill(null));
        }
      } else {
        lock.afterwards(() -> promise.reject(failure));
        pendingAbort = null;
        if (abort != null) {
          lock.afterwards(() -> abort.promise().reject(failure));
        }
        dealWithRejection(failure);
      }
    } finally {
      lock.unlock();
    }
  }
}
