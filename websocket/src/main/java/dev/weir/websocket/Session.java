package dev.weir.websocket;

import dev.weir.protocol.close.CloseCode;
import dev.weir.protocol.close.CloseOutcome;
import dev.weir.protocol.close.CloseStatus;
import dev.weir.protocol.close.ProtocolViolation;
import dev.weir.protocol.connection.Connection;
import dev.weir.protocol.connection.ConnectionEvents;
import dev.weir.protocol.connection.FrameReceivers;
import dev.weir.protocol.connection.Role;
import dev.weir.protocol.deflate.Compression;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.protocol.deflate.DeflatePool;
import dev.weir.protocol.deflate.DeflateTerms;
import dev.weir.protocol.deflate.MessageDeflater;
import dev.weir.protocol.handshake.Agreement;
import dev.weir.protocol.handshake.PerMessageDeflate;
import dev.weir.streams.InvalidStateError;
import dev.weir.websocket.spi.ChannelEvents;
import dev.weir.websocket.spi.EventLoop;
import dev.weir.websocket.spi.WebSocketChannel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One open connection: drives the protocol over a channel, with its timers, and carries messages
 * between them and whatever thread reads and writes. Thread-safe where a method says so; all else
 * belongs to the event loop.
 */
final class Session extends LoopQueue implements ConnectionEvents, ChannelEvents {
  private static final byte[] NO_PAYLOAD = {};

  /**
   * Compressors and inflaters, for all connections of an event loop: of its thread, since one loop
   * has one. It holds memory only while a connection of the thread compresses.
   */
  private static final ThreadLocal<DeflatePool> DEFLATE = ThreadLocal.withInitial(DeflatePool::new);

  /** What frames are read with, for all connections of an event loop in the same way. */
  private static final ThreadLocal<FrameReceivers> RECEIVERS =
      ThreadLocal.withInitial(FrameReceivers::new);

  private final WebSocketChannel channel;
  private final Connection connection;
  private final SessionOptions options;

  private final LifeSigns lifeSigns;
  private final Ending ending;
  private final Outbox outbox;

  // Reading; the event loop's.
  private Receiver receiver = Receiver.NONE;
  private boolean readerFull;

  // What compressed input waits for a reader; the event loop's. Null where none does.
  private @Nullable HeldInput held;
  private final boolean compressed;
  private boolean inputShutHeld;

  /** Null until the first ping is sent; the event loop's. */
  private @Nullable PingTimes pings;

  // Where it is remembered; guarded by the lock of that.
  private @Nullable OpenSessions remembering;
  private int place;

  Session(Role role, WebSocketChannel raw, SessionOptions options, Agreement agreement) {
    WireObserver observer = options.observer();
    this.channel = observer == null ? raw : new ObservedChannel(raw, role, observer);
    this.options = options;
    Compression compression = compression(role, options.compression(), agreement);
    this.compressed = compression != null;
    this.connection =
        new Connection(
            role,
            options.limits(),
            compression,
            RECEIVERS.get(),
            SecureMasks.ofThread(),
            channel,
            this);
    this.lifeSigns = new LifeSigns(this);
    this.ending = new Ending(this, connection);
    this.outbox =
        new Outbox(
            this,
            channel,
            connection,
            laidDownAtOnce(options.limits().fragmentSize(), compression));
  }

  private static @Nullable Compression compression(
      Role role, CompressionOptions options, Agreement agreement) {
    DeflateTerms terms = PerMessageDeflate.terms(agreement).orElse(null);
    if (terms == null) {
      return null;
    }
    DeflatePool pool = DEFLATE.get();
    return role == Role.CLIENT
        ? Compression.ofClient(pool, terms, options)
        : Compression.ofServer(pool, terms, options);
  }

  private static int laidDownAtOnce(int fragmentSize, @Nullable Compression compression) {
    return compression == null
        ? fragmentSize
        : Math.min(fragmentSize, MessageDeflater.SEGMENT_BYTES);
  }

  /** Says where messages go. Called once, before {@link #start}. */
  void deliverTo(Receiver wanted) {
    receiver = wanted;
  }

  /** Counts what is sent. Called once, before anything is. */
  void count(BufferedAmount amount) {
    outbox.count(amount);
  }

  /** Begins to deliver. Called once, on the event loop, after whoever opened has been told. */
  void start() {
    lifeSigns.start();
    channel.start(this);
  }

  // What this side wants: any thread.

  /** Sends a message, as {@link Outbox#send} says. */
  @Nullable CompletableFuture<Void> send(Message message, boolean compress) {
    return outbox.send(message, compress);
  }

  /** Payload bytes accepted and not yet taken by the channel. */
  long bufferedBytes() {
    return outbox.bufferedBytes();
  }

  /** Sends a ping and tells how long its pong took. */
  CompletableFuture<Duration> ping() {
    var roundTrip = new CompletableFuture<Duration>();
    execute(
        () -> {
          if (connection.isOpen()) {
            connection.sendPing(pings().begin(roundTrip, eventLoop().nanoTime()));
            outbox.requestFlush();
          } else {
            roundTrip.completeExceptionally(ending.notOpen());
          }
        });
    return roundTrip;
  }

  /** What a message is refused with once the connection is closing. */
  InvalidStateError notOpen() {
    return ending.notOpen();
  }

  /** Starts the closing handshake after all that was accepted; then nothing more is sent. */
  void close(CloseStatus status) {
    if (ending.beginClose()) {
      executeBehindPublished(
          () -> {
            outbox.layDownPublished();
            ending.close(status);
            outbox.requestFlush();
          });
    }
  }

  /**
   * Runs the task behind all that the calling thread has sent, and behind what it has published,
   * too, which comes by tasks of the event loop (H3).
   */
  private void executeBehindPublished(Runnable task) {
    if (eventLoop().inEventLoop()) {
      execute(task);
    } else {
      eventLoop().execute(() -> execute(task));
    }
  }

  /**
   * Starts the closing handshake as {@link #close} does, but delivers what the peer sends before
   * its own Close.
   */
  void closeOutput(CloseStatus status) {
    if (ending.beginOutputClose()) {
      executeBehindPublished(
          () -> {
            outbox.layDownPublished();
            ending.closeOutput(status);
            outbox.requestFlush();
          });
    }
  }

  /** Ends the connection now, without a closing handshake. */
  void abort(Throwable cause) {
    if (ending.beginAbort()) {
      execute(() -> ending.abort(cause));
    }
  }

  /** Completes with the peer's Close as soon as it is seen (B2). */
  CompletableFuture<WebSocketCloseInfo> closing() {
    return ending.closing();
  }

  /** Completes when the connection is gone (S19). */
  CompletableFuture<WebSocketCloseInfo> closed() {
    return ending.closed();
  }

  /** Called when the receiver has room again. */
  void resumeReading() {
    execute(
        () -> {
          readerFull = false;
          updateReading();
        });
  }

  @Override
  EventLoop eventLoop() {
    return channel.eventLoop();
  }

  WebSocketChannel channel() {
    return channel;
  }

  SessionOptions options() {
    return options;
  }

  // Topics: the event loop's.

  /** The topics of this session. */
  Memberships memberships() {
    return outbox.memberships();
  }

  /**
   * Whether its messages may still go out: no close has come to where it is sent, though a thread
   * may have asked for one.
   */
  boolean isOutputOpen() {
    return connection.isOpen();
  }

  Outbox outbox() {
    return outbox;
  }

  Ending ending() {
    return ending;
  }

  LifeSigns lifeSigns() {
    return lifeSigns;
  }

  // Timers' doing: the event loop's.

  boolean isReadingPaused() {
    return readerFull && !ending.isUnhindered();
  }

  void updateReading() {
    readHeld();
    channel.setReading(!isReadingPaused());
    lifeSigns.readingChanged();
  }

  /** Goes on with what was held, as far as the reader lets it. */
  private void readHeld() {
    boolean paused = isReadingPaused();
    if (!compressed) {
      return;
    }
    connection.hold(paused);
    HeldInput waiting = held;
    if (paused || waiting == null) {
      return;
    }
    held = null;
    ByteBuffer bytes = waiting.take();
    ending.bytesComing();
    outbox.layDownPublished();
    connection.receive(bytes);
    if (bytes.hasRemaining()) {
      hold(bytes);
    }
    receiver.burstEnded();
    ending.bytesReceived();
    if (held == null && inputShutHeld) {
      inputShutHeld = false;
      connection.inputShut();
    }
    outbox.requestFlush();
  }

  private void hold(ByteBuffer rest) {
    if (held == null) {
      held = new HeldInput();
    }
    held.add(rest);
  }

  void sendKeepAlivePing() {
    if (connection.isOpen()) {
      connection.sendPing(pings().begin());
      outbox.requestFlush();
    }
  }

  /** What waits for the reader: it falls while the reader reads. */
  long undeliveredBytes() {
    return receiver.undeliveredBytes();
  }

  void sendProbe() {
    if (connection.isOpen()) {
      connection.sendPong(NO_PAYLOAD);
      outbox.requestFlush();
    }
  }

  void closeForIdleness() {
    close(new CloseStatus(CloseCode.GOING_AWAY, "idle"));
  }

  /** Ends the connection without a closing handshake, for this cause. */
  void end(Throwable cause) {
    ending.abort(cause);
  }

  private PingTimes pings() {
    PingTimes begun = pings;
    if (begun == null) {
      begun = new PingTimes();
      pings = begun;
    }
    return begun;
  }

  // Remembering: under the lock of who does.

  /** Notes who remembers it, and where among the others. */
  void rememberedBy(@Nullable OpenSessions sessions, int at) {
    remembering = sessions;
    place = at;
  }

  @Nullable OpenSessions remembering() {
    return remembering;
  }

  int place() {
    return place;
  }

  @Override
  void burstEnded() {
    outbox.flush();
  }

  // ChannelEvents

  @Override
  public void received(ByteBuffer bytes) {
    outbox.readBurstBegins();
    lifeSigns.bytesReceived();
    ending.bytesComing();
    // Before the answer to a Close, say.
    outbox.layDownPublished();
    if (held == null) {
      connection.receive(bytes);
    }
    if (bytes.hasRemaining()) {
      hold(bytes);
    }
    receiver.burstEnded();
    ending.bytesReceived();
  }

  @Override
  public @Nullable ByteBuffer payloadPlace() {
    return connection.payloadPlace();
  }

  @Override
  public void readComplete() {
    outbox.readBurstEnds();
  }

  @Override
  public void writable() {
    lifeSigns.outputDrained();
    connection.outputWritable();
    outbox.flush();
  }

  @Override
  public void flushed() {
    connection.outputFlushed();
    outbox.flush();
  }

  @Override
  public void inputEnding() {
    lifeSigns.inputEnding();
  }

  @Override
  public void inputShut() {
    if (held != null) {
      // It comes behind what is held; but a peer that ended is not waited for for ever (B4).
      inputShutHeld = true;
      lifeSigns.inputEnding();
      return;
    }
    connection.inputShut();
    outbox.flush();
  }

  @Override
  public void closed(@Nullable Throwable cause) {
    // What was handed over before the end was seen still counts for how it ends (H2).
    runNow();
    // What a peer sent before it broke the connection is lost where it was not read yet.
    held = null;
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
    ending.messageReceived();
    if (ending.isInputUnwanted()) {
      return;
    }
    if (!receiver.receive(message) && !readerFull) {
      readerFull = true;
      updateReading();
    }
  }

  @Override
  public void pingReceived(byte[] payload) {}

  @Override
  public void pongReceived(byte[] payload) {
    receiver.burstEnded();
    if (pings != null) {
      pings.pongReceived(payload, eventLoop().nanoTime());
    }
  }

  @Override
  public void endComing() {
    receiver.burstEnded();
  }

  @Override
  public void closeReceived(CloseStatus status) {
    ending.closeReceived(status);
  }

  @Override
  public void closingStarted() {
    outbox.leaveTopics();
    ending.started();
    receiver.closingStarted();
  }

  @Override
  public void closed(CloseOutcome outcome) {
    WebSocketError error = ending.ended(outcome);
    lifeSigns.stop();
    receiver.ended(outcome, error);
    outbox.ended();
    if (pings != null) {
      pings.ended(ending.notOpen());
    }
    OpenSessions sessions = remembering;
    if (sessions != null) {
      sessions.remove(this);
    }
    ending.tell(outcome, error);
    if (sessions != null) {
      sessions.ended();
    }
  }
}
