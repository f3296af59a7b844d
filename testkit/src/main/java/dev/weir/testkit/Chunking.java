package dev.weir.testkit;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * How a stream of bytes is cut into the pieces in which it arrives, as a network may cut it
 * anywhere. Not thread-safe: one instance is for one direction of one link.
 */
public abstract class Chunking {
  private Chunking() {}

  /**
   * The size of the next piece.
   *
   * @param available how many bytes there are, positive
   * @return 1 to {@code available}
   */
  abstract int next(int available);

  /** As much as there is at once. */
  public static Chunking whole() {
    return new Chunking() {
      @Override
      int next(int available) {
        return available;
      }

      @Override
      public String toString() {
        return "Chunking.whole()";
      }
    };
  }

  /**
   * Pieces of a fixed size, and a shorter one where there is less.
   *
   * @param bytes the size in bytes, positive
   */
  public static Chunking pieces(int bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("expected pieces of 1 byte or more but was " + bytes);
    }
    return new Chunking() {
      @Override
      int next(int available) {
        return Math.min(bytes, available);
      }

      @Override
      public String toString() {
        return "Chunking.pieces(" + bytes + ")";
      }
    };
  }

  /** Single bytes. */
  public static Chunking byteByByte() {
    return pieces(1);
  }

  /**
   * Pieces of random sizes, mostly small; the same for the same seed and bytes. The seed is in
   * {@link #toString}.
   */
  public static Chunking seeded(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    return new Chunking() {
      @Override
      int next(int available) {
        // A limit that is itself random favours cuts inside of frame headers.
        int limit = 1 << random.nextInt(1, 17);
        return 1 + random.nextInt(Math.min(available, limit));
      }

      @Override
      public String toString() {
        return "Chunking.seeded(" + seed + "L)";
      }
    };
  }
}
