package dev.weir.websocket;

import dev.weir.protocol.close.CloseCode;
import dev.weir.protocol.close.CloseStatus;
import dev.weir.protocol.handshake.Agreement;
import dev.weir.streams.InvalidStateError;
import dev.weir.websocket.events.Event;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The connection behind one {@link WebSocket}: its ready state, what sending and closing do in each
 * state, and which events its steps are. Thread-safe; the steps are taken where events are
 * delivered.
 */
final class EventConnection {
  private static final AtomicIntegerFieldUpdater<EventConnection> READY_STATE =
      AtomicIntegerFieldUpdater.newUpdater(EventConnection.class, "readyState");

  private final WebSocket socket;
  private final boolean server;
  private final EventDelivery delivery;

  /** Only ever goes forward. */
  private volatile int readyState;

  /** How it is opened; null on a server, and before it is attempted. */
  private volatile @Nullable ClientConnecting<Agreement> attempt;

  /** The thread that is beginning the attempt, where no event may come. */
  private volatile @Nullable Thread beginning;

  // Written before the state becomes OPEN.
  private volatile @Nullable Agreement agreement;

  /** Whether listeners know of it as open; the delivery's. */
  private boolean told;

  private volatile long maxBufferedAmount = WebSocket.MAX_BUFFERED_AMOUNT;

  /** A client's, which is to be {@link #connect connected}. */
  EventConnection(WebSocket socket, WebSocketOptions options) {
    this.socket = socket;
    this.server = false;
    this.readyState = WebSocket.CONNECTING;
    this.delivery = new EventDelivery(this, options.executor());
  }

  /** A server's, which is open. */
  EventConnection(WebSocket socket, Session session, Agreement agreement) {
    this.socket = socket;
    this.server = true;
    this.readyState = WebSocket.OPEN;
    this.delivery = new EventDelivery(this, null);
    this.told = true;
    Agreement unused = connected(session, agreement);
  }

  EventDelivery delivery() {
    return delivery;
  }

  int readyState() {
    return readyState;
  }

  boolean isOpen() {
    return readyState == WebSocket.OPEN;
  }

  /** What was agreed on, once it is open. */
  @Nullable Agreement agreement() {
    return readyState == WebSocket.CONNECTING ? null : agreement;
  }

  // Opening.

  void connect(ClientConnecting<Agreement> wanted) {
    if (readyState != WebSocket.CONNECTING) {
      delivery.post(() -> openingFailed(closedEarly()));
      delivery.nothingFollows();
      return;
    }
    attempt = wanted;
    wanted.opened().whenComplete((agreed, error) -> openingOver(error));
    beginning = Thread.currentThread();
    wanted.begin();
    beginning = null;
  }

  /** The session of this connection has come; its open event follows. On the event loop. */
  Agreement connected(Session opened, Agreement agreed) {
    opened.count(delivery);
    agreement = agreed;
    delivery.opened(opened);
    return agreed;
  }

  private void openingOver(@Nullable Throwable error) {
    if (error == null) {
      delivery.runInOrder(this::openDue);
      return;
    }
    if (Thread.currentThread() == beginning) {
      delivery.post(() -> openingFailed(error));
    } else {
      delivery.runInOrder(() -> openingFailed(error));
    }
    delivery.nothingFollows();
  }

  // Sending and closing: any thread.

  void send(Message message, boolean compress) {
    int state = readyState;
    checkNotConnecting(state);
    Session open = delivery.session();
    if (open == null) {
      delivery.refused(Outbox.payloadBytes(message));
      return;
    }
    if (state == WebSocket.OPEN && delivery.bufferedAmount() > maxBufferedAmount) {
      abort(
          new IllegalStateException(
              delivery.bufferedAmount()
                  + " bytes are buffered, the limit is "
                  + maxBufferedAmount
                  + ": the peer does not keep up"));
    }
    // Once it is closing the session drops the message, and counts it all the same.
    var unused = open.send(message, compress);
  }

  private static void checkNotConnecting(int state) {
    if (state == WebSocket.CONNECTING) {
      throw new InvalidStateError(
          "expected a connection that has been opened but it is still connecting");
    }
  }

  /**
   * The session behind it, or null if it was never open.
   *
   * @throws InvalidStateError if it is still connecting
   */
  @Nullable Session session() {
    checkNotConnecting(readyState);
    return delivery.session();
  }

  long bufferedAmount() {
    return delivery.bufferedAmount();
  }

  long maxBufferedAmount() {
    return maxBufferedAmount;
  }

  void maxBufferedAmount(long bytes) {
    maxBufferedAmount = bytes;
  }

  void close(@Nullable Integer code, String reason) {
    CloseStatus status =
        code == null || !server
            ? CloseArguments.ofPlatform(code, reason)
            : CloseArguments.ofServer(code, reason);
    if (READY_STATE.compareAndSet(this, WebSocket.CONNECTING, WebSocket.CLOSING)) {
      dropOpening(closedEarly());
    } else if (READY_STATE.compareAndSet(this, WebSocket.OPEN, WebSocket.CLOSING)) {
      Session open = delivery.session();
      if (open != null) {
        open.close(status);
      }
      delivery.takeUp();
    }
  }

  void abort(Throwable cause) {
    if (READY_STATE.compareAndSet(this, WebSocket.CONNECTING, WebSocket.CLOSING)) {
      dropOpening(
          WebSocketError.ofConnection(
              "abort() was called before the connection was open", CloseCode.ABNORMAL, "", cause));
      return;
    }
    READY_STATE.compareAndSet(this, WebSocket.OPEN, WebSocket.CLOSING);
    Session open = delivery.session();
    if (open != null) {
      open.abort(cause);
    }
    delivery.takeUp();
  }

  private static WebSocketError closedEarly() {
    return WebSocketError.ofConnection(
        "close() was called before the connection was open", CloseCode.ABNORMAL, "", null);
  }

  /** Also where the opening is over already, and only its event has not come yet. */
  private void dropOpening(WebSocketError error) {
    ClientConnecting<Agreement> begun = attempt;
    Session open = delivery.session();
    if ((begun == null || !begun.giveUp(error)) && open != null) {
      open.abort(error);
    }
  }

  // What is due: where events are delivered.

  private void openDue() {
    if (READY_STATE.compareAndSet(this, WebSocket.CONNECTING, WebSocket.OPEN)) {
      told = true;
      socket.tell(new Event("open"));
    } else {
      // Closed on another thread while the opening was just beginning or ending.
      dropOpening(closedEarly());
    }
  }

  void received(Message message) {
    if (isOpen()) {
      socket.tell(new MessageEvent(message, socket.origin(), socket.binaryType()));
    }
  }

  void closingBegun() {
    READY_STATE.compareAndSet(this, WebSocket.OPEN, WebSocket.CLOSING);
  }

  /** The connection is gone, and there is nowhere that its last events could be delivered. */
  void endedUntold() {
    readyState = WebSocket.CLOSED;
  }

  private void openingFailed(Throwable error) {
    tellEnd(
        error instanceof WebSocketError failure && failure.closeCode() != null
            ? failure.closeCode()
            : CloseCode.ABNORMAL,
        "",
        error);
  }

  /** The connection is gone. */
  void ended(int code, String reason, @Nullable Throwable error) {
    if (told) {
      tellEnd(code, reason, error);
    } else {
      // Given up before its open event, whatever the peer has done since: a failed opening (S17).
      tellEnd(CloseCode.ABNORMAL, "", error == null ? closedEarly() : error);
    }
  }

  private void tellEnd(int code, String reason, @Nullable Throwable error) {
    readyState = WebSocket.CLOSED;
    if (error != null) {
      socket.tell(new ErrorEvent(error));
    }
    socket.tell(new CloseEvent("close", code, reason, error == null));
  }
}
