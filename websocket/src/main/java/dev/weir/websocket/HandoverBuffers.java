package dev.weir.websocket;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The large buffers of {@link Handover}s: lent out while a burst is under way, and kept for the
 * next, whosever that is. Thread-safe.
 */
final class HandoverBuffers {
  /** How long each is, in bytes. */
  static final int BYTES = 256 * 1024;

  /** How many are kept at most: two for each that can be sent and taken at the same time. */
  private static final int KEPT = 2 * Runtime.getRuntime().availableProcessors();

  private static final ConcurrentLinkedQueue<byte[]> FREE = new ConcurrentLinkedQueue<>();
  private static final AtomicInteger COUNT = new AtomicInteger();

  private HandoverBuffers() {}

  /** One with anything in it. */
  static byte[] take() {
    byte[] free = FREE.poll();
    if (free == null) {
      return new byte[BYTES];
    }
    COUNT.decrementAndGet();
    return free;
  }

  /** Takes it back, if it is one of these, and it is not needed any more. */
  static void giveBack(byte @Nullable [] buffer) {
    if (buffer != null && buffer.length == BYTES) {
      if (COUNT.incrementAndGet() <= KEPT) {
        FREE.add(buffer);
      } else {
        COUNT.decrementAndGet();
      }
    }
  }
}
