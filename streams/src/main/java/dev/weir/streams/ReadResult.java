package dev.weir.streams;

import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * What a read came to: a chunk, or the end of the stream. Immutable and so thread-safe.
 *
 * @param value the chunk, or null at the end
 * @param done whether this is the end
 * @param <T> the type of the chunks
 */
public record ReadResult<T>(@Nullable T value, boolean done) {
  private static final ReadResult<?> END = new ReadResult<>(null, true);

  /** Checks that there is a chunk or an end, and not both. */
  public ReadResult {
    if ((value == null) != done) {
      throw new IllegalArgumentException(
          "expected either a chunk or the end but was value " + value + ", done " + done);
    }
  }

  /** A chunk. */
  public static <T> ReadResult<T> chunk(T value) {
    return new ReadResult<>(value, false);
  }

  /** The end of a stream. */
  @SuppressWarnings("unchecked") // holds no chunk
  public static <T> ReadResult<T> end() {
    return (ReadResult<T>) END;
  }

  /** The chunk; throws NoSuchElementException at the end. */
  public T orElseThrow() {
    if (value == null) {
      throw new NoSuchElementException("expected a chunk but was the end of the stream");
    }
    return value;
  }
}
