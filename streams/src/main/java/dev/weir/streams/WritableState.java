package dev.weir.streams;

import dev.weir.streams.WritableCore.State;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How far a writable stream is on its way from writable to closed or errored, and what its writer
 * is told of that. Guarded by the stream's lock, except for what says that it may be read without;
 * tells others only after the lock is released.
 *
 * @param <T> the type of the chunks
 * @see <a href="https://streams.spec.whatwg.org/#ws-abstract-ops-used-by-controllers">Streams
 *     Standard, 5.5.3</a>
 */
final class WritableState<T> {
  private record PendingAbort(Promise<Void> promise, Throwable reason, boolean wasErroring) {}

  private final StreamLock lock;
  private final WriteQueue<T> queue;
  private final double highWaterMark;

  /** Calls the sink's abort, outside of the lock, and settles the promise with what follows. */
  private final BiConsumer<Throwable, Promise<Void>> callAbort;

  // Read also without the lock.
  private volatile State state = State.WRITABLE;
  private volatile @Nullable Throwable storedError; // written before the state is ERRORING
  private volatile @Nullable WritableStreamDefaultWriter<T> writer;
  private volatile boolean closeAsked; // once and for all

  private boolean started;
  private boolean backpressure;
  private @Nullable PendingAbort pendingAbort;
  private @Nullable Promise<Void> closeRequest; // asked for, and not yet begun
  private @Nullable Promise<Void> closing; // the sink's close is under way

  WritableState(
      StreamLock lock,
      WriteQueue<T> queue,
      double highWaterMark,
      BiConsumer<Throwable, Promise<Void>> callAbort) {
    this.lock = lock;
    this.queue = queue;
    this.highWaterMark = highWaterMark;
    this.backpressure = highWaterMark <= 0;
    this.callAbort = callAbort;
  }

  // Without the lock

  State now() {
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

  boolean ended() {
    return state == State.CLOSED || state == State.ERRORED;
  }

  /** WritableStreamCloseQueuedOrInFlight, or closed. */
  boolean closingOrClosed() {
    return closeAsked && state != State.ERRORED;
  }

  @Nullable WritableStreamDefaultWriter<T> writer() {
    return writer;
  }

  // The writer

  boolean acquire(WritableStreamDefaultWriter<T> by) {
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
  }

  void release(WritableStreamDefaultWriter<T> by) {
    if (writer != by) {
      return;
    }
    StreamStateException released = WritableStreamDefaultWriter.released();
    rejectReady(by, released);
    Promise<Void> closed = by.closedPromise();
    by.replaceClosed(Promise.rejected(released));
    lock.afterwards(() -> closed.reject(released)); // settled before, unless still writable
    writer = null;
  }

  Promise<Void> ready(WritableStreamDefaultWriter<T> by) {
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
  }

  double desiredSize() {
    return switch (state) {
      case WRITABLE -> highWaterMark - queue.total();
      case CLOSED -> 0;
      case ERRORING, ERRORED -> Double.NaN;
    };
  }

  /** WritableStreamDefaultWriterWrite, steps 5 to 9. */
  @Nullable Throwable refusal(WritableStreamDefaultWriter<T> by) {
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

  StreamStateException notWritable() {
    return new StreamStateException(
        "a writable stream that is open",
        closeQueuedOrInFlight() ? "one that is closing" : "one that is " + state);
  }

  /** WritableStreamUpdateBackpressure, with what the queue now says. */
  void updateBackpressure() {
    if (state != State.WRITABLE || closeQueuedOrInFlight()) {
      return;
    }
    boolean now = desiredSize() <= 0;
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

  // Closing

  boolean closeQueuedOrInFlight() {
    return closeRequest != null || closing != null;
  }

  /** WritableStreamClose, steps 5 to 8. */
  void requestClose(Promise<Void> promise) {
    closeRequest = promise;
    closeAsked = true;
    if (writer != null && backpressure && state == State.WRITABLE) {
      fulfillReady(writer);
    }
  }

  /** WritableStreamMarkCloseRequestInFlight; false if no close was asked for. */
  boolean beginClose() {
    closing = closeRequest;
    closeRequest = null;
    return closing != null;
  }

  /** WritableStreamFinishInFlightClose or -WithError. */
  void endClose(@Nullable Throwable failure) {
    Promise<Void> promise = closing;
    PendingAbort abort = pendingAbort;
    closing = null;
    pendingAbort = null;
    if (promise == null) {
      throw new IllegalStateException("expected a close in flight but was " + state);
    }
    lock.afterwards(() -> promise.settle(failure));
    if (abort != null) {
      lock.afterwards(() -> abort.promise().settle(failure));
    }
    if (failure != null) {
      dealWithRejection(failure);
      return;
    }
    state = State.CLOSED; // also when erroring: the sink was faster
    if (writer != null) {
      Promise<Void> closed = writer.closedPromise();
      lock.afterwards(() -> closed.fulfill(null));
    }
  }

  // Erroring

  /** SetUpWritableStreamDefaultController, steps 17 and 18. */
  void started(@Nullable Throwable failure) {
    started = true;
    if (failure != null) {
      dealWithRejection(failure);
    }
  }

  boolean canCallSink() {
    return started && !queue.writing() && closing == null;
  }

  /** WritableStreamAbort, steps 5 to 10. */
  Promise<Void> abort(Throwable reason) {
    if (pendingAbort != null) {
      return pendingAbort.promise();
    }
    Promise<Void> promise = new Promise<>();
    boolean wasErroring = state == State.ERRORING;
    pendingAbort = new PendingAbort(promise, reason, wasErroring);
    if (!wasErroring) {
      startErroring(reason);
    }
    return promise;
  }

  /** WritableStreamDealWithRejection. */
  void dealWithRejection(Throwable failure) {
    if (state == State.WRITABLE) {
      startErroring(failure);
    } else {
      finishErroring();
    }
  }

  /** WritableStreamStartErroring. */
  void startErroring(Throwable reason) {
    storedError = reason;
    state = State.ERRORING;
    if (writer != null) {
      rejectReady(writer, reason);
    }
    if (canCallSink()) {
      finishErroring();
    }
  }

  /** WritableStreamFinishErroring. */
  void finishErroring() {
    if (state != State.ERRORING) {
      throw new IllegalStateException("expected an erroring stream but was " + state);
    }
    state = State.ERRORED;
    Throwable error = storedError();
    for (WriteRequest request : queue.clear()) { // [[ErrorSteps]]
      lock.afterwards(() -> request.failed(error));
    }
    PendingAbort abort = pendingAbort;
    pendingAbort = null;
    if (abort == null) {
      rejectClose();
    } else if (abort.wasErroring()) {
      lock.afterwards(() -> abort.promise().reject(error));
      rejectClose();
    } else {
      lock.afterwards(() -> callAbort.accept(abort.reason(), abort.promise())); // [[AbortSteps]]
    }
  }

  /** WritableStreamRejectCloseAndClosedPromiseIfNeeded. */
  void rejectClose() {
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
}
