package dev.weir.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What one channel sends: frames are laid into a buffer, which is written to the socket itself
 * where nothing waits before it, else by Netty. Not thread-safe.
 *
 * <p>There is no buffer while nothing waits. The loop's own is taken where it is free; else the
 * size of the next one follows the traffic: it doubles when one did not hold all of a burst and
 * halves when most of it stayed empty.
 */
final class ChannelOutput {
  static final int MIN_BYTES = 4 * 1024;
  static final int MAX_BYTES = 64 * 1024;
  private static final int SPARSE = 4;
  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  /** Whose output it is. Any of its methods may be called from inside those of the output. */
  interface Owner {
    SocketChannel channel();

    /** Unsent bytes fell to the low mark. */
    void outputWritable();

    /** A write that Netty was given has ended well. */
    void outputWritten();

    /** A write that Netty was given has failed: the peer takes no more. */
    void outputFailed(Throwable cause);

    /** A write is about to fail for this cause. */
    void failing(IOException cause);
  }

  private final Owner owner;
  private final int lowMark;
  private final int highMark;

  /** What is written to past Netty, without its promise, queue and pipeline; or null. */
  private final @Nullable FileDescriptor socket;

  /** Whether there is nothing between it and the socket, such as TLS. */
  private final boolean plain;

  // The buffer.
  private @Nullable ByteBuf filling;
  private boolean borrowed;

  /** The filling buffer as the protocol sees it; its position is the end of what is committed. */
  private ByteBuffer room = NONE;

  /** What is committed begins here: a socket may have taken a part of it. */
  private int begin;

  private int end;
  private int nextBytes = MIN_BYTES;

  // What Netty has been given.
  private long written;
  private boolean toFlush;

  private boolean full;
  private boolean ended;

  /**
   * The output of a channel.
   *
   * @param plain whether there is nothing between it and the socket, such as TLS
   */
  ChannelOutput(Owner owner, boolean plain, int lowMark, int highMark) {
    this.owner = owner;
    this.lowMark = lowMark;
    this.highMark = highMark;
    this.plain = plain;
    this.socket = plain && owner.channel() instanceof EpollSocketChannel epoll ? epoll.fd() : null;
  }

  /** What is written to past Netty, or null. */
  @Nullable FileDescriptor socket() {
    return socket;
  }

  /** Room for at least as many bytes; memory that nobody sends once the output has ended. */
  ByteBuffer reserve(int bytes) {
    if (end > begin && room.capacity() - end < bytes && !writeToSocket()) {
      write(true);
    }
    if (ended) {
      return ByteBuffer.allocate(bytes);
    }
    ByteBuffer free = room;
    if (free.capacity() - end < bytes) {
      free = another(bytes);
    }
    free.position(end);
    return free;
  }

  private ByteBuffer another(int wanted) {
    drop();
    // While something waits it may be long until these are written: the loop's is for others.
    if (socket != null && written == 0 && wanted <= LoopBuffers.SEND_BYTES) {
      LoopBuffers shared = LoopBuffers.ofThread();
      filling = shared.lendForSending(owner.channel().alloc());
      if (filling != null) {
        borrowed = true;
        room = shared.sendingRoom();
      }
    }
    if (filling == null) {
      int size = Math.max(nextBytes, wanted);
      ByteBuf own = owner.channel().alloc().directBuffer(size, size);
      filling = own;
      room = own.nioBuffer(0, size);
    }
    return room;
  }

  void commit(int bytes) {
    if (ended) {
      return;
    }
    if (bytes < 0 || bytes > room.capacity() - end) {
      throw new IllegalStateException(
          "expected a commit of at most the "
              + (room.capacity() - end)
              + " bytes reserved but was "
              + bytes);
    }
    end += bytes;
    if (!full && committed() + written > highMark && unsentBytes() > highMark) {
      full = true;
    }
  }

  /** What the socket takes at once of an array goes there past all buffers; how much that was. */
  int commit(int bytes, byte[] behind, int offset, int length, boolean more) {
    commit(bytes);
    FileDescriptor direct = socket;
    if (direct == null || !isSocketNext()) {
      return 0;
    }
    ArrayCalls arrays = LoopBuffers.ofThread().arrays();
    if (arrays == null) {
      return 0;
    }
    int taken = 0;
    try {
      if (writeAhead(arrays, direct.intValue())) {
        int sent;
        do {
          int most = Math.min(length - taken, ArrayCalls.MOST_BYTES);
          boolean follows = more || taken + most < length;
          sent = arrays.send(direct.intValue(), behind, offset + taken, most, follows);
          taken += sent;
        } while (sent > 0 && taken < length);
      }
    } catch (IOException e) {
      // Netty, which gets what is left, fails too and tells it in its own time, but not why.
      owner.failing(e);
    }
    return taken;
  }

  /** Whether unsent bytes are below the high mark, or have fallen to the low one since. */
  boolean isWritable() {
    return !full;
  }

  long unsentBytes() {
    long unsent = committed() + written;
    if (plain && written > 0 && !ended) {
      // With TLS the bytes under way are those of records, which do not compare.
      ChannelOutboundBuffer outbound = owner.channel().unsafe().outboundBuffer();
      unsent -= outbound == null ? 0 : outbound.currentProgress();
    }
    return unsent;
  }

  /** Whether Netty has nothing more to write. */
  boolean isWritten() {
    return written == 0;
  }

  /** Bytes committed that neither the socket has been given nor Netty. */
  int committed() {
    return end - begin;
  }

  /**
   * Writes what is committed, as far as it goes now; whether that is all. While what was written
   * before has not gone yet, the rest stays here, so that many small flushes fill one buffer.
   */
  boolean drain() {
    if (end > begin && !writeToSocket() && (written == 0 || toFlush)) {
      write(false);
    }
    if (toFlush) {
      toFlush = false;
      owner.channel().flush();
    }
    return written == 0 && end == begin && !ended;
  }

  /**
   * Nothing more is sent: what is committed is dropped, and counts as unsent from now on. What
   * Netty was given still goes, if it can.
   */
  void end() {
    ended = true;
    int never = committed();
    drop();
    end = never;
  }

  // To the socket.

  /** Whether nothing waits before what is written to the socket now. */
  private boolean isSocketNext() {
    if (written > 0 || ended) {
      return false;
    }
    ChannelOutboundBuffer outbound = owner.channel().unsafe().outboundBuffer();
    return outbound != null && outbound.isEmpty();
  }

  /**
   * Writes what is committed to the socket itself, unless something waits before it.
   *
   * @return whether nothing of it is left to be written
   */
  private boolean writeToSocket() {
    FileDescriptor direct = socket;
    ByteBuf buffer = filling;
    if (direct == null || !isSocketNext()) {
      return false;
    }
    try {
      while (buffer != null && begin < end) {
        int taken =
            buffer.hasMemoryAddress()
                ? direct.writeAddress(buffer.memoryAddress(), begin, end)
                : direct.write(room, begin, end);
        if (taken <= 0) {
          return false;
        }
        begin += taken;
      }
    } catch (IOException e) {
      // Netty, which gets what is left, meets the same failure and tells it in its own time.
      return false;
    }
    drop();
    noLongerFull();
    return true;
  }

  /** Writes what is committed to the socket, in one go with what is sent next; whether all. */
  private boolean writeAhead(ArrayCalls arrays, int direct) throws IOException {
    ByteBuf buffer = filling;
    if (buffer != null && begin < end) {
      if (!buffer.hasMemoryAddress()) {
        return false;
      }
      begin += arrays.sendAhead(direct, buffer.memoryAddress() + begin, end - begin);
      if (begin < end) {
        return false;
      }
      drop();
    }
    noLongerFull();
    return true;
  }

  private void noLongerFull() {
    if (full) {
      full = false;
      owner.outputWritable();
    }
  }

  // By Netty.

  private void write(boolean bufferFull) {
    ByteBuf buffer = take(bufferFull);
    if (buffer != null) {
      int bytes = buffer.readableBytes();
      written += bytes;
      toFlush = true;
      owner.channel().write(buffer).addListener(future -> writeEnded(bytes, future));
    }
  }

  private void writeEnded(int bytes, Future<? super Void> future) {
    written -= bytes;
    if (!future.isSuccess()) {
      owner.outputFailed(future.cause());
      // The output has ended, and these never go either.
      end += bytes;
      return;
    }
    if (unsentBytes() <= lowMark) {
      noLongerFull();
    }
    owner.outputWritten();
  }

  /** What is committed, in a buffer that the caller releases; null if nothing is. */
  private @Nullable ByteBuf take(boolean bufferFull) {
    ByteBuf buffer = filling;
    if (buffer == null || begin == end) {
      return null;
    }
    if (borrowed) {
      return takeBorrowed(buffer);
    }
    if (bufferFull) {
      nextBytes = Math.min(MAX_BYTES, nextBytes * 2);
    } else if (committed() < nextBytes / SPARSE) {
      nextBytes = Math.max(MIN_BYTES, nextBytes / 2);
    }
    buffer.setIndex(begin, end);
    forget();
    return buffer;
  }

  /** A large buffer must not wait with little in it, since only what is in it counts as unsent. */
  private ByteBuf takeBorrowed(ByteBuf buffer) {
    ByteBuf taken = buffer;
    if (committed() >= LoopBuffers.SEND_BYTES / 2) {
      taken.setIndex(begin, end);
      LoopBuffers.ofThread().passOn();
      forget();
    } else {
      taken = owner.channel().alloc().directBuffer(committed(), committed());
      taken.writeBytes(buffer, begin, committed());
      drop();
    }
    return taken;
  }

  /** Gives the buffer back, with what is committed. */
  private void drop() {
    ByteBuf buffer = filling;
    if (buffer == null) {
      return;
    }
    if (borrowed) {
      LoopBuffers.ofThread().giveBack();
    } else {
      buffer.release();
    }
    forget();
  }

  private void forget() {
    filling = null;
    borrowed = false;
    room = NONE;
    begin = 0;
    end = 0;
  }
}
