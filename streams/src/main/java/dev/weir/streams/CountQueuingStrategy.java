package dev.weir.streams;

/**
 * Counts chunks: each has size 1. Immutable and so thread-safe.
 *
 * @param highWaterMark the number of chunks at which a queue is full
 * @see <a href="https://streams.spec.whatwg.org/#cqs-class">Streams Standard, 7.3</a>
 */
public record CountQueuingStrategy(double highWaterMark) implements QueuingStrategy<Object> {
  @Override
  public double size(Object chunk) {
    return 1;
  }
}
