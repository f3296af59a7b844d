package dev.weir.netty;

import dev.weir.websocket.spi.EventLoopThread;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * What sockets are read into. Thread-safe.
 *
 * <p>A WebSocket without TLS takes in what one read brings before the next begins, so all those of
 * a loop are read into one large buffer. Before that, and where TLS keeps records until they are
 * whole, each read has a buffer of its own.
 */
@SuppressWarnings("deprecation") // Netty asks for the guess, though nobody else should.
final class ReceiveBuffers extends DefaultMaxMessagesRecvByteBufAllocator {
  private static final int MIN_BYTES = 1024;
  static final int INITIAL_BYTES = 8 * 1024;

  /** What one read may bring at most, and so what may still come after reading was paused. */
  static final int MAX_BYTES = 256 * 1024;

  /** For a channel that reads into its own buffers, until {@link #shareLoopBuffer}. */
  private static final RecvByteBufAllocator OWN = new ReceiveBuffers();

  private static final RecvByteBufAllocator SHARED = new ReceiveBuffers();

  /** A handle remembers nothing between two turns of a channel, so a loop needs but one. */
  private static final FastThreadLocal<@Nullable Handle> HANDLES = new FastThreadLocal<>();

  private ReceiveBuffers() {}

  /** Where buffers may be kept by who reads: TLS, or a kernel that fills them later. */
  static RecvByteBufAllocator kept() {
    return new AdaptiveRecvByteBufAllocator(MIN_BYTES, INITIAL_BYTES, MAX_BYTES);
  }

  /** Where {@link #shareLoopBuffer} may follow. */
  static RecvByteBufAllocator passing() {
    return OWN;
  }

  /** From now on what is read is taken in at once, and never kept. */
  static void shareLoopBuffer(ChannelConfig config) {
    if (config.getRecvByteBufAllocator() == OWN) {
      config.setRecvByteBufAllocator(SHARED);
    }
  }

  @Override
  public Handle newHandle() {
    if (!(Thread.currentThread() instanceof EventLoopThread)) {
      return new LoopHandle();
    }
    Handle handle = HANDLES.get();
    if (handle == null) {
      handle = new LoopHandle();
      HANDLES.set(handle);
    }
    return handle;
  }

  private final class LoopHandle extends MaxMessageHandle {
    private boolean shared;

    @Override
    public void reset(ChannelConfig config) {
      super.reset(config);
      shared = config.getRecvByteBufAllocator() == SHARED;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return shared
          ? LoopBuffers.ofThread().forReceiving(allocator)
          : allocator.directBuffer(INITIAL_BYTES);
    }

    @Override
    public int guess() {
      return shared ? MAX_BYTES : INITIAL_BYTES;
    }
  }
}
