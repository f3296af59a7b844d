package dev.weir.streams;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Writes chunks to one {@link WritableStream}, which is locked to it until it is released.
 * Thread-safe; what one thread writes reaches the sink in that order.
 *
 * @param <T> the type of the chunks
 * @see <a href="https://streams.spec.whatwg.org/#default-writer-class">Streams Standard, 5.3</a>
 */
public final class WritableStreamDefaultWriter<T> {
  private final WritableCore<T> stream;
  private volatile Promise<Void> closed = new Promise<>(); // replaced under the stream's lock

  // Guarded by the stream's lock. Null: fulfilled or pending as the stream's backpressure says.
  private @Nullable Promise<Void> ready;

  /**
   * Locks the stream, as {@link WritableStream#getWriter} does.
   *
   * @throws StreamStateException if the stream is locked
   */
  public WritableStreamDefaultWriter(WritableStream<T> stream) {
    this(stream.core());
  }

  WritableStreamDefaultWriter(WritableCore<T> stream) {
    this.stream = stream;
    if (!stream.acquire(this)) {
      throw WritableStream.isLocked();
    }
  }

  static StreamStateException released() {
    return new StreamStateException("a writer that holds its stream", "one that was released");
  }

  WritableCore<T> stream() {
    return stream;
  }

  Promise<Void> closedPromise() {
    return closed;
  }

  void replaceClosed(Promise<Void> replacement) {
    closed = replacement;
  }

  @Nullable Promise<Void> readyPromise() {
    return ready;
  }

  void readyIs(@Nullable Promise<Void> promise) {
    ready = promise;
  }

  /**
   * Fulfilled when the stream is closed; rejected when it errors, or when this writer is released.
   */
  public CompletableFuture<Void> closed() {
    return closed;
  }

  /**
   * Fulfilled while the queue has room; pending while it has none; rejected when the stream errors,
   * or when this writer is released. Each wait for room has a future of its own.
   */
  public CompletableFuture<Void> ready() {
    return stream.ready(this);
  }

  /**
   * How much more the queue wants, in the strategy's units: the high-water mark less what is queued
   * or being written, negative when it is over-full; 0 when the stream is closed, NaN when it is
   * errored or about to be.
   *
   * @throws StreamStateException if the writer is released
   */
  public double desiredSize() {
    if (!stream.isLockedTo(this)) {
      throw released();
    }
    return stream.desiredSize();
  }

  /**
   * Queues the chunk, or hands it to the sink at once if that is idle, whether or not there is
   * room: who wants to keep to the high-water mark waits for {@link #ready} first. The future
   * completes when the sink has taken the chunk; it fails with the sink's failure, with the
   * stream's error, or with a StreamStateException if the stream is closing or closed or the writer
   * is released.
   */
  public CompletableFuture<Void> write(T chunk) {
    WriteRequest.Future request =
        stream.write(this, Objects.requireNonNull(chunk, "chunk"), WriteRequest.Future::new);
    return request == null ? Promise.done() : request;
  }

  /**
   * Writes the chunk and waits until the sink has taken it. Meant for virtual threads. Throws the
   * sink's or the stream's own error, checked or not.
   *
   * @throws InterruptedException if the thread is interrupted before (nothing is written then) or
   *     while it waits (the chunk may still be written)
   * @throws StreamStateException if the stream is closing or closed, or the writer is released
   */
  public void writeBlocking(T chunk) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    BlockingWrite request =
        stream.write(this, Objects.requireNonNull(chunk, "chunk"), BlockingWrite::new);
    if (request != null) {
      request.await();
    }
  }

  /**
   * Closes the stream once all that was written has reached the sink. The future completes when the
   * sink has closed; it fails with a StreamStateException if the stream is closing, closed or
   * errored or the writer is released.
   */
  public CompletableFuture<Void> close() {
    return stream.isLockedTo(this) ? stream.close() : Promise.rejected(released());
  }

  /**
   * As {@link #close()}, and waits for the sink to have closed. Throws the sink's or the stream's
   * own error, checked or not.
   *
   * @throws InterruptedException if the thread is interrupted while it waits; the stream still
   *     closes
   */
  public void closeBlocking() throws InterruptedException {
    Outcome.await(close());
  }

  /** As {@link #abort(Throwable)} without a reason. */
  public CompletableFuture<Void> abort() {
    return abort(null);
  }

  /**
   * Gives the stream up: writes that wait fail with the reason, and the sink is told it. The future
   * completes when the sink is done with that.
   *
   * @param reason why; a new {@link AbortError} if null
   */
  public CompletableFuture<Void> abort(@Nullable Throwable reason) {
    return stream.isLockedTo(this) ? stream.abort(reason) : Promise.rejected(released());
  }

  /** Unlocks the stream; writes that were made go on. */
  public void releaseLock() {
    stream.release(this);
  }
}
