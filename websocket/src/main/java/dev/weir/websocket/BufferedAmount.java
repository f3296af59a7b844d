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
 */
final class BufferedAmount {
  private static final VarHandle SENT = counter("sent");
  private static final VarHandle HANDED_OVER = counter("handedOver");
  private static final VarHandle REFUSED = counter("refused");
  private static final VarHandle GONE = counter("gone");
  private static final VarHandle FALLEN = counter("fallen");

  /** Who is told that {@link #fall} is to be called, when nothing hinders it. */
  interface Owner {
    /** The amount may fall. On the event loop. */
    void amountMayFall();
  }

  private final Owner owner;

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

  BufferedAmount(Owner owner) {
    this.owner = owner;
  }

  private static VarHandle counter(String name) {
    try {
      return MethodHandles.lookup().findVarHandle(BufferedAmount.class, name, long.class);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The amount now. Any thread. */
  long get() {
    // The subtrahend first: what is read after it can only be more, so that it is never negative.
    long less = fallen;
    return (long) SENT.getAcquire(this) + (long) HANDED_OVER.getAcquire(this) + refused - less;
  }

  /** A message was sent on the event loop. */
  void sent(long size) {
    SENT.setRelease(this, sent + size);
  }

  /** A message was sent on another thread, which holds the lock of the {@link Handover}. */
  void handedOver(long size) {
    HANDED_OVER.setRelease(this, handedOver + size);
  }

  /** A message would have been sent, but comes too late. Any thread. */
  void refused(long size) {
    long unused = (long) REFUSED.getAndAdd(this, size);
  }

  /** The connection has taken a message. */
  void taken(long size) {
    taken += size;
  }

  /** The connection has dropped a message that it had taken: it stays in the amount for ever. */
  void lost(long size) {
    taken -= size;
  }

  /**
   * A message was taken back that this side no longer wants sent.
   *
   * @param wasTaken whether the connection had taken it
   */
  void withdrawn(long size, boolean wasTaken) {
    if (!wasTaken) {
      taken += size;
    }
    GONE.setRelease(this, gone + size);
    owner.amountMayFall();
  }

  /**
   * What the connection has taken is with the network now, but for this much.
   *
   * @param waiting in bytes; headers of frames may be counted in
   */
  void settle(long waiting) {
    long now = taken - waiting;
    if (now > gone) {
      GONE.setRelease(this, now);
      owner.amountMayFall();
    }
  }

  /** Lets the amount fall by what has gone. Any thread, while no listener runs. */
  void fall() {
    long to = (long) GONE.getAcquire(this);
    long from = fallen;
    while (from < to && !FALLEN.weakCompareAndSet(this, from, to)) {
      from = fallen;
    }
  }
}
