package dev.weir.streams;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * First in, first out, with a size for each chunk and their total. Not thread-safe: a stream's lock
 * guards it.
 *
 * @param <T> the type of the chunks
 * @see <a href="https://streams.spec.whatwg.org/#queue-with-sizes">Streams Standard, 8.1</a>
 */
final class QueueWithSizes<T> {
  private static final int FIRST_CAPACITY = 8;

  /** A ring larger than this is let go when it has run empty. */
  private static final int KEPT_CAPACITY = 256;

  private static final @Nullable Object[] NO_CHUNKS = {};
  private static final double[] NO_SIZES = {};

  // A ring whose length is a power of two, or zero.
  private @Nullable Object[] chunks = NO_CHUNKS;
  private double[] sizes = NO_SIZES;
  private int head;
  private int count;

  private double total;

  boolean isEmpty() {
    return count == 0;
  }

  int count() {
    return count;
  }

  /** The sum of the sizes. */
  double total() {
    return total;
  }

  /** EnqueueValueWithSize, with a size that was checked. */
  void add(T chunk, double size) {
    if (count == chunks.length) {
      grow();
    }
    int tail = (head + count) & (chunks.length - 1);
    chunks[tail] = chunk;
    sizes[tail] = size;
    count++;
    total += size;
  }

  /** The size of the chunk that {@link #remove} gives next. */
  double nextSize() {
    return sizes[head];
  }

  /** DequeueValue. */
  T remove() {
    @SuppressWarnings("unchecked") // only add() puts something in
    T chunk = (T) chunks[head];
    if (chunk == null) {
      throw new IllegalStateException("expected a queued chunk but was an empty queue");
    }
    total = Math.max(0, total - sizes[head]); // sums of doubles may be rounded below zero
    chunks[head] = null;
    head = (head + 1) & (chunks.length - 1);
    count--;
    if (count == 0) {
      total = 0;
      if (chunks.length > KEPT_CAPACITY) {
        clear();
      }
    }
    return chunk;
  }

  /** Takes all of the other's chunks, behind those in here. */
  void addAllOf(QueueWithSizes<T> other) {
    if (count == 0) {
      swapWith(other);
    }
    while (other.count > 0) {
      double size = other.nextSize();
      add(other.remove(), size);
    }
  }

  private void swapWith(QueueWithSizes<T> other) {
    @Nullable Object[] otherChunks = other.chunks;
    double[] otherSizes = other.sizes;
    int otherHead = other.head;
    int otherCount = other.count;
    double otherTotal = other.total;
    other.chunks = chunks;
    other.sizes = sizes;
    other.head = head;
    other.count = count;
    other.total = total;
    chunks = otherChunks;
    sizes = otherSizes;
    head = otherHead;
    count = otherCount;
    total = otherTotal;
  }

  /** ResetQueue. */
  void clear() {
    chunks = NO_CHUNKS;
    sizes = NO_SIZES;
    head = 0;
    count = 0;
    total = 0;
  }

  private void grow() {
    int capacity = chunks.length;
    int larger = Math.max(FIRST_CAPACITY, capacity * 2);
    @Nullable Object[] movedChunks = Arrays.copyOfRange(chunks, head, head + larger);
    double[] movedSizes = Arrays.copyOfRange(sizes, head, head + larger);
    System.arraycopy(chunks, 0, movedChunks, capacity - head, head);
    System.arraycopy(sizes, 0, movedSizes, capacity - head, head);
    chunks = movedChunks;
    sizes = movedSizes;
    head = 0;
  }
}
