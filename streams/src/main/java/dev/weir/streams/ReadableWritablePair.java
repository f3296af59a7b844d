package dev.weir.streams;

/**
 * Two streams that belong together: what is written to the one comes, somehow, out of the other.
 * Implementations are thread-safe and return the same streams at each call.
 *
 * @param <R> the type of the chunks to be read
 * @param <W> the type of the chunks to be written
 */
public interface ReadableWritablePair<R, W> {
  /** The side to read from. */
  ReadableStream<R> readable();

  /** The side to write to. */
  WritableStream<W> writable();
}
