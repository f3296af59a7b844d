package dev.weir.streams;

import java.util.Objects;

/**
 * What a source holds of its {@link ReadableStream}: the way in for chunks and for the end.
 * Thread-safe; chunks enqueued by one thread are read in that order.
 *
 * @param <T> the type of the chunks
 * @see <a href="https://streams.spec.whatwg.org/#rs-default-controller-class">Streams Standard,
 *     4.6</a>
 */
public final class ReadableStreamDefaultController<T> {
  private final ReadableCore<T> stream;

  ReadableStreamDefaultController(ReadableCore<T> stream) {
    this.stream = stream;
  }

  ReadableCore<T> stream() {
    return stream;
  }

  /**
   * How much more the queue wants, in the strategy's units: the high-water mark less what is
   * queued, negative when it is over-full; 0 when the stream is closed, NaN when it is errored.
   */
  public double desiredSize() {
    return stream.desiredSize();
  }

  /**
   * The total size of the chunks in the queue, in the strategy's units. Not in the standard, where
   * it follows from the desired size.
   */
  public double queuedSize() {
    return stream.queuedSize();
  }

  /**
   * Hands the chunk to whoever waits for one, or else queues it.
   *
   * @throws StreamStateException if the stream is closed, asked to close, or errored; a source that
   *     may be cancelled at any moment by another thread uses {@link #tryEnqueue}
   * @throws IllegalArgumentException if the strategy gives a size that is negative or not finite;
   *     this, and what the strategy throws, also errors the stream
   */
  public void enqueue(T chunk) {
    if (!tryEnqueue(chunk)) {
      throw stream.cannotCloseOrEnqueue();
    }
  }

  /**
   * As {@link #enqueue}, but returns false where that throws StreamStateException. Not in the
   * standard, where nothing can end a stream between a check and the call.
   */
  public boolean tryEnqueue(T chunk) {
    return stream.enqueue(Objects.requireNonNull(chunk, "chunk"));
  }

  /**
   * Ends the stream once the chunks in the queue have been read.
   *
   * @throws StreamStateException if the stream is closed, asked to close, or errored
   */
  public void close() {
    if (!stream.close()) {
      throw stream.cannotCloseOrEnqueue();
    }
  }

  /**
   * Errors the stream at once; chunks in the queue are discarded. Does nothing if the stream is
   * closed or errored.
   */
  public void error(Throwable failure) {
    stream.error(Objects.requireNonNull(failure, "failure"));
  }

  /**
   * Errors the stream once the chunks in the queue have been read; until then nothing can be
   * enqueued. A consumer that cancels before that just closes the stream, and {@link #error} errors
   * it at once. Of several calls the first counts. Does nothing if the stream is closed or errored.
   *
   * <p>Not in the standard, whose {@code error} loses what was received before a failure.
   */
  public void errorWhenDrained(Throwable failure) {
    stream.errorWhenDrained(Objects.requireNonNull(failure, "failure"));
  }
}
