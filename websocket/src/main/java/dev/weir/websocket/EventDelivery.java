package dev.weir.websocket;

import dev.weir.protocol.close.CloseOutcome;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Brings what happens to one {@link WebSocket} to its listeners: in order, one at a time, never
 * from inside a call of theirs (W4), on the event loop or on an executor. Thread-safe where a
 * method says so; all else belongs to the event loop.
 *
 * <p>On the event loop a message goes to the listeners at once, unless something waits before it.
 * What waits is counted, so that a slow executor slows the peer (S8).
 */
final class EventDelivery implements Receiver {
  /** How many events are delivered before others get their turn on the same thread. */
  private static final int BATCH = 64;

  private final EventConnection connection;
  private final @Nullable Executor executor;
  private final BufferedAmount bufferedAmount = new BufferedAmount(this::amountMayFall);
  private final Runnable drain = this::drain;

  // Any thread's. In the queue are messages, and what is to be run between them.
  private final Queue<Object> waiting = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean underWay = new AtomicBoolean();
  private final AtomicLong undelivered = new AtomicLong();
  private final AtomicBoolean full = new AtomicBoolean();
  private volatile boolean paused;
  private volatile boolean draining;
  private volatile boolean refused;
  private volatile boolean over;

  /** Written once, when the connection opens. */
  private volatile @Nullable Session session;

  private long highMark;
  private long lowMark;

  /** Whether a listener is being called; the event loop's, and without an executor only. */
  private boolean delivering;

  EventDelivery(EventConnection connection, @Nullable Executor executor) {
    this.connection = connection;
    this.executor = executor;
  }

  /** The connection is open: from now on its event loop is known. */
  void opened(Session opened) {
    highMark = opened.options().receiveHighMark();
    lowMark = opened.options().receiveLowMark();
    session = opened;
    opened.deliverTo(this);
  }

  BufferedAmount bufferedAmount() {
    return bufferedAmount;
  }

  private void amountMayFall() {
    if (refused || (executor == null && !delivering)) {
      bufferedAmount.fall();
    } else {
      schedule();
    }
  }

  // Receiver

  @Override
  public boolean receive(Message message) {
    if (mayDeliverNow()) {
      deliverNow(message);
      return true;
    }
    if (refused) {
      return true;
    }
    long size = Outgoing.sizeOf(message);
    boolean room = undelivered.addAndGet(size) < highMark;
    waiting.add(message);
    if (!room && full.compareAndSet(false, true)) {
      probe();
    }
    takeUp();
    // Who delivered it all before it could see that it was full does not look again.
    return room || (undelivered.get() <= lowMark && full.compareAndSet(true, false));
  }

  @Override
  public long undeliveredBytes() {
    return undelivered.get();
  }

  @Override
  public void closingStarted() {
    if (waiting.isEmpty() && executor == null) {
      connection.closingBegun();
    } else {
      post(connection::closingBegun);
    }
  }

  @Override
  public void ended(CloseOutcome outcome, @Nullable WebSocketError error) {
    post(() -> connection.ended(outcome.code(), outcome.reason(), error));
    nothingFollows();
  }

  // Delivering.

  private boolean mayDeliverNow() {
    return executor == null && !delivering && !paused && waiting.isEmpty();
  }

  private void deliverNow(Message message) {
    delivering = true;
    try {
      connection.received(message);
    } finally {
      delivering = false;
    }
  }

  /** Runs this after what waits; at once if that is nothing and the caller is on the event loop. */
  void runInOrder(Runnable event) {
    if (mayDeliverNow()) {
      delivering = true;
      try {
        event.run();
      } finally {
        delivering = false;
      }
    } else {
      post(event);
    }
  }

  /** Runs this after what waits, and after the current call has returned. Any thread. */
  void post(Runnable event) {
    if (!refused) {
      waiting.add(event);
      schedule();
    }
  }

  /** Takes up the delivery again where it may have stood still. Any thread. */
  private void schedule() {
    if (underWay.compareAndSet(false, true) && !execute(drain)) {
      refused = true;
      waiting.clear();
      undelivered.set(0);
      stranded();
    }
  }

  /** The last event was posted. Any thread. */
  void nothingFollows() {
    over = true;
    if (refused) {
      stranded();
    } else {
      probe();
    }
  }

  /**
   * Asks an executor that has not begun what it took whether it still takes anything: one that was
   * shut down at once has dropped it, and would never be asked again. One that was shut down in
   * order may begin it yet, so what waits is kept for that.
   */
  private void probe() {
    if (executor != null && underWay.get() && !draining && !execute(() -> {})) {
      stranded();
    }
  }

  /** No listener will hear of it, but the state shows how it goes on (W3). */
  private void stranded() {
    connection.closingBegun();
    if (over) {
      bufferedAmount.fall();
      connection.endedUntold();
    }
  }

  private boolean execute(Runnable task) {
    Session opened = session;
    try {
      if (executor != null) {
        executor.execute(task);
      } else if (opened != null) {
        opened.eventLoop().execute(task);
      } else {
        // A connection that was not even attempted has no event loop.
        ForkJoinPool.commonPool().execute(task);
      }
      return true;
    } catch (RejectedExecutionException e) {
      if (opened != null) {
        opened.abort(e);
      }
      return false;
    }
  }

  /** Delivers some of what waits; one thread at a time is in here. */
  private void drain() {
    draining = true;
    delivering = executor == null;
    try {
      bufferedAmount.fall();
      for (int i = 0; i < BATCH && !isHeldUp(); i++) {
        deliver(waiting.poll());
        bufferedAmount.fall();
      }
    } finally {
      if (executor == null) {
        delivering = false;
      }
      draining = false;
      underWay.set(false);
      takeUp();
    }
  }

  private void deliver(@Nullable Object next) {
    if (next instanceof Message message) {
      connection.received(message);
      delivered(message);
    } else if (next instanceof Runnable event) {
      event.run();
    }
  }

  private void delivered(Message message) {
    long left = undelivered.addAndGet(-Outgoing.sizeOf(message));
    Session opened = session;
    if (left <= lowMark && full.get() && full.compareAndSet(true, false) && opened != null) {
      opened.resumeReading();
    }
  }

  /** Whether nothing waits, or only what must wait on. */
  private boolean isHeldUp() {
    Object next = waiting.peek();
    return next == null || (paused && next instanceof Message && connection.isOpen());
  }

  // Pausing: any thread.

  void pause() {
    paused = true;
  }

  void resume() {
    paused = false;
    takeUp();
  }

  boolean isPaused() {
    return paused;
  }

  /** Goes on where a message was held up that is not wanted any more. */
  void takeUp() {
    if (!isHeldUp()) {
      schedule();
    }
  }
}
