package dev.weir.streams;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the chunks of one {@link ReadableStream}, which is locked to it until it is released.
 * Thread-safe; reads are answered in the order in which they were made.
 *
 * @param <T> the type of the chunks
 * @see <a href="https://streams.spec.whatwg.org/#default-reader-class">Streams Standard, 4.4</a>
 */
public final class ReadableStreamDefaultReader<T> {
  private final ReadableCore<T> stream;
  private volatile Promise<Void> closed = new Promise<>(); // replaced under the stream's lock

  /**
   * Locks the stream, as {@link ReadableStream#getReader} does.
   *
   * @throws StreamStateException if the stream is locked
   */
  public ReadableStreamDefaultReader(ReadableStream<T> stream) {
    this(stream.core());
  }

  ReadableStreamDefaultReader(ReadableCore<T> stream) {
    this.stream = stream;
    if (!stream.acquire(this)) {
      throw ReadableStream.isLocked();
    }
  }

  static StreamStateException released() {
    return new StreamStateException("a reader that holds its stream", "one that was released");
  }

  ReadableCore<T> stream() {
    return stream;
  }

  Promise<Void> closedPromise() {
    return closed;
  }

  void replaceClosed(Promise<Void> replacement) {
    closed = replacement;
  }

  /**
   * Fulfilled when the stream is closed; rejected when it errors, or when this reader is released.
   */
  public CompletableFuture<Void> closed() {
    return closed;
  }

  /**
   * The next chunk, or the end. The future is complete on return if a chunk is queued; else it is
   * completed on the thread that enqueues. It fails with the stream's error, or with a
   * StreamStateException if the reader is or gets released.
   */
  public CompletableFuture<ReadResult<T>> read() {
    T queued = stream.takeQueued(this);
    if (queued != null) {
      return CompletableFuture.completedFuture(ReadResult.chunk(queued)); // nobody else has it
    }
    ReadRequest.Future<T> request = new ReadRequest.Future<>();
    T chunk = stream.pollOrWait(this, request);
    if (chunk != null) {
      request.chunk(chunk);
    }
    return request;
  }

  /**
   * The next chunk, waiting for it if necessary, or null at the end. Meant for virtual threads.
   * Throws the stream's own error, checked or not. An interrupt loses no chunk.
   *
   * @throws InterruptedException if the thread is interrupted before or while it waits
   * @throws StreamStateException if the reader is or gets released
   */
  public @Nullable T readBlocking() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    T queued = stream.takeQueued(this);
    if (queued != null) {
      return queued;
    }
    BlockingRead<T> request = new BlockingRead<>();
    T chunk = stream.pollOrWait(this, request);
    return chunk != null ? chunk : request.await(stream);
  }

  /**
   * As {@link #readBlocking()}, but waits no longer than the timeout.
   *
   * @throws TimeoutException if there was no chunk and no end in that time; none is lost
   */
  public @Nullable T readBlocking(Duration timeout) throws InterruptedException, TimeoutException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    BlockingRead<T> request = new BlockingRead<>();
    T chunk = stream.pollOrWait(this, request);
    return chunk != null ? chunk : request.await(stream, timeout.toNanos());
  }

  /**
   * What is there now: a chunk, the end, or null if neither. Does not wait, and does not make a
   * source whose stream has a high-water mark of 0 produce anything. Throws the stream's own error,
   * checked or not.
   *
   * @throws StreamStateException if the reader is released
   */
  public @Nullable ReadResult<T> tryRead() {
    T chunk = stream.poll(this);
    if (chunk != null) {
      return ReadResult.chunk(chunk);
    }
    return switch (stream.state()) {
      case READABLE -> null;
      case CLOSED -> ReadResult.end();
      case ERRORED -> throw Outcome.raise(stream.storedError());
    };
  }

  /** As {@link #cancel(Throwable)} without a reason. */
  public CompletableFuture<Void> cancel() {
    return cancel(null);
  }

  /**
   * Gives the stream up: what is queued is discarded, and the source is told the reason. The future
   * completes when the source is done with that.
   */
  public CompletableFuture<Void> cancel(@Nullable Throwable reason) {
    if (!stream.isLockedTo(this)) {
      return Promise.rejected(released());
    }
    return stream.cancel(reason);
  }

  /** Unlocks the stream; reads that still wait fail with a StreamStateException. */
  public void releaseLock() {
    stream.release(this);
  }
}
