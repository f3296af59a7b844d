package dev.weir.websocket;

import dev.weir.protocol.connection.Connection;
import dev.weir.protocol.connection.Delivery;
import dev.weir.protocol.message.TextEncoder;
import dev.weir.websocket.spi.WebSocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * What one session sends: takes the messages of any thread to the connection in order, and flushes
 * once per turn of the event loop. Thread-safe where a method says so; all else belongs to the
 * event loop.
 */
final class Outbox implements Handover.Receiver, Runnable {
  /**
   * How many bytes other threads may have handed over, beyond what the channel's own high mark
   * bounds, before their writes stay pending (S12).
   */
  static final int HANDOVER_LIMIT = 64 * 1024;

  private static final AtomicLongFieldUpdater<Outbox> HANDED_OVER =
      AtomicLongFieldUpdater.newUpdater(Outbox.class, "handedOver");
  private static final AtomicReferenceFieldUpdater<Outbox, @Nullable Handover> HANDOVER =
      AtomicReferenceFieldUpdater.newUpdater(Outbox.class, Handover.class, "handover");

  private final Session session;
  private final WebSocketChannel channel;
  private final Connection connection;
  private final int laidDownAtOnce;

  // Any thread's.
  private volatile boolean outputFull;
  private volatile long handedOver;

  // Flushing; the event loop's.
  private boolean inReadBurst;
  private boolean flushScheduled;

  /** What an event-style socket counts; null for streams. */
  private @Nullable BufferedAmount amount;

  /** Of an event-style socket, once another thread sends; any thread's. */
  private volatile @Nullable Handover handover;

  /** Null until it is subscribed to a topic; the event loop's. */
  private @Nullable Memberships memberships;

  /** Messages whose writes fail once the connection is gone, or null; the event loop's. */
  private @Nullable List<Outgoing> dropped;

  /**
   * The outbox of this session.
   *
   * @param laidDownAtOnce the most bytes of a message that goes out, or into a frame of its own,
   *     before the call that sends it returns
   */
  Outbox(Session session, WebSocketChannel channel, Connection connection, int laidDownAtOnce) {
    this.session = session;
    this.channel = channel;
    this.connection = connection;
    this.laidDownAtOnce = laidDownAtOnce;
  }

  /** Counts what is sent from now on. Called once, before anything is sent. */
  void count(BufferedAmount counter) {
    amount = counter;
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
  @Nullable CompletableFuture<Void> send(Message message, boolean compress) {
    if (!session.ending().isOpen()) {
      return notSent(message);
    }
    if (session.mayRunNow()) {
      return sendOnLoop(message, compress);
    }
    BufferedAmount counter = amount;
    if (counter != null) {
      handover(counter).send(message, compress);
      return null;
    }
    var outgoing = new Outgoing(this, copyOf(message), compress, 0);
    long waiting = HANDED_OVER.addAndGet(this, outgoing.size());
    boolean room = waiting <= HANDOVER_LIMIT && !outputFull;
    session.execute(outgoing);
    // Read again: a close that came between the first look and the queue may stand before it.
    return room && session.ending().isOpen() && outgoing.accept() ? null : outgoing;
  }

  private Handover handover(BufferedAmount counter) {
    Handover begun = handover;
    if (begun == null) {
      var fresh = new Handover(session, counter, this);
      begun = HANDOVER.compareAndSet(this, null, fresh) ? fresh : handover;
    }
    return Objects.requireNonNull(begun);
  }

  private @Nullable CompletableFuture<Void> sendOnLoop(Message message, boolean compress) {
    if (!connection.isOpen()) {
      return notSent(message);
    }
    layDownPublished();
    if (channel.isWritable() && connection.queuedBytes() == 0 && fitsOneFrame(message)) {
      layDown(message, compress);
      session.lifeSigns().dataMoved();
      requestFlush();
      return null;
    }
    var outgoing = counted(message, compress);
    HANDED_OVER.addAndGet(this, outgoing.size());
    lend(outgoing);
    requestFlush();
    return outgoing.isDone() && !outgoing.isCompletedExceptionally() ? null : outgoing;
  }

  private void layDown(Message message, boolean compress) {
    int bytes;
    if (message instanceof Message.Text text) {
      bytes = connection.sendText(text.text(), compress, null);
    } else {
      byte[] payload = ((Message.Binary) message).bytes();
      // Lent: a reaction to another message's delivery may be what sends it, behind that one.
      connection.lendBinary(payload, compress, null);
      bytes = payload.length;
    }
    if (amount != null) {
      amount.sent(bytes);
      amount.taken(bytes);
    }
  }

  private Outgoing counted(Message message, boolean compress) {
    BufferedAmount counter = amount;
    if (counter == null) {
      return new Outgoing(this, message, compress, 0);
    }
    int bytes = payloadBytes(message);
    counter.sent(bytes);
    return new Outgoing(this, message, compress, bytes);
  }

  private CompletableFuture<Void> notSent(Message message) {
    if (amount != null) {
      amount.refused(payloadBytes(message));
    }
    return CompletableFuture.failedFuture(session.ending().notOpen());
  }

  /** The bytes of the message as the platform counts them: of a text those of its UTF-8. */
  static int payloadBytes(Message message) {
    return message instanceof Message.Text text
        ? TextEncoder.encodedLength(text.text())
        : ((Message.Binary) message).bytes().length;
  }

  /** Whether the message is laid down at once, so that nothing of it need be kept. */
  private boolean fitsOneFrame(Message message) {
    return message instanceof Message.Text text
        ? text.text().length() <= laidDownAtOnce / 3
        : ((Message.Binary) message).bytes().length <= laidDownAtOnce;
  }

  /** Payload bytes accepted and not yet taken by the channel. Any thread. */
  long bufferedBytes() {
    return handedOver;
  }

  private static Message copyOf(Message message) {
    return message instanceof Message.Binary(byte[] bytes)
        ? new Message.Binary(bytes.clone())
        : message;
  }

  // What becomes of a message that was handed over.

  /** Delivers a message whose bytes the sender may change afterwards. */
  private void lend(Outgoing outgoing) {
    layDownPublished();
    if (outgoing.message() instanceof Message.Binary(byte[] bytes)) {
      if (amount != null) {
        amount.taken(outgoing.payloadBytes());
      }
      connection.lendBinary(bytes, outgoing.compress(), outgoing);
      session.lifeSigns().dataMoved();
    } else {
      deliver(outgoing);
    }
  }

  void deliver(Outgoing outgoing) {
    layDownPublished();
    if (amount != null) {
      amount.taken(outgoing.payloadBytes());
    }
    send(outgoing.message(), outgoing.compress(), outgoing);
  }

  private void send(Message message, boolean compress, Delivery delivery) {
    if (message instanceof Message.Text text) {
      int unused = connection.sendText(text.text(), compress, delivery);
    } else {
      connection.sendBinary(((Message.Binary) message).bytes(), compress, delivery);
    }
    session.lifeSigns().dataMoved();
  }

  /** A message that an event-style socket has accepted, and of which nobody is told later. */
  private final class Accepted implements Delivery {
    private final int payloadBytes;

    Accepted(int payloadBytes) {
      this.payloadBytes = payloadBytes;
    }

    @Override
    public void handedOver() {}

    @Override
    public void dropped() {
      if (amount != null) {
        amount.lost(payloadBytes);
      }
      connection.acceptedDataLost();
    }
  }

  @Override
  public void staged(boolean text, boolean compress, byte[] bytes, int offset, int length) {
    layDownPublished();
    if (amount != null) {
      amount.taken(length);
    }
    if (connection.sendNow(text, bytes, offset, length, compress)) {
      session.lifeSigns().dataMoved();
      return;
    }
    byte[] own = Arrays.copyOfRange(bytes, offset, offset + length);
    if (text) {
      connection.sendText(own, compress, new Accepted(length));
    } else {
      connection.sendBinary(own, compress, new Accepted(length));
    }
    session.lifeSigns().dataMoved();
  }

  @Override
  public void large(Message message, boolean compress) {
    layDownPublished();
    int payloadBytes = payloadBytes(message);
    if (amount != null) {
      amount.taken(payloadBytes);
    }
    send(message, compress, new Accepted(payloadBytes));
  }

  void delivered(Outgoing outgoing) {
    HANDED_OVER.addAndGet(this, -outgoing.size());
    outgoing.complete(null);
  }

  /** Its write fails when the connection is gone, so that the stream's own error comes first. */
  void dropped(Outgoing outgoing) {
    HANDED_OVER.addAndGet(this, -outgoing.size());
    if (amount != null) {
      amount.lost(outgoing.payloadBytes());
    }
    if (outgoing.dropAccepted()) {
      connection.acceptedDataLost();
    }
    if (session.ending().isClosed()) {
      outgoing.completeExceptionally(session.ending().notOpen());
    } else {
      if (dropped == null) {
        dropped = new ArrayList<>();
      }
      dropped.add(outgoing);
    }
  }

  /** The connection is gone: fails the writes that it took with it. */
  void ended() {
    List<Outgoing> failing = dropped;
    if (failing != null) {
      dropped = null;
      failing.forEach(outgoing -> outgoing.completeExceptionally(session.ending().notOpen()));
    }
  }

  // What topics publish.

  /** The topics of the session. */
  Memberships memberships() {
    Memberships joined = memberships;
    if (joined == null) {
      joined = new Memberships(session);
      memberships = joined;
    }
    return joined;
  }

  /** No topic publishes to it any more. */
  void leaveTopics() {
    if (memberships != null) {
      memberships.leaveAll();
    }
  }

  /** Lays down what topics have published in this turn of the event loop. */
  void layDownPublished() {
    if (memberships != null) {
      memberships.layDown();
    }
  }

  /** Whether all that other threads have sent is with the connection. */
  boolean mayPublishNow() {
    return session.mayRunNow();
  }

  /** Publishes the message at once, if there is room; all before it is with the connection. */
  boolean publishNow(Publication publication) {
    int bytes = publication.message().payloadBytes();
    if (bytes > laidDownAtOnce || !channel.isWritable() || connection.queuedBytes() > 0) {
      return false;
    }
    connection.send(publication.message(), null);
    if (amount != null) {
      amount.sent(bytes);
      amount.taken(bytes);
    }
    session.lifeSigns().dataMoved();
    return true;
  }

  /**
   * Publishes the message after all that was sent before it.
   *
   * @param inOrder whether all of that is with the connection
   */
  void publish(QueuedPublication queued, boolean inOrder) {
    if (amount != null) {
      amount.sent(queued.message().payloadBytes());
    }
    if (inOrder) {
      queued.run();
    } else {
      session.execute(queued);
    }
  }

  void deliver(QueuedPublication queued) {
    layDownPublished();
    if (amount != null) {
      amount.taken(queued.message().payloadBytes());
    }
    connection.send(queued.message(), queued);
    session.lifeSigns().dataMoved();
  }

  void dropped(QueuedPublication queued) {
    if (amount != null) {
      amount.lost(queued.message().payloadBytes());
    }
  }

  /** Takes a message back, unless some of it is sent. */
  boolean withdraw(QueuedPublication queued) {
    boolean taken = !queued.withdraw();
    if (taken && !connection.withdraw(queued)) {
      return false;
    }
    if (amount != null) {
      amount.withdrawn(queued.message().payloadBytes(), taken);
    }
    return true;
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
      channel.eventLoop().execute(this);
    }
  }

  /** The flush that was requested. */
  @Override
  public void run() {
    flushScheduled = false;
    flush();
  }

  void flush() {
    layDownPublished();
    boolean more = true;
    while (more && channel.flush()) {
      connection.outputFlushed();
      // A Close frame may have waited for that.
      more = channel.unsentBytes() > 0;
    }
    boolean full = !channel.isWritable() || connection.queuedBytes() > 0;
    if (full != outputFull) {
      outputFull = full;
    }
    if (amount != null && !session.ending().isClosed()) {
      amount.settle(connection.queuedBytes() + channel.unsentBytes());
    }
  }
}
