package dev.weir.netty;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/** The sizes of receive buffers: small for a trickle, large for bulk. Thread-safe. */
final class ReceiveBuffers {
  private static final int MIN_BYTES = 1024;
  private static final int INITIAL_BYTES = 8 * 1024;

  /** What one read may bring at most, and so what may still come after reading was paused. */
  static final int MAX_BYTES = 256 * 1024;

  private ReceiveBuffers() {}

  static RecvByteBufAllocator newAllocator() {
    return new AdaptiveRecvByteBufAllocator(MIN_BYTES, INITIAL_BYTES, MAX_BYTES);
  }
}
