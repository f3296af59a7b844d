package dev.weir.streams;

/**
 * A queuing strategy whose numbers are checked. As thread-safe as the strategy.
 *
 * @param <T> the type of the chunks
 */
final class Measure<T> {
  private final QueuingStrategy<? super T> strategy;
  private final double highWaterMark;

  /** ExtractHighWaterMark: the mark is read once, and must be a number of zero or more. */
  Measure(QueuingStrategy<? super T> strategy) {
    this.strategy = strategy;
    this.highWaterMark = strategy.highWaterMark();
    if (Double.isNaN(highWaterMark) || highWaterMark < 0) {
      throw new IllegalArgumentException(
          "expected a high-water mark of zero or more but was " + highWaterMark);
    }
  }

  double highWaterMark() {
    return highWaterMark;
  }

  /** EnqueueValueWithSize, steps 2 and 3: a size is a finite number of zero or more. */
  double sizeOf(T chunk) {
    double size = strategy.size(chunk);
    if (!(size >= 0) || size == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          "expected a finite chunk size of zero or more but was " + size);
    }
    return size;
  }
}
