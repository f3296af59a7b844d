package dev.weir.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Memory that all channels of one event loop use in turn, so that an idle one holds none and a busy
 * one finds it in the processor's cache. Not thread-safe: the loop's.
 */
final class LoopBuffers {
  /** Room for two fragments of the default size, with their headers. */
  static final int SEND_BYTES = 132 * 1024;

  private static final FastThreadLocal<LoopBuffers> OF_THREAD =
      new FastThreadLocal<>() {
        @Override
        protected LoopBuffers initialValue() {
          return new LoopBuffers();
        }

        @Override
        protected void onRemoval(LoopBuffers buffers) {
          buffers.release();
        }
      };

  private @Nullable ByteBuf sending;
  private ByteBuffer sendingRoom = ByteBuffer.allocate(0);
  private boolean lent;
  private @Nullable ByteBuf receiving;

  // Made when it is first wanted: to link the calls takes some milliseconds.
  private @Nullable ArrayCalls arrays;
  private boolean arraysAsked;

  private LoopBuffers() {}

  /** Those of the current thread, which is that of an event loop. */
  static LoopBuffers ofThread() {
    return OF_THREAD.get();
  }

  /** The system calls on arrays, or null where there are none. */
  @Nullable ArrayCalls arrays() {
    if (!arraysAsked) {
      arraysAsked = true;
      arrays = ArrayCalls.create();
    }
    return arrays;
  }

  /** Lends an empty buffer to send from, or null while another channel has it. */
  @Nullable ByteBuf lendForSending(ByteBufAllocator allocator) {
    if (lent) {
      return null;
    }
    if (sending == null) {
      sending = allocator.directBuffer(SEND_BYTES, SEND_BYTES);
      sendingRoom = sending.nioBuffer(0, SEND_BYTES);
    }
    lent = true;
    return sending;
  }

  /** All of the buffer for sending, for the channel that has it. */
  ByteBuffer sendingRoom() {
    return sendingRoom;
  }

  /** The channel that had the buffer for sending has written all of it. */
  void giveBack() {
    lent = false;
  }

  /** The channel that had the buffer for sending has passed it on, to be released there. */
  void passOn() {
    lent = false;
    sending = null;
  }

  /**
   * An empty buffer to receive into, which its user releases before the next is asked for; if it is
   * kept nevertheless, the next is another.
   */
  ByteBuf forReceiving(ByteBufAllocator allocator) {
    ByteBuf shared = receiving;
    if (shared == null) {
      shared = allocator.directBuffer(ReceiveBuffers.MAX_BYTES, ReceiveBuffers.MAX_BYTES);
      receiving = shared;
    } else if (shared.refCnt() > 1) {
      return allocator.directBuffer(ReceiveBuffers.INITIAL_BYTES);
    }
    return shared.clear().retain();
  }

  private void release() {
    if (sending != null) {
      sending.release();
    }
    if (receiving != null) {
      receiving.release();
    }
  }
}
