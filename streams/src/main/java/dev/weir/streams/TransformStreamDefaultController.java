package dev.weir.streams;

import java.util.Objects;

/**
 * What a transformer holds of its {@link TransformStream}: the way out for chunks, and the means to
 * end it. Thread-safe.
 *
 * @param <O> the type of the chunks that are read
 * @see <a href="https://streams.spec.whatwg.org/#ts-default-controller-class">Streams Standard,
 *     6.3</a>
 */
public final class TransformStreamDefaultController<O> {
  private final TransformCore<?, O> stream;

  TransformStreamDefaultController(TransformCore<?, O> stream) {
    this.stream = stream;
  }

  /**
   * How much more the readable side's queue wants, in its strategy's units; 0 when it is closed,
   * NaN when it is errored.
   */
  public double desiredSize() {
    return stream.readable().desiredSize();
  }

  /**
   * Hands the chunk to the readable side.
   *
   * @throws StreamStateException if that is closed, asked to close, or errored
   * @throws IllegalArgumentException if its strategy gives a size that is negative or not finite;
   *     this, and what the strategy throws, also errors both sides
   */
  public void enqueue(O chunk) {
    stream.enqueue(Objects.requireNonNull(chunk, "chunk"));
  }

  /** Errors both sides; chunks that wait are discarded. */
  public void error(Throwable failure) {
    stream.error(Objects.requireNonNull(failure, "failure"));
  }

  /** Closes the readable side once its chunks have been read, and errors the writable side. */
  public void terminate() {
    stream.terminate();
  }
}
