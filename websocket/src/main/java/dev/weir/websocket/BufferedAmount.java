package dev.weir.websocket;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of messages one event-style socket has taken and not given to the network (W2).
 * Thread-safe where a method says so; all else belongs to the event loop.
 *
 * <p>It rises in the call that sends. It falls between events, never inside a listener, as on the
 * platform: what has gone meanwhile is kept aside until {@link #fall}.
 */
final class BufferedAmount {
  private final Runnable mayFall;

  // Any thread's.
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong gone = new AtomicLong();

  // The event loop's.
  private long taken;
  private long transmitted;

  /** One that says when {@link #fall} is to be called. */
  BufferedAmount(Runnable mayFall) {
    this.mayFall = mayFall;
  }

  /** The amount now. Any thread. */
  long get() {
    return bytes.get();
  }

  /** A message was sent, or would have been. Any thread. */
  void sent(long size) {
    bytes.addAndGet(size);
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
    if (wasTaken) {
      taken -= size;
    }
    gone.addAndGet(size);
    mayFall.run();
  }

  /**
   * What the connection has taken is with the network now, but for this much.
   *
   * @param waiting in bytes; headers of frames may be counted in
   */
  void settle(long waiting) {
    long now = taken - waiting;
    if (now > transmitted) {
      gone.addAndGet(now - transmitted);
      transmitted = now;
      mayFall.run();
    }
  }

  /** Lets the amount fall by what has gone. Any thread, while no listener runs. */
  void fall() {
    if (gone.get() != 0) {
      bytes.addAndGet(-gone.getAndSet(0));
    }
  }
}
