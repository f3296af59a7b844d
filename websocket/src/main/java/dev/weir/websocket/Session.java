package dev.weir.websocket;

import dev.weir.protocol.close.CloseCode;
import dev.weir.protocol.close.CloseOutcome;
import dev.weir.protocol.close.CloseStatus;
import dev.weir.protocol.close.ProtocolViolation;
import dev.weir.protocol.connection.Connection;
import dev.weir.protocol.connection.ConnectionEvents;
import dev.weir.protocol.connection.Role;
import dev.weir.streams.InvalidStateError;
import dev.weir.websocket.spi.ChannelEvents;
import dev.weir.websocket.spi.EventLoop;
import dev.weir.websocket.spi.WebSocketChannel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One open connection: drives the protocol over a channel, with its timers, and carries messages
 * between them and whatever thread reads and writes. Thread-safe where a method says so; all else
 * belongs to the event loop.
 */
final class Session implements ConnectionEvents, ChannelEvents {
  /**
   * How many bytes other threads may have handed over, beyond what the channel's own high mark
   * bounds, before their writes stay pending (S12).
   */
  static final int HANDOVER_LIMIT = 64 * 1024;

  private static final byte[] NO_PAYLOAD = {};

  private enum State {
    OPEN,
    /** This side's output is closed, and the peer's messages are still wanted. */
    DRAINING,
    CLOSING,
    CLOSED
  }

  private final WebSocketChannel channel;
  private final EventLoop loop;
  private final LoopQueue queue;
  private final Connection connection;
  private final SessionOptions options;
  private final MessageStreams streams;

  // Any thread's. The state only ever goes forward: a write that comes when it is CLOSED must fail
  // at once, since nothing comes after it that could fail it.
  private final AtomicReference<State> state = new AtomicReference<>(State.OPEN);
  private volatile boolean outputFull;
  private final AtomicLong handedOver = new AtomicLong();
  private final CompletableFuture<WebSocketCloseInfo> closing = new CompletableFuture<>();
  private final CompletableFuture<WebSocketCloseInfo> closed = new CompletableFuture<>();

  // Flushing; the event loop's.
  private boolean inReadBurst;
  private boolean flushScheduled;

  // Reading; the event loop's.
  private boolean readerFull;
  private boolean ending;
  private boolean closeRequestedHere;
  private boolean draining;
  private boolean drainedSinceDeadline;

  // Timers; the event loop's.
  private final LifeSigns lifeSigns;
  private final PingTimes pings;
  private EventLoop.@Nullable Timer closeTimer;

  // The end; the event loop's.
  private final List<Outgoing> dropped = new ArrayList<>(0);
  private @Nullable Throwable endedBy;

  Session(Role role, WebSocketChannel raw, SessionOptions options) {
    WireObserver observer = options.observer();
    this.channel = observer == null ? raw : new ObservedChannel(raw, role, observer);
    this.loop = channel.eventLoop();
    this.options = options;
    this.queue = new LoopQueue(loop, this::flush);
    this.connection = new Connection(role, options.limits(), SecureMasks.ofThread(), channel, this);
    this.pings = new PingTimes(loop);
    this.lifeSigns = new LifeSigns(loop, options, this);
    this.streams = new MessageStreams(this, options);
  }

  /** Begins to deliver. Called once, on the event loop, after whoever opened has been told. */
  void start() {
    lifeSigns.start();
    channel.start(this);
  }

  // Sending: any thread.

  /**
   * Sends a message after all that were sent before it; its bytes are copied unless they are laid
   * down at once (S11). Any thread.
   *
   * @return null if the message is accepted and more may follow; else a future that completes when
   *     the connection has room again (S12), or fails with InvalidStateError if the message will
   *     not be sent (S13a, H2)
   */
  @Nullable CompletableFuture<Void> send(Message message) {
    if (state.get() != State.OPEN) {
      return CompletableFuture.failedFuture(notOpen());
    }
    if (queue.mayRunNow()) {
      return sendOnLoop(message);
    }
    var outgoing = new Outgoing(this, message, true);
    long waiting = handedOver.addAndGet(outgoing.size());
    boolean room = waiting <= HANDOVER_LIMIT && !outputFull;
    queue.execute(outgoing);
    // Read again: a close that came between the first look and the queue may stand before it.
    return room && state.get() == State.OPEN && outgoing.accept() ? null : outgoing;
  }

  private @Nullable CompletableFuture<Void> sendOnLoop(Message message) {
    if (!connection.isOpen()) {
      return CompletableFuture.failedFuture(notOpen());
    }
    if (channel.isWritable() && connection.queuedBytes() == 0 && fitsOneFrame(message)) {
      switch (message) {
        case Message.Text(String text) -> connection.sendText(text, null);
        case Message.Binary(byte[] bytes) -> connection.sendBinary(bytes, null);
      }
      lifeSigns.dataMoved();
      requestFlush();
      return null;
    }
    var outgoing = new Outgoing(this, message, true);
    handedOver.addAndGet(outgoing.size());
    outgoing.run();
    requestFlush();
    return outgoing.isDone() && !outgoing.isCompletedExceptionally() ? null : outgoing;
  }

  /** Whether the message is laid down at once, so that nothing of it need be kept. */
  private boolean fitsOneFrame(Message message) {
    int limit = options.limits().fragmentSize();
    return switch (message) {
      case Message.Text(String text) -> text.length() <= limit / 3;
      case Message.Binary(byte[] bytes) -> bytes.length <= limit;
    };
  }

  /** Sends a ping and tells how long its pong took. Any thread. */
  CompletableFuture<Duration> ping() {
    var roundTrip = new CompletableFuture<Duration>();
    queue.execute(
        () -> {
          if (connection.isOpen()) {
            connection.sendPing(pings.begin(roundTrip));
            requestFlush();
          } else {
            roundTrip.completeExceptionally(notOpen());
          }
        });
    return roundTrip;
  }

  /** Starts the closing handshake after all that was accepted; then nothing more is sent. */
  void close(CloseStatus status) {
    if (!state.compareAndSet(State.OPEN, State.CLOSING)
        && !state.compareAndSet(State.DRAINING, State.CLOSING)) {
      return;
    }
    queue.execute(
        () -> {
          closeRequestedHere = true;
          connection.close(status);
          stopDraining();
          requestFlush();
        });
  }

  /**
   * Starts the closing handshake as {@link #close} does, but delivers what the peer sends before
   * its own Close. Any thread.
   */
  void closeOutput(CloseStatus status) {
    if (state.compareAndSet(State.OPEN, State.DRAINING)) {
      queue.execute(
          () -> {
            // Not if something else has begun to end it: that must not wait for the reader.
            draining = connection.isOpen();
            connection.closeOutput(status);
            requestFlush();
          });
    }
  }

  /** Ends the connection now, without a closing handshake. Any thread. */
  void abort(Throwable cause) {
    if (state.getAndUpdate(Session::ending) != State.CLOSED) {
      queue.execute(() -> end(cause));
    }
  }

  private static State ending(State current) {
    return current == State.CLOSED ? current : State.CLOSING;
  }

  /** Any thread. Completes with the peer's Close as soon as it is seen (B2). */
  CompletableFuture<WebSocketCloseInfo> closing() {
    return closing;
  }

  /** Any thread. Completes when the connection is gone (S19). */
  CompletableFuture<WebSocketCloseInfo> closed() {
    return closed;
  }

  /** Any thread. Payload bytes accepted and not yet taken by the channel. */
  long bufferedBytes() {
    return handedOver.get();
  }

  MessageStreams streams() {
    return streams;
  }

  EventLoop eventLoop() {
    return loop;
  }

  WebSocketChannel channel() {
    return channel;
  }

  /** Called on any thread when the reader has room again. */
  void resumeReading() {
    queue.execute(
        () -> {
          readerFull = false;
          updateReading();
        });
  }

  private InvalidStateError notOpen() {
    return new InvalidStateError(
        "expected an open connection but it is "
            + (state.get() == State.CLOSED ? "closed" : "closing")
            + ": the message is not sent");
  }

  // What becomes of handed-over messages: the event loop's.

  void deliver(Outgoing outgoing) {
    switch (outgoing.message()) {
      case Message.Text(String text) -> connection.sendText(text, outgoing);
      case Message.Binary(byte[] bytes) -> connection.sendBinary(bytes, outgoing);
    }
    lifeSigns.dataMoved();
  }

  void delivered(Outgoing outgoing) {
    handedOver.addAndGet(-outgoing.size());
    outgoing.complete(null);
  }

  /** Its write fails when the connection is gone, so that the stream's own error comes first. */
  void dropped(Outgoing outgoing) {
    handedOver.addAndGet(-outgoing.size());
    if (outgoing.dropAccepted()) {
      connection.acceptedDataLost();
    }
    if (state.get() == State.CLOSED) {
      outgoing.completeExceptionally(notOpen());
    } else {
      dropped.add(outgoing);
    }
  }

  // Timers' doing: the event loop's.

  boolean isReadingPaused() {
    return readerFull && !ending;
  }

  void sendKeepAlivePing() {
    if (connection.isOpen()) {
      connection.sendPing(pings.begin(null));
      requestFlush();
    }
  }

  /** What waits for the reader: it falls while the reader reads. */
  double undeliveredBytes() {
    return streams.undeliveredBytes();
  }

  void sendProbe() {
    if (connection.isOpen()) {
      connection.sendPong(NO_PAYLOAD);
      requestFlush();
    }
  }

  void closeForIdleness() {
    close(new CloseStatus(CloseCode.GOING_AWAY, "idle"));
  }

  /** Ends the connection without a closing handshake, for this cause. */
  void end(Throwable cause) {
    if (endedBy == null) {
      endedBy = cause;
    }
    connection.abort(cause);
  }

  // ChannelEvents

  @Override
  public void received(ByteBuffer bytes) {
    inReadBurst = true;
    lifeSigns.bytesReceived();
    drainedSinceDeadline |= connection.isMidMessage();
    connection.receive(bytes);
    if (draining && !connection.isReceiving()) {
      stopDraining();
    }
  }

  @Override
  public void readComplete() {
    inReadBurst = false;
    flush();
  }

  @Override
  public void writable() {
    lifeSigns.outputDrained();
    connection.outputWritable();
    flush();
  }

  @Override
  public void flushed() {
    connection.outputFlushed();
    flush();
  }

  @Override
  public void inputEnding() {
    lifeSigns.inputEnding();
  }

  @Override
  public void inputShut() {
    connection.inputShut();
    flush();
  }

  @Override
  public void closed(@Nullable Throwable cause) {
    // What was handed over before the end was seen still counts for how it ends (H2).
    queue.runNow();
    connection.transportClosed(cause);
  }

  // ConnectionEvents

  @Override
  public void textReceived(String text) {
    if (options.kinds() == MessageKinds.BINARY) {
      refuse("binary", "text");
      return;
    }
    received(new Message.Text(text));
  }

  @Override
  public void binaryReceived(byte[] payload) {
    if (options.kinds() == MessageKinds.TEXT) {
      refuse("text", "binary");
      return;
    }
    received(new Message.Binary(payload));
  }

  private void refuse(String expected, String actual) {
    connection.fail(
        CloseCode.UNSUPPORTED_DATA,
        new ProtocolViolation(
            CloseCode.UNSUPPORTED_DATA, expected + " messages only", "a " + actual + " message"));
  }

  private void received(Message message) {
    lifeSigns.dataMoved();
    drainedSinceDeadline = true;
    if (closeRequestedHere) {
      return;
    }
    if (!streams.receive(message) && !readerFull) {
      readerFull = true;
      updateReading();
    }
  }

  @Override
  public void pingReceived(byte[] payload) {}

  @Override
  public void pongReceived(byte[] payload) {
    pings.pongReceived(payload);
  }

  @Override
  public void closeReceived(CloseStatus status) {
    state.updateAndGet(Session::ending);
    closing.complete(new WebSocketCloseInfo(status.code(), status.reason()));
  }

  @Override
  public void closingStarted() {
    ending = !draining || !connection.isReceiving();
    state.compareAndSet(State.OPEN, State.CLOSING);
    updateReading();
    startCloseTimer();
  }

  private void startCloseTimer() {
    drainedSinceDeadline = false;
    closeTimer = loop.schedule(this::closeDeadlinePassed, options.closeTimeout().toNanos());
  }

  /** While this side drains, a peer that still sends, or that is held back, has time anew. */
  private void closeDeadlinePassed() {
    if (draining && (drainedSinceDeadline || isReadingPaused())) {
      startCloseTimer();
      return;
    }
    if (endedBy == null) {
      endedBy = CloseReport.closeTimedOut(options.closeTimeout());
    }
    connection.deadlinePassed();
  }

  /** No more messages are wanted, or can come: from here on nothing holds up the end (H6). */
  private void stopDraining() {
    draining = false;
    ending = true;
    updateReading();
  }

  @Override
  public void closed(CloseOutcome outcome) {
    state.set(State.CLOSED);
    lifeSigns.stop();
    if (closeTimer != null) {
      closeTimer.cancel();
    }
    WebSocketError error = CloseReport.errorOf(outcome, endedBy);
    streams.ended(error);
    var info = new WebSocketCloseInfo(outcome.code(), outcome.reason());
    for (Outgoing outgoing : dropped) {
      outgoing.completeExceptionally(notOpen());
    }
    dropped.clear();
    pings.ended(notOpen());
    if (error == null) {
      closing.complete(info);
      closed.complete(info);
    } else {
      closing.completeExceptionally(error);
      closed.completeExceptionally(error);
    }
  }

  // Flow

  private void updateReading() {
    channel.setReading(!isReadingPaused());
    lifeSigns.readingChanged();
  }

  /** Flushes at the end of this turn of the event loop, together with what else comes up. */
  private void requestFlush() {
    if (!inReadBurst && !flushScheduled) {
      flushScheduled = true;
      loop.execute(
          () -> {
            flushScheduled = false;
            flush();
          });
    }
  }

  private void flush() {
    channel.flush();
    outputFull = !channel.isWritable() || connection.queuedBytes() > 0;
  }
}
