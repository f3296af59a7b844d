package dev.weir.websocket;

import dev.weir.protocol.connection.Connection;
import dev.weir.websocket.spi.EventLoop;
import dev.weir.websocket.spi.WebSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What one session sends: takes the messages of any thread to the connection in order, and flushes
 * once per turn of the event loop. Thread-safe where a method says so; all else belongs to the
 * event loop.
 */
final class Outbox {
  /**
   * How many bytes other threads may have handed over, beyond what the channel's own high mark
   * bounds, before their writes stay pending (S12).
   */
  static final int HANDOVER_LIMIT = 64 * 1024;

  private final WebSocketChannel channel;
  private final EventLoop loop;
  private final LoopQueue queue;
  private final Connection connection;
  private final Ending ending;
  private final LifeSigns lifeSigns;
  private final int fragmentSize;

  // Any thread's.
  private volatile boolean outputFull;
  private final AtomicLong handedOver = new AtomicLong();

  // Flushing; the event loop's.
  private boolean inReadBurst;
  private boolean flushScheduled;

  /** Messages whose writes fail once the connection is gone; the event loop's. */
  private final List<Outgoing> dropped = new ArrayList<>(0);

  Outbox(
      WebSocketChannel channel,
      LoopQueue queue,
      Connection connection,
      Ending ending,
      LifeSigns lifeSigns,
      int fragmentSize) {
    this.channel = channel;
    this.loop = channel.eventLoop();
    this.queue = queue;
    this.connection = connection;
    this.ending = ending;
    this.lifeSigns = lifeSigns;
    this.fragmentSize = fragmentSize;
  }

  // Sending.

  /**
   * Sends a message after all that were sent before it; its bytes are copied unless they are laid
   * down at once (S11). Any thread.
   *
   * @return null if the message is accepted and more may follow; else a future that completes when
   *     the connection has room again (S12), or fails with InvalidStateError if the message will
   *     not be sent (S13a, H2)
   */
  @Nullable CompletableFuture<Void> send(Message message) {
    if (!ending.isOpen()) {
      return CompletableFuture.failedFuture(ending.notOpen());
    }
    if (queue.mayRunNow()) {
      return sendOnLoop(message);
    }
    var outgoing = new Outgoing(this, message);
    long waiting = handedOver.addAndGet(outgoing.size());
    boolean room = waiting <= HANDOVER_LIMIT && !outputFull;
    queue.execute(outgoing);
    // Read again: a close that came between the first look and the queue may stand before it.
    return room && ending.isOpen() && outgoing.accept() ? null : outgoing;
  }

  private @Nullable CompletableFuture<Void> sendOnLoop(Message message) {
    if (!connection.isOpen()) {
      return CompletableFuture.failedFuture(ending.notOpen());
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
    var outgoing = new Outgoing(this, message);
    handedOver.addAndGet(outgoing.size());
    outgoing.run();
    requestFlush();
    return outgoing.isDone() && !outgoing.isCompletedExceptionally() ? null : outgoing;
  }

  /** Whether the message is laid down at once, so that nothing of it need be kept. */
  private boolean fitsOneFrame(Message message) {
    return switch (message) {
      case Message.Text(String text) -> text.length() <= fragmentSize / 3;
      case Message.Binary(byte[] bytes) -> bytes.length <= fragmentSize;
    };
  }

  /** Payload bytes accepted and not yet taken by the channel. Any thread. */
  long bufferedBytes() {
    return handedOver.get();
  }

  // What becomes of a message that was handed over.

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
    if (ending.isClosed()) {
      outgoing.completeExceptionally(ending.notOpen());
    } else {
      dropped.add(outgoing);
    }
  }

  /** The connection is gone: fails the writes that it took with it. */
  void ended() {
    for (Outgoing outgoing : dropped) {
      outgoing.completeExceptionally(ending.notOpen());
    }
    dropped.clear();
  }

  // Flushing.

  void readBurstBegins() {
    inReadBurst = true;
  }

  void readBurstEnds() {
    inReadBurst = false;
    flush();
  }

  /** Flushes at the end of this turn of the event loop, together with what else comes up. */
  void requestFlush() {
    if (!inReadBurst && !flushScheduled) {
      flushScheduled = true;
      loop.execute(
          () -> {
            flushScheduled = false;
            flush();
          });
    }
  }

  void flush() {
    channel.flush();
    outputFull = !channel.isWritable() || connection.queuedBytes() > 0;
  }
}
