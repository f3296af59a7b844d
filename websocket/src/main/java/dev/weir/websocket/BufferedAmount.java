package dev.weir.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * How many bytes of messages one event-style socket has taken and not given to the network (W2).
 * Thread-safe where a method says so; all else belongs to the event loop.
 *
 * <p>It rises in the call that sends. It falls between events, never inside a listener, as on the
 * platform: what has gone meanwhile is kept aside until {@link #fall}.
 *
 * <p>It is a sum of counters that only ever rise, each with one writer at a time where it is
 * written for every message, so that a message costs no atomic operation.
 *
 * <p>What delivers the events of the socket extends it, so that of very many none has one more
 * object.
 */
abstract class BufferedAmount {
  private static final VarHandle SENT = counter("sent");
  private static final VarHandle HANDED_OVER = counter("handedOver");
  private static final VarHandle REFUSED = counter("refused");
  private static final VarHandle GONE = counter("gone");
  private static final VarHandle FALLEN = counter("fallen");

  // What was sent.
  /** On the event loop, which alone writes it. */
  private long sent;

  /** On other threads; guarded by the lock of the {@link Handover}. */
  private long handedOver;

  /** Too late, so that it stays for ever; any thread's. */
  private volatile long refused;

  // What of that has gone, and by how much of that the amount has fallen.
  /** The event loop's. */
  private long gone;

  /** Any thread's. */
  private volatile long fallen;

  /** What the connection has taken, and what was taken back; the event loop's. */
  private long taken;

  private static VarHandle counter(String name) {
    try {
      return MethodHandles.lookup().findVarHandle(BufferedAmount.class, name, long.class);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Something has gone: {@link #fall} is to be called when nothing hinders it. */
  abstract void amountMayFall();

  /** The amount now. Any thread. */
  final long bufferedAmount() {
    // The subtrahend first: what is read after it can only be more, so that it is never negative.
    long less = fallen;
    return (long) SENT.getAcquire(this) + (long) HANDED_OVER.getAcquire(this) + refused - less;
  }

  /** A message was sent on the event loop. */
  final void sent(long size) {
    SENT.setRelease(this, sent + size);
  }

  /** A message was sent on another thread, which holds the lock of the {@link Handover}. */
  final void handedOver(long size) {
    HANDED_OVER.setRelease(this, handedOver + size);
  }

  /** A message would have been sent, but comes too late. Any thread. */
  final void refused(long size) {
    long unused = (long) REFUSED.getAndAdd(this, size);
  }

  /** The connection has taken a message. */
  final void taken(long size) {
    taken += size;
  }

  /** The connection has dropped a message that it had taken: it stays in the amount for ever. */
  final void lost(long size) {
    taken -= size;
  }

  /**
   * A message was taken back that this side no longer wants sent.
   *
   * @param wasTaken whether the connection had taken it
   */
  final void withdrawn(long size, boolean wasTaken) {
    if (!wasTaken) {
      taken += size;
    }
    GONE.setRelease(this, gone + size);
    amountMayFall();
  }

  /**
   * What the connection has taken is with the network now, but for this much.
   *
   * @param waiting in bytes; headers of frames may be counted in
   */
  final void settle(long waiting) {
    long now = taken - waiting;
    if (now > gone) {
      GONE.setRelease(this, now);
      amountMayFall();
    }
  }

  /** Lets the amount fall by what has gone. Any thread, while no listener runs. */
  final void fall() {
    long to = (long) GONE.getAcquire(this);
    long from = fallen;
    while (from < to && !FALLEN.weakCompareAndSet(this, from, to)) {
      from = fallen;
    }
  }
}
