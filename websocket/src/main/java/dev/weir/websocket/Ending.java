package dev.weir.websocket;

import dev.weir.protocol.close.CloseOutcome;
import dev.weir.protocol.close.CloseStatus;
import dev.weir.protocol.connection.Connection;
import dev.weir.streams.InvalidStateError;
import dev.weir.websocket.spi.EventLoop;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * How one session comes to its end: what has begun to end it, how long that may take (H5), and the
 * promises of those who wait for it. Thread-safe where a method says so; all else belongs to the
 * event loop.
 */
final class Ending {
  private enum State {
    OPEN,
    /** This side's output is closed, and the peer's messages are still wanted. */
    DRAINING,
    CLOSING,
    CLOSED
  }

  private record Promises(
      CompletableFuture<WebSocketCloseInfo> closing, CompletableFuture<WebSocketCloseInfo> closed) {
    Promises() {
      this(new CompletableFuture<>(), new CompletableFuture<>());
    }
  }

  private static final AtomicReferenceFieldUpdater<Ending, State> STATE =
      AtomicReferenceFieldUpdater.newUpdater(Ending.class, State.class, "state");
  private static final AtomicReferenceFieldUpdater<Ending, @Nullable Promises> PROMISES =
      AtomicReferenceFieldUpdater.newUpdater(Ending.class, Promises.class, "promises");

  private final Session session;
  private final Connection connection;

  // Any thread's. The state only ever goes forward: a write that comes when it is CLOSED must fail
  // at once, since nothing comes after it that could fail it.
  private volatile State state = State.OPEN;

  /** Null until somebody waits: mostly nobody does where events are delivered. */
  private volatile @Nullable Promises promises;

  // The event loop's.
  private boolean inputUnwanted;
  private boolean unhindered;
  private boolean draining;
  private boolean drainedSinceDeadline;
  private EventLoop.@Nullable Timer deadline;
  private @Nullable Throwable cause;

  Ending(Session session, Connection connection) {
    this.session = session;
    this.connection = connection;
  }

  // Any thread.

  boolean isOpen() {
    return state == State.OPEN;
  }

  boolean isClosed() {
    return state == State.CLOSED;
  }

  /** Whether the caller is the one to start the closing handshake. */
  boolean beginClose() {
    return STATE.compareAndSet(this, State.OPEN, State.CLOSING)
        || STATE.compareAndSet(this, State.DRAINING, State.CLOSING);
  }

  /** Whether the caller is the one to close the output only. */
  boolean beginOutputClose() {
    return STATE.compareAndSet(this, State.OPEN, State.DRAINING);
  }

  /** Whether there is still something to abort. */
  boolean beginAbort() {
    return STATE.getAndUpdate(this, Ending::ending) != State.CLOSED;
  }

  private static State ending(State current) {
    return current == State.CLOSED ? current : State.CLOSING;
  }

  InvalidStateError notOpen() {
    return new InvalidStateError(
        "expected an open connection but it is "
            + (isClosed() ? "closed" : "closing")
            + ": the message is not sent");
  }

  CompletableFuture<WebSocketCloseInfo> closing() {
    return promises().closing();
  }

  CompletableFuture<WebSocketCloseInfo> closed() {
    return promises().closed();
  }

  private Promises promises() {
    Promises made = promises;
    if (made == null) {
      PROMISES.compareAndSet(this, null, new Promises());
      made = Objects.requireNonNull(promises);
    }
    return made;
  }

  // What this side wants.

  void close(CloseStatus status) {
    inputUnwanted = true;
    connection.close(status);
    stopDraining();
  }

  void closeOutput(CloseStatus status) {
    // Not if something else has begun to end it: that must not wait for the reader.
    draining = connection.isOpen();
    connection.closeOutput(status);
  }

  /** Ends the connection without a closing handshake, for this cause. */
  void abort(Throwable why) {
    because(why);
    connection.abort(why);
  }

  private void because(Throwable why) {
    if (cause == null) {
      cause = why;
    }
  }

  /** Whether this side has closed, so that messages are dropped that come now (H4). */
  boolean isInputUnwanted() {
    return inputUnwanted;
  }

  /** Whether no reader may hold up the end any more (H6). */
  boolean isUnhindered() {
    return unhindered;
  }

  // What happens.

  void bytesComing() {
    if (draining) {
      drainedSinceDeadline |= connection.isMidMessage();
    }
  }

  void bytesReceived() {
    if (draining && !connection.isReceiving()) {
      stopDraining();
    }
  }

  void messageReceived() {
    drainedSinceDeadline = true;
  }

  void closeReceived(CloseStatus status) {
    STATE.updateAndGet(this, Ending::ending);
    promises().closing().complete(new WebSocketCloseInfo(status.code(), status.reason()));
  }

  void started() {
    unhindered = !draining || !connection.isReceiving();
    STATE.compareAndSet(this, State.OPEN, State.CLOSING);
    session.updateReading();
    startDeadline();
  }

  /** No more messages are wanted, or can come: from here on nothing holds up the end. */
  private void stopDraining() {
    draining = false;
    unhindered = true;
    session.updateReading();
  }

  private void startDeadline() {
    drainedSinceDeadline = false;
    deadline = session.eventLoop().schedule(this::deadlinePassed, closeTimeout().toNanos());
  }

  private Duration closeTimeout() {
    return session.options().closeTimeout();
  }

  /** While this side drains, a peer that still sends, or that is held back, has time anew. */
  private void deadlinePassed() {
    if (draining && (drainedSinceDeadline || session.isReadingPaused())) {
      startDeadline();
      return;
    }
    because(CloseReport.closeTimedOut(closeTimeout()));
    connection.deadlinePassed();
  }

  /**
   * The connection is gone. Those who wait are told by {@link #tell} once the rest is in order.
   *
   * @return why the close is not clean, or null if it is
   */
  @Nullable WebSocketError ended(CloseOutcome outcome) {
    state = State.CLOSED;
    if (deadline != null) {
      deadline.cancel();
    }
    return CloseReport.errorOf(outcome, cause);
  }

  void tell(CloseOutcome outcome, @Nullable WebSocketError error) {
    Promises waited = promises();
    if (error == null) {
      var info = new WebSocketCloseInfo(outcome.code(), outcome.reason());
      waited.closing().complete(info);
      waited.closed().complete(info);
    } else {
      waited.closing().completeExceptionally(error);
      waited.closed().completeExceptionally(error);
    }
  }
}
