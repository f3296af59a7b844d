package dev.weir.websocket;

import dev.weir.protocol.close.CloseOutcome;
import dev.weir.protocol.close.CloseStatus;
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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The readable and the writable of one session, with backpressure both ways (S7 to S14).
 * Thread-safe as the two streams are; as a receiver it belongs to the event loop.
 */
final class MessageStreams implements Receiver {
  private final Session session;
  private final double resumeAt;
  private final Inbox inbox = new Inbox();
  private final Outlet outlet = new Outlet();
  private final ReadableStream<Message> readable;
  private final WritableStream<Message> writable;

  MessageStreams(Session session) {
    SessionOptions options = session.options();
    this.session = session;
    this.resumeAt = (double) options.receiveHighMark() - options.receiveLowMark();
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
  public long undeliveredBytes() {
    return (long) inbox.controller().queuedSize();
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

  /** The queue of received messages is the readable's own. */
  private final class Inbox implements UnderlyingSource<Message> {
    private final AtomicBoolean paused = new AtomicBoolean();
    private @Nullable ReadableStreamDefaultController<Message> controller;

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

    boolean receive(Message message) {
      ReadableStreamDefaultController<Message> queue = controller();
      if (!queue.tryEnqueue(message) || queue.desiredSize() > 0) {
        return true;
      }
      paused.set(true);
      // A reader that emptied the queue before it could see this does not call pull again.
      return queue.desiredSize() >= resumeAt && paused.compareAndSet(true, false);
    }

    /** Called after each read that leaves room, on the reader's thread. */
    @Override
    public @Nullable CompletionStage<?> pull(ReadableStreamDefaultController<Message> queue) {
      if (paused.get() && queue.desiredSize() >= resumeAt && paused.compareAndSet(true, false)) {
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
