package dev.weir.websocket;

import dev.weir.protocol.close.CloseOutcome;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Brings what happens to one {@link WebSocket} to its listeners: in order, one at a time, never
 * from inside a call of theirs (W4), on the event loop or on an executor. Thread-safe where a
 * method says so; all else belongs to the event loop.
 *
 * <p>On the event loop a message goes to the listeners at once, unless something waits before it.
 * What waits is counted, so that a slow executor slows the peer (S8).
 */
final class EventDelivery extends BufferedAmount implements Receiver {
  /** What has to wait: messages with their bytes, and what is to be run between them. */
  private static final class Waiting {
    private final Queue<Object> events = new ConcurrentLinkedQueue<>();
    private volatile long undelivered;
  }

  /** How many events are delivered before others get their turn on the same thread. */
  private static final int BATCH = 64;

  private static final VarHandle WAITING = field(EventDelivery.class, "waiting", Waiting.class);
  private static final VarHandle UNDER_WAY = field(EventDelivery.class, "underWay", boolean.class);
  private static final VarHandle UNDELIVERED = field(Waiting.class, "undelivered", long.class);
  private static final VarHandle FULL = field(EventDelivery.class, "full", boolean.class);

  private final EventConnection connection;
  private final @Nullable Executor executor;

  // Any thread's. Nothing has had to wait while there is none.
  private volatile @Nullable Waiting waiting;
  private volatile boolean underWay;
  private volatile boolean full;
  private volatile boolean paused;
  private volatile boolean draining;
  private volatile boolean refused;
  private volatile boolean over;

  /** Written once, when the connection opens. */
  private volatile @Nullable Session session;

  /** Whether a listener is being called; the event loop's, and without an executor only. */
  private boolean delivering;

  EventDelivery(EventConnection connection, @Nullable Executor executor) {
    this.connection = connection;
    this.executor = executor;
  }

  private static VarHandle field(Class<?> owner, String name, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(owner, name, type);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The connection is open: from now on its event loop is known. */
  void opened(Session opened) {
    opened.deliverTo(this);
    session = opened;
  }

  /** The session of the connection, or null if it is not open yet, or never was. Any thread. */
  @Nullable Session session() {
    return session;
  }

  @Override
  void amountMayFall() {
    if (refused || (executor == null && !delivering)) {
      fall();
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
    SessionOptions options = opened().options();
    Waiting before = waiting();
    boolean room = (long) UNDELIVERED.getAndAdd(before, size) + size < options.receiveHighMark();
    before.events.add(message);
    if (!room && FULL.compareAndSet(this, false, true)) {
      probe();
    }
    takeUp();
    // Who delivered it all before it could see that it was full does not look again.
    return room
        || (before.undelivered <= options.receiveLowMark()
            && FULL.compareAndSet(this, true, false));
  }

  @Override
  public long undeliveredBytes() {
    Waiting present = waiting;
    return present == null ? 0 : present.undelivered;
  }

  @Override
  public void closingStarted() {
    if (nothingWaits() && executor == null) {
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
    return executor == null && !delivering && !paused && nothingWaits();
  }

  private boolean nothingWaits() {
    Waiting present = waiting;
    return present == null || present.events.isEmpty();
  }

  private Waiting waiting() {
    Waiting present = waiting;
    if (present == null) {
      WAITING.compareAndSet(this, null, new Waiting());
      present = Objects.requireNonNull(waiting);
    }
    return present;
  }

  private Session opened() {
    Session opened = session;
    if (opened == null) {
      throw new IllegalStateException("expected a connection that is open but it is not yet");
    }
    return opened;
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
      waiting().events.add(event);
      schedule();
    }
  }

  /** Takes up the delivery again where it may have stood still. Any thread. */
  private void schedule() {
    if (UNDER_WAY.compareAndSet(this, false, true) && !execute(this::drain)) {
      refused = true;
      waiting().events.clear();
      waiting().undelivered = 0;
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
    if (executor != null && underWay && !draining && !execute(() -> {})) {
      stranded();
    }
  }

  /** No listener will hear of it, but the state shows how it goes on (W3). */
  private void stranded() {
    connection.closingBegun();
    if (over) {
      fall();
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
      fall();
      for (int i = 0; i < BATCH && !isHeldUp(); i++) {
        deliver(waiting().events.poll());
        fall();
      }
    } finally {
      if (executor == null) {
        delivering = false;
      }
      draining = false;
      underWay = false;
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
    long size = Outgoing.sizeOf(message);
    long left = (long) UNDELIVERED.getAndAdd(waiting(), -size) - size;
    Session opened = opened();
    if (left <= opened.options().receiveLowMark()
        && full
        && FULL.compareAndSet(this, true, false)) {
      opened.resumeReading();
    }
  }

  /** Whether nothing waits, or only what must wait on. */
  private boolean isHeldUp() {
    Waiting present = waiting;
    Object next = present == null ? null : present.events.peek();
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
