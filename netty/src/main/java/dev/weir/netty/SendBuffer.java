package dev.weir.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The buffer of one channel that frames are laid into before they are written. Not thread-safe.
 *
 * <p>There is no buffer while nothing waits. The loop's own is taken where it is free; else the
 * size of the next one follows the traffic: it doubles when one did not hold all of a burst and
 * halves when most of it stayed empty.
 */
final class SendBuffer {
  static final int MIN_BYTES = 4 * 1024;
  static final int MAX_BYTES = 64 * 1024;
  private static final int SPARSE = 4;
  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private final @Nullable LoopBuffers loopBuffers;
  private @Nullable ByteBuf filling;
  private boolean borrowed;

  /** The filling buffer as the protocol sees it; its position is the end of what is committed. */
  private ByteBuffer room = NONE;

  /** What is committed begins here: a socket may have taken a part of it. */
  private int begin;

  private int end;
  private int nextBytes = MIN_BYTES;

  /**
   * An empty buffer.
   *
   * @param loopBuffers those of the loop if it is written to the socket itself, else null
   */
  SendBuffer(@Nullable LoopBuffers loopBuffers) {
    this.loopBuffers = loopBuffers;
  }

  /** Bytes committed and not yet taken. */
  int bytes() {
    return end - begin;
  }

  /** Whether the room wanted is only to be had in another buffer, while this one holds bytes. */
  boolean mustBeTakenFor(int wanted) {
    return end > begin && room.capacity() - end < wanted;
  }

  /**
   * Room for at least as many bytes.
   *
   * @param allocator where a buffer comes from
   * @param stalled whether it may be long until these are written, so that the loop's buffer is
   *     left to others
   */
  ByteBuffer reserve(ByteBufAllocator allocator, int wanted, boolean stalled) {
    ByteBuffer free = room;
    if (free.capacity() - end < wanted) {
      free = another(allocator, wanted, stalled);
    }
    free.position(end);
    return free;
  }

  private ByteBuffer another(ByteBufAllocator allocator, int wanted, boolean stalled) {
    release();
    if (loopBuffers != null && !stalled && wanted <= LoopBuffers.SEND_BYTES) {
      filling = loopBuffers.lendForSending(allocator);
    }
    ByteBuf buffer = filling;
    if (buffer != null && loopBuffers != null) {
      borrowed = true;
      room = loopBuffers.sendingRoom();
    } else {
      int size = Math.max(nextBytes, wanted);
      buffer = allocator.directBuffer(size, size);
      filling = buffer;
      room = buffer.nioBuffer(0, size);
    }
    return room;
  }

  void commit(int count) {
    if (count < 0 || count > room.capacity() - end) {
      throw new IllegalStateException(
          "expected a commit of at most the "
              + (room.capacity() - end)
              + " bytes reserved but was "
              + count);
    }
    end += count;
  }

  /**
   * Writes what is committed to a socket, as far as it takes it now.
   *
   * @return whether all is written, and the buffer given back
   */
  boolean writeTo(FileDescriptor socket) throws IOException {
    ByteBuf buffer = filling;
    while (buffer != null && begin < end) {
      int written =
          buffer.hasMemoryAddress()
              ? socket.writeAddress(buffer.memoryAddress(), begin, end)
              : socket.write(room, begin, end);
      if (written <= 0) {
        return false;
      }
      begin += written;
    }
    release();
    return true;
  }

  /**
   * Writes what is committed to a socket, in one go with what is sent next.
   *
   * @return whether all is written, and the buffer given back
   */
  boolean writeAhead(ArrayCalls arrays, int socket) throws IOException {
    ByteBuf buffer = filling;
    if (buffer != null && begin < end) {
      if (!buffer.hasMemoryAddress()) {
        return false;
      }
      begin += arrays.sendAhead(socket, buffer.memoryAddress() + begin, end - begin);
      if (begin < end) {
        return false;
      }
      release();
    }
    return true;
  }

  /** What is committed, in a buffer that the caller releases; null if nothing is. */
  @Nullable ByteBuf take(ByteBufAllocator allocator, boolean full) {
    ByteBuf buffer = filling;
    if (buffer == null || begin == end) {
      return null;
    }
    if (borrowed) {
      return takeBorrowed(allocator, buffer);
    }
    if (full) {
      nextBytes = Math.min(MAX_BYTES, nextBytes * 2);
    } else if (bytes() < nextBytes / SPARSE) {
      nextBytes = Math.max(MIN_BYTES, nextBytes / 2);
    }
    buffer.setIndex(begin, end);
    forget();
    return buffer;
  }

  /** A large buffer must not wait with little in it, since only what is in it counts as unsent. */
  private ByteBuf takeBorrowed(ByteBufAllocator allocator, ByteBuf buffer) {
    ByteBuf taken = buffer;
    if (bytes() >= LoopBuffers.SEND_BYTES / 2 && loopBuffers != null) {
      taken.setIndex(begin, end);
      loopBuffers.passOn();
      forget();
    } else {
      taken = allocator.directBuffer(bytes(), bytes()).writeBytes(buffer, begin, bytes());
      release();
    }
    return taken;
  }

  /** Drops what is committed. */
  void release() {
    ByteBuf buffer = filling;
    if (buffer == null) {
      return;
    }
    if (borrowed && loopBuffers != null) {
      loopBuffers.giveBack();
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
