package dev.weir.websocket;

import dev.weir.protocol.close.CloseOutcome;
import dev.weir.protocol.close.CloseStatus;
import dev.weir.streams.ChunkBatch;
import dev.weir.streams.CountQueuingStrategy;
import dev.weir.streams.InvalidStateError;
import dev.weir.streams.QueuingStrategy;
import dev.weir.streams.ReadableStream;
import dev.weir.streams.ReadableStreamDefaultController;
import dev.weir.streams.StreamStateException;
import dev.weir.streams.UnderlyingSink;
import dev.weir.streams.UnderlyingSource;
import dev.weir.streams.WritableStream;
import dev.weir.streams.WritableStreamDefaultController;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The readable and the writable of one session, with backpressure both ways (S7 to S14).
 * Thread-safe as the two streams are; as a receiver it belongs to the event loop.
 */
final class MessageStreams implements Receiver {
  /** So many received messages, or bytes of them, are kept for the end of a burst at most. */
  private static final int BATCH = 64;

  private static final int BATCH_BYTES = 16 * 1024;

  private final Session session;
  private final double resumeAt;
  private final Inbox inbox;
  private final Outlet outlet = new Outlet();
  private final ReadableStream<Message> readable;
  private final WritableStream<Message> writable;

  MessageStreams(Session session) {
    SessionOptions options = session.options();
    this.session = session;
    this.resumeAt = (double) options.receiveHighMark() - options.receiveLowMark();
    this.inbox = new Inbox();
    this.readable =
        new ReadableStream<>(
            inbox, QueuingStrategy.of(options.receiveHighMark(), Outgoing::sizeOf));
    this.writable = new WritableStream<>(outlet, new CountQueuingStrategy(1));
  }

  ReadableStream<Message> readable() {
    return readable;
  }

  WritableStream<Message> writable() {
    return writable;
  }

  @Override
  public boolean receive(Message message) {
    return inbox.receive(message);
  }

  @Override
  public void burstEnded() {
    inbox.deliver();
  }

  @Override
  public long undeliveredBytes() {
    return inbox.undeliveredBytes();
  }

  @Override
  public void closingStarted() {
    outlet.closingStarted();
  }

  @Override
  public void ended(CloseOutcome outcome, @Nullable WebSocketError error) {
    inbox.ended(error);
    outlet.ended(error);
  }

  /** With what cancel and abort close: a WebSocketError's code and reason, else nothing (S10). */
  private static CloseStatus statusOf(@Nullable Throwable reason) {
    return reason instanceof WebSocketError error ? error.asCloseStatus() : CloseStatus.NONE;
  }

  /**
   * The queue of received messages is the readable's own. What one read of the socket brings is
   * collected and put there at once, unless it is much.
   */
  private final class Inbox implements UnderlyingSource<Message> {
    private final AtomicBoolean paused = new AtomicBoolean();

    /** The pull that is under way as long as the socket is read without being asked to. */
    private volatile @Nullable CompletableFuture<Void> flow;

    private @Nullable ReadableStreamDefaultController<Message> controller;

    // Collecting; the event loop's.
    private final WakeUps waker = WakeUps.of(session.eventLoop());
    private @Nullable ChunkBatch<Message> collected;
    private double room = session.options().receiveHighMark(); // at least, but for the collected

    @Override
    public @Nullable CompletionStage<?> start(ReadableStreamDefaultController<Message> started) {
      controller = started;
      return null;
    }

    private ReadableStreamDefaultController<Message> controller() {
      if (controller == null) {
        throw new IllegalStateException("expected a started readable but it was not started");
      }
      return controller;
    }

    long undeliveredBytes() {
      double waiting = collected == null ? 0 : collected.size();
      return (long) (waiting + controller().queuedSize());
    }

    boolean receive(Message message) {
      ChunkBatch<Message> batch = collected;
      if (batch == null) {
        batch = new ChunkBatch<>(controller());
        collected = batch;
      }
      batch.add(message);
      double size = batch.size();
      if (size < room && size < BATCH_BYTES && batch.count() < BATCH) {
        return true;
      }
      return deliver();
    }

    /** Hands over what was collected. Returns whether there is room for more. */
    boolean deliver() {
      ChunkBatch<Message> batch = collected;
      if (batch == null || batch.count() == 0) {
        return true;
      }
      if (!batch.tryEnqueue(waker)) {
        return true; // nobody wants it any more
      }
      room = controller().desiredSize();
      return room > 0 || !pause();
    }

    /** The readable is full; false if it has been read meanwhile, and reading goes on. */
    private boolean pause() {
      paused.set(true);
      CompletableFuture<Void> flowed = flow;
      if (flowed != null) {
        flow = null;
        flowed.complete(null); // from here on each read that leaves room pulls
      }
      // A reader that emptied the queue before it could see this does not pull again.
      room = controller().desiredSize();
      if (room >= resumeAt) {
        paused.set(false);
      }
      return paused.get(); // not if a pull has come in between and let reading go on
    }

    /** Called when there is room, and not again before the stage that it returns has completed. */
    @Override
    public @Nullable CompletionStage<?> pull(ReadableStreamDefaultController<Message> queue) {
      if (!paused.get()) {
        var flowing = new CompletableFuture<Void>();
        flow = flowing;
        if (!paused.get()) {
          return flowing;
        }
      }
      if (queue.desiredSize() >= resumeAt && paused.compareAndSet(true, false)) {
        session.resumeReading();
      }
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> cancel(@Nullable Throwable reason) {
      session.close(statusOf(reason));
      return null;
    }

    /** Messages that wait are delivered first, however the connection ended. */
    void ended(@Nullable WebSocketError error) {
      deliver();
      if (error != null) {
        controller().errorWhenDrained(error);
        return;
      }
      try {
        controller().close();
      } catch (StreamStateException e) {
        // The consumer has cancelled: there is nobody left to be told.
        return;
      }
    }
  }

  private final class Outlet implements UnderlyingSink<Message> {
    private @Nullable WritableStreamDefaultController controller;

    @Override
    public @Nullable CompletionStage<?> start(WritableStreamDefaultController started) {
      controller = started;
      // At once, since the stream calls abort only when the write that is under way has ended.
      started.signal().onAbort(reason -> session.close(statusOf(reason)));
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> write(
        Message message, WritableStreamDefaultController ignored) {
      return session.send(message, true);
    }

    /** Bytes are copied at the time of the call, also those of a message that waits (S11). */
    @Override
    public Message keep(Message message) {
      return message instanceof Message.Binary(byte[] bytes)
          ? new Message.Binary(bytes.clone())
          : message;
    }

    @Override
    public CompletionStage<?> close() {
      session.close(CloseStatus.NONE);
      return session.closed();
    }

    /** What waits behind a message that does not get out will not be sent: it need not wait. */
    void closingStarted() {
      if (controller != null) {
        controller.refuseWaiting(session.notOpen());
      }
    }

    void ended(@Nullable WebSocketError error) {
      if (controller != null) {
        closingStarted(); // what never got out fails as such, whatever the stream's own error (H2)
        controller.error(error != null ? error : new InvalidStateError("the connection is closed"));
      }
    }
  }
}
