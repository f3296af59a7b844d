package dev.weir.streams;

import java.util.function.ToDoubleFunction;

/**
 * How a stream counts what it queues, and how much of it is enough. Implementations must be
 * thread-safe: sizes are taken on whatever thread writes or enqueues.
 *
 * @param <T> the type of the chunks
 * @see <a href="https://streams.spec.whatwg.org/#qs">Streams Standard, 7</a>
 */
public interface QueuingStrategy<T> {
  /**
   * The total size at which a queue is full; it may hold more. Asked once, when a stream is made.
   *
   * @return zero or more, possibly infinite
   */
  double highWaterMark();

  /**
   * The size of one chunk. What this throws errors the stream.
   *
   * @return zero or more, not infinite; 1 by default
   */
  default double size(T chunk) {
    return 1;
  }

  /**
   * A strategy of a mark and a function.
   *
   * @param highWaterMark zero or more, possibly infinite
   * @param size the size of a chunk, zero or more
   */
  static <T> QueuingStrategy<T> of(double highWaterMark, ToDoubleFunction<? super T> size) {
    return new QueuingStrategy<>() {
      @Override
      public double highWaterMark() {
        return highWaterMark;
      }

      @Override
      public double size(T chunk) {
        return size.applyAsDouble(chunk);
      }
    };
  }
}
