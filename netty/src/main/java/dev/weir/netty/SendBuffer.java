package dev.weir.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The buffer of one channel that frames are laid into before they are written. Not thread-safe.
 *
 * <p>There is no buffer while nothing waits. The size of the next one follows the traffic: it
 * doubles when one did not hold all of a burst and halves when most of it stayed empty.
 */
final class SendBuffer {
  static final int MIN_BYTES = 4 * 1024;
  static final int MAX_BYTES = 64 * 1024;
  private static final int SPARSE = 4;

  private final ByteBufAllocator allocator;
  private @Nullable ByteBuf filling;
  private int nextBytes = MIN_BYTES;

  SendBuffer(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /** Bytes committed and not yet taken. */
  int bytes() {
    return filling == null ? 0 : filling.readableBytes();
  }

  /** Whether the room wanted is only to be had in another buffer, while this one holds bytes. */
  boolean mustBeTakenFor(int wanted) {
    return filling != null && filling.isReadable() && filling.writableBytes() < wanted;
  }

  /** Room for at least as many bytes. */
  ByteBuffer reserve(int wanted) {
    ByteBuf buffer = filling;
    if (buffer == null || buffer.writableBytes() < wanted) {
      release();
      int size = Math.max(nextBytes, wanted);
      buffer = allocator.directBuffer(size, size);
      filling = buffer;
    }
    return buffer.internalNioBuffer(buffer.writerIndex(), buffer.writableBytes());
  }

  void commit(int count) {
    ByteBuf buffer = filling;
    if (buffer == null || count < 0 || count > buffer.writableBytes()) {
      throw new IllegalStateException(
          "expected a commit of at most the "
              + (buffer == null ? 0 : buffer.writableBytes())
              + " bytes reserved but was "
              + count);
    }
    buffer.writerIndex(buffer.writerIndex() + count);
  }

  /** What is committed, in a buffer that the caller releases; null if nothing is. */
  @Nullable ByteBuf take(boolean full) {
    ByteBuf buffer = filling;
    if (buffer == null || !buffer.isReadable()) {
      return null;
    }
    if (full) {
      nextBytes = Math.min(MAX_BYTES, nextBytes * 2);
    } else if (buffer.readableBytes() < nextBytes / SPARSE) {
      nextBytes = Math.max(MIN_BYTES, nextBytes / 2);
    }
    filling = null;
    return buffer;
  }

  void release() {
    if (filling != null) {
      filling.release();
      filling = null;
    }
  }
}
