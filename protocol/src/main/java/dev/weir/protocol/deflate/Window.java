package dev.weir.protocol.deflate;

import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The last bytes of a direction's messages, which the next message may refer back to (context
 * takeover, RFC 7692 §7.1.1). It grows with what it has to hold. Not thread-safe.
 */
final class Window {
  private static final byte[] EMPTY = {};
  private static final int LEAST_BYTES = 512;

  private int capacity;
  private byte[] ring = EMPTY;
  private int end;
  private int length;

  /** An empty one that will hold this many bytes. */
  Window(int capacity) {
    this.capacity = capacity;
  }

  /** From now on at least this many bytes are held. */
  void widenTo(int bytes) {
    capacity = Math.max(capacity, bytes);
  }

  int length() {
    return length;
  }

  /** Takes the next bytes, of which at most the window's size is kept. */
  void append(byte[] bytes, int from, int count) {
    int kept = Math.min(count, capacity);
    reserve(kept);
    int start = from + count - kept;
    int toEnd = Math.min(kept, ring.length - end);
    System.arraycopy(bytes, start, ring, end, toEnd);
    System.arraycopy(bytes, start + toEnd, ring, 0, kept - toEnd);
    end = (end + kept) % Math.max(1, ring.length);
    length = Math.min(ring.length, length + kept);
  }

  private void reserve(int count) {
    int needed = Math.min(capacity, length + count);
    if (needed <= ring.length) {
      return;
    }
    int room = Math.min(capacity, Math.max(needed, Math.max(LEAST_BYTES, 2 * ring.length)));
    byte[] wider = new byte[room];
    int start = start(length);
    int toEnd = Math.min(length, ring.length - start);
    System.arraycopy(ring, start, wider, 0, toEnd);
    System.arraycopy(ring, 0, wider, toEnd, length - toEnd);
    ring = wider;
    end = length;
  }

  /** Lets the inflater refer back to all of it. */
  void giveTo(Inflater inflater) {
    int start = start(length);
    int toEnd = Math.min(length, ring.length - start);
    if (toEnd > 0) {
      inflater.setDictionary(ring, start, toEnd);
    }
    if (length > toEnd) {
      inflater.setDictionary(ring, 0, length - toEnd);
    }
  }

  /** Lets the deflater refer back to the last {@code count} bytes of it, or to all it has. */
  void giveTo(Deflater deflater, int count) {
    int given = Math.min(count, length);
    int start = start(given);
    int toEnd = Math.min(given, ring.length - start);
    if (toEnd > 0) {
      deflater.setDictionary(ring, start, toEnd);
    }
    if (given > toEnd) {
      deflater.setDictionary(ring, 0, given - toEnd);
    }
  }

  private int start(int count) {
    return end >= count ? end - count : end - count + ring.length;
  }
}
