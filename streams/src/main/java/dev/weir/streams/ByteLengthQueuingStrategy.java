package dev.weir.streams;

import java.nio.ByteBuffer;

/**
 * Counts bytes: an array has its length as size, a buffer its remaining bytes. Immutable and so
 * thread-safe.
 *
 * <p>Chunks of other types error the stream; {@link QueuingStrategy#of} makes strategies for them.
 *
 * @param highWaterMark the number of bytes at which a queue is full
 * @see <a href="https://streams.spec.whatwg.org/#blqs-class">Streams Standard, 7.2</a>
 */
public record ByteLengthQueuingStrategy(double highWaterMark) implements QueuingStrategy<Object> {
  @Override
  public double size(Object chunk) {
    return switch (chunk) {
      case byte[] array -> array.length;
      case ByteBuffer buffer -> buffer.remaining();
      default ->
          throw new IllegalArgumentException(
              "expected a chunk of byte[] or ByteBuffer but was " + chunk.getClass().getName());
    };
  }
}
