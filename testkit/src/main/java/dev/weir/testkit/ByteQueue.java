package dev.weir.testkit;

import java.util.Arrays;

/** Bytes in the order in which they came. Not thread-safe. */
final class ByteQueue {
  private static final int FIRST_CAPACITY = 256;

  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int head;
  private int tail;

  int size() {
    return tail - head;
  }

  boolean isEmpty() {
    return head == tail;
  }

  void add(byte[] source, int offset, int length) {
    makeRoom(length);
    System.arraycopy(source, offset, bytes, tail, length);
    tail += length;
  }

  void add(byte[] source) {
    add(source, 0, source.length);
  }

  /** Takes the first bytes away. */
  byte[] take(int length) {
    byte[] taken = Arrays.copyOfRange(bytes, head, head + length);
    drop(length);
    return taken;
  }

  /** The byte at the place, which is below the size. */
  byte get(int index) {
    return bytes[head + index];
  }

  void moveTo(ByteQueue other, int length) {
    other.add(bytes, head, length);
    drop(length);
  }

  void clear() {
    head = 0;
    tail = 0;
  }

  private void drop(int length) {
    head += length;
    if (head == tail) {
      clear();
    }
  }

  private void makeRoom(int length) {
    if (bytes.length - tail >= length) {
      return;
    }
    int size = size();
    int needed = Math.addExact(size, length);
    byte[] target = needed > bytes.length / 2 ? new byte[Math.max(needed * 2, needed)] : bytes;
    System.arraycopy(bytes, head, target, 0, size);
    bytes = target;
    head = 0;
    tail = size;
  }
}
