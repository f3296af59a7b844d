package dev.weir.streams;

import dev.weir.streams.ReadableCore.State;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How far a readable stream is on its way from readable to closed or errored, and who of its reader
 * waits for chunks. Guarded by the stream's lock, except for what says that it may be read without;
 * tells others only after the lock is released.
 *
 * @param <T> the type of the chunks
 * @see <a href="https://streams.spec.whatwg.org/#rs-abstract-ops-used-by-controllers">Streams
 *     Standard, 4.9.2</a>
 */
final class ReadableState<T> {
  private final StreamLock lock;

  // Read also without the lock.
  private volatile State state = State.READABLE;
  private volatile @Nullable Throwable storedError; // written before the state becomes ERRORED
  private volatile @Nullable ReadableStreamDefaultReader<T> reader;
  private volatile boolean closeRequested;
  private volatile boolean requested; // whether there are requests

  private final ArrayDeque<ReadRequest<T>> requests = new ArrayDeque<>(2);
  private @Nullable Throwable errorWhenDrained;

  ReadableState(StreamLock lock) {
    this.lock = lock;
  }

  // Without the lock

  State now() {
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

  @Nullable ReadableStreamDefaultReader<T> reader() {
    return reader;
  }

  /** Whether somebody waits for a chunk. */
  boolean requested() {
    return requested;
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

  // The reader

  boolean acquire(ReadableStreamDefaultReader<T> by) {
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
  }

  void release(ReadableStreamDefaultReader<T> by) {
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
  }

  void addRequest(ReadRequest<T> request) {
    requests.add(request);
    requested = true;
  }

  /** Who has waited longest; null if nobody waits. */
  @Nullable ReadRequest<T> takeRequest() {
    ReadRequest<T> request = requests.poll();
    if (request != null) {
      requested = !requests.isEmpty();
    }
    return request;
  }

  boolean withdrawRequest(ReadRequest<T> request) {
    boolean withdrawn = requests.remove(request);
    requested = !requests.isEmpty();
    return withdrawn;
  }

  private void answerRequests(Consumer<ReadRequest<T>> answer) {
    for (ReadRequest<T> request : requests) {
      lock.afterwards(() -> answer.accept(request));
    }
    requests.clear();
    requested = false;
  }

  // The end

  /** The stream is to close when its queue is empty. */
  void requestClose() {
    closeRequested = true;
  }

  /** The stream is to error when its queue is empty; of several calls the first counts. */
  void requestError(Throwable failure) {
    if (errorWhenDrained == null) {
      errorWhenDrained = failure;
    }
    closeRequested = true;
  }

  /** The queue is empty after a request to close or error. */
  void drained() {
    if (errorWhenDrained == null) {
      close();
    } else {
      error(errorWhenDrained);
    }
  }

  /** ReadableStreamClose. */
  void close() {
    state = State.CLOSED;
    if (reader != null) {
      Promise<Void> closed = reader.closedPromise();
      lock.afterwards(() -> closed.fulfill(null));
      answerRequests(ReadRequest::close);
    }
  }

  /** ReadableStreamError. */
  void error(Throwable failure) {
    storedError = failure;
    state = State.ERRORED;
    if (reader != null) {
      Promise<Void> closed = reader.closedPromise();
      lock.afterwards(() -> closed.reject(failure));
      answerRequests(request -> request.error(failure));
    }
  }
}
