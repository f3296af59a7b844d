package dev.weir.websocket;

import dev.weir.protocol.message.TextEncoder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What other threads have sent on one event-style socket, on its way to the event loop.
 * Thread-safe.
 *
 * <p>Senders lay their messages one behind the other into buffers, and the event loop takes all of
 * them at once. That costs a lock and a copy, which is less than an object for each message, and
 * the memory is that which was just used. Buffers are there only while something is in them.
 */
final class Handover {
  /** Takes what was handed over, in order. On the event loop. */
  interface Receiver {
    /**
     * A message.
     *
     * @param bytes whose part is the payload, text being UTF-8; valid until this returns
     */
    void staged(boolean text, boolean compress, byte[] bytes, int offset, int length);

    /** A message that is too long for a buffer, whose bytes are the receiver's. */
    void large(Message message, boolean compress);
  }

  /** A buffer that is full. */
  private static final class Full {
    private final byte[] bytes;
    private final int end;

    private Full(byte[] bytes, int end) {
      this.bytes = bytes;
      this.end = end;
    }
  }

  private static final int HEADER_BYTES = 1 + Integer.BYTES;

  // Flags of a header.
  private static final int TEXT = 1;
  private static final int COMPRESS = 1 << 1;
  private static final int LARGE = 1 << 2;

  private static final int FIRST_BYTES = 256;
  private static final int GROWTH = 4;
  private static final int OWN_BYTES = 4096;

  /** Longer messages are not copied into a buffer, but stand for themselves. */
  private static final int STAGED_BYTES = HandoverBuffers.BYTES / 2;

  private static final byte[] NONE = {};

  private static final VarHandle LENGTH =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private final Session session;
  private final BufferedAmount amount;
  private final Receiver receiver;
  private final Runnable drain = this::drain;

  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private @Nullable ArrayDeque<Full> full;
  private byte[] bytes = NONE;
  private int end;
  private int last;
  private @Nullable ArrayDeque<Message> large;
  private boolean queued;

  Handover(Session session, BufferedAmount amount, Receiver receiver) {
    this.session = session;
    this.amount = amount;
    this.receiver = receiver;
  }

  /**
   * Takes a message, whose bytes are copied, after all that were taken before it, and counts it; or
   * only counts it where something has begun to end the connection. Any thread.
   */
  void send(Message message, boolean compress) {
    boolean wakes = false;
    lock.lock();
    try {
      int count =
          message instanceof Message.Text text
              ? stage(text, compress)
              : stage(((Message.Binary) message).bytes(), compress);
      // Asked only now: a close that is asked for from here on has its turn behind the message.
      if (!session.ending().isOpen()) {
        takeBack();
        amount.refused(count);
        return;
      }
      amount.handedOver(count);
      if (!queued) {
        queued = true;
        wakes = session.add(drain);
      }
    } finally {
      lock.unlock();
    }
    if (wakes) {
      session.wake();
    }
  }

  private int stage(byte[] payload, boolean compress) {
    int flags = compress ? COMPRESS : 0;
    if (payload.length > STAGED_BYTES) {
      stageLarge(new Message.Binary(payload.clone()), flags);
    } else {
      int at = header(flags, payload.length);
      System.arraycopy(payload, 0, bytes, at, payload.length);
    }
    return payload.length;
  }

  @SuppressWarnings("deprecation") // It takes the low byte of each char, which is right for ASCII.
  private int stage(Message.Text message, boolean compress) {
    String text = message.text();
    int flags = TEXT | (compress ? COMPRESS : 0);
    int length = TextEncoder.encodedLength(text);
    if (length > STAGED_BYTES) {
      stageLarge(message, flags);
    } else if (length == text.length()) {
      int at = header(flags, length);
      text.getBytes(0, length, bytes, at);
    } else {
      int at = header(flags, length);
      TextEncoder.encode(text, ByteBuffer.wrap(bytes, at, length));
    }
    return length;
  }

  private void stageLarge(Message message, int flags) {
    int unused = header(flags | LARGE, 0);
    if (large == null) {
      large = new ArrayDeque<>();
    }
    large.add(message);
  }

  /** Puts a header where there is room for the payload too, and tells where that goes. */
  private int header(int flags, int length) {
    int wanted = HEADER_BYTES + length;
    if (end + wanted > bytes.length) {
      makeRoom(wanted);
    }
    last = end;
    bytes[end] = (byte) flags;
    LENGTH.set(bytes, end + 1, length);
    end += wanted;
    return last + HEADER_BYTES;
  }

  private void makeRoom(int wanted) {
    if (end + wanted > HandoverBuffers.BYTES) {
      if (full == null) {
        full = new ArrayDeque<>();
      }
      full.add(new Full(bytes, end));
      bytes = HandoverBuffers.take();
      end = 0;
      return;
    }
    int size = Math.max(end + wanted, bytes.length == 0 ? FIRST_BYTES : bytes.length * GROWTH);
    byte[] larger = size <= OWN_BYTES ? new byte[size] : HandoverBuffers.take();
    System.arraycopy(bytes, 0, larger, 0, end);
    bytes = larger;
  }

  private void takeBack() {
    if (large != null && (bytes[last] & LARGE) != 0) {
      large.removeLast();
    }
    end = last;
  }

  private void drain() {
    ArrayDeque<Full> takenFull;
    byte[] taken;
    int takenEnd;
    ArrayDeque<Message> takenLarge;
    lock.lock();
    try {
      takenFull = full;
      taken = bytes;
      takenEnd = end;
      takenLarge = large;
      full = null;
      bytes = NONE;
      end = 0;
      large = null;
      queued = false;
    } finally {
      lock.unlock();
    }
    if (takenFull != null) {
      takenFull.forEach(buffer -> deliver(buffer.bytes, buffer.end, takenLarge));
    }
    deliver(taken, takenEnd, takenLarge);
  }

  private void deliver(byte[] staged, int to, @Nullable ArrayDeque<Message> longer) {
    int at = 0;
    while (at < to) {
      int flags = staged[at];
      int length = (int) LENGTH.get(staged, at + 1);
      at += HEADER_BYTES;
      boolean compress = (flags & COMPRESS) != 0;
      if ((flags & LARGE) == 0) {
        receiver.staged((flags & TEXT) != 0, compress, staged, at, length);
      } else if (longer != null) {
        receiver.large(longer.remove(), compress);
      }
      at += length;
    }
    HandoverBuffers.giveBack(staged);
  }
}
