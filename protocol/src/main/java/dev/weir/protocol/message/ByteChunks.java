package dev.weir.protocol.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bytes of a message whose length nobody knows before its end, in pieces that never move: no more
 * memory than the bytes themselves and 64 KiB more, until they are put together. Not thread-safe.
 */
final class ByteChunks {
  private static final byte[] EMPTY = {};
  private static final int LEAST_BYTES = 512;
  private static final int MOST_BYTES = 1 << 16;

  private final List<byte[]> full = new ArrayList<>(0);
  private int fullBytes;
  private byte[] last = EMPTY;
  private int lastBytes;

  /** Copies bytes behind those that are there. */
  void add(byte[] bytes, int from, int count) {
    if (last.length == 0) {
      // Most messages come at once: then this is all of them, and fits exactly.
      last = Arrays.copyOfRange(bytes, from, from + count);
      lastBytes = count;
      return;
    }
    int fitting = Math.min(count, last.length - lastBytes);
    System.arraycopy(bytes, from, last, lastBytes, fitting);
    lastBytes += fitting;
    int rest = count - fitting;
    if (rest > 0) {
      full.add(last);
      fullBytes += lastBytes;
      int room = Math.max(LEAST_BYTES, Math.min(MOST_BYTES, fullBytes));
      last = new byte[Math.max(rest, room)];
      System.arraycopy(bytes, from + fitting, last, 0, rest);
      lastBytes = rest;
    }
  }

  /** All bytes as UTF-8. */
  String toText() {
    if (full.isEmpty()) {
      return new String(last, 0, lastBytes, StandardCharsets.UTF_8);
    }
    return new String(toArray(), StandardCharsets.UTF_8);
  }

  /** All bytes in one array, which nothing else uses once this is dropped. */
  byte[] toArray() {
    if (full.isEmpty() && lastBytes == last.length) {
      return last;
    }
    byte[] all = new byte[fullBytes + lastBytes];
    int at = 0;
    for (byte[] chunk : full) {
      System.arraycopy(chunk, 0, all, at, chunk.length);
      at += chunk.length;
    }
    System.arraycopy(last, 0, all, at, lastBytes);
    return all;
  }
}
