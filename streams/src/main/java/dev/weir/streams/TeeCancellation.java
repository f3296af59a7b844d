package dev.weir.streams;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The reason with which a stream is cancelled after both branches of its {@link ReadableStream#tee}
 * were. Thread-safe in the way of all exceptions.
 *
 * <p>The standard has an array of the two reasons in this place.
 */
public final class TeeCancellation extends CancellationException {
  private static final long serialVersionUID = 1L;

  private final @Nullable Throwable first;
  private final @Nullable Throwable second;

  TeeCancellation(@Nullable Throwable first, @Nullable Throwable second) {
    super("both branches of the tee were cancelled");
    this.first = first;
    this.second = second;
    if (first != null) {
      initCause(first);
    }
    if (second != null && second != first) {
      addSuppressed(second);
    }
  }

  /** The reasons of the first and of the second branch, in this order; each may be null. */
  public List<@Nullable Throwable> reasons() {
    return Collections.unmodifiableList(Arrays.asList(first, second));
  }
}
