package dev.weir.websocket;

import dev.weir.protocol.connection.SharedMessage;
import dev.weir.streams.Promise;
import dev.weir.websocket.spi.EventLoop;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A group of connections that get the same messages, of {@link Topics} or a server's {@link
 * WebSocketServer#everyone}. Thread-safe; no method waits.
 *
 * <p>A message is encoded once, handed once to each event loop that has members, and goes out with
 * what else there is to send in the same turn of the loop. A member leaves by itself when its
 * connection begins to close.
 *
 * <p><b>Order.</b> What one thread subscribes, unsubscribes and publishes takes effect in that
 * order, for each member and across topics. A message that it has sent to a member before it
 * publishes comes before; one that it sends afterwards comes after on the connection's own event
 * loop, or once the future of the publish is done; a close always comes after what the same thread
 * has published (H3). Published messages keep all rules of others: they stay whole, wait behind
 * what is queued, and none follows a Close.
 *
 * <p><b>Slow members</b> are treated as {@link SlowConsumers} says (B5).
 */
public final class Topic {
  private static final TopicLoop[] NONE = {};

  private final String name;
  private final SlowConsumers policy;

  private final ReentrantLock lock = new ReentrantLock();

  /** Of loops that have members, or are about to. Written under the lock, never changed inside. */
  private volatile TopicLoop[] loops = NONE;

  private final AtomicLong underWay = new AtomicLong();

  // Counts.
  private final LongAdder published = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder closed = new LongAdder();
  private final LongAdder queuedBytes = new LongAdder();

  Topic(String name, SlowConsumers policy) {
    this.name = name;
    this.policy = policy;
  }

  /** The name by which it was asked for. */
  public String name() {
    return name;
  }

  // Members.

  /**
   * Makes the connection a member, which it stays until it is unsubscribed or begins to close.
   * Without effect if it is one already, or is closing or closed.
   *
   * @throws dev.weir.streams.InvalidStateError if it is a client's that is still connecting
   */
  public void subscribe(Subscriber subscriber) {
    Session session = sessionOf(subscriber);
    if (session != null) {
      subscribe(session);
    }
  }

  void subscribe(Session session) {
    TopicLoop loop = entering(session.eventLoop());
    loop.execute(() -> loop.add(session));
  }

  /**
   * Ends the connection's membership: what is published from now on does not go to it; what is
   * queued for it already does. Without effect if it is none.
   */
  public void unsubscribe(Subscriber subscriber) {
    Session session = sessionOf(subscriber);
    if (session == null) {
      return;
    }
    EventLoop loop = session.eventLoop();
    if (loop.inEventLoop()) {
      session.memberships().leave(this);
    } else {
      loop.execute(() -> session.memberships().leave(this));
    }
  }

  private static @Nullable Session sessionOf(Subscriber subscriber) {
    return switch (Objects.requireNonNull(subscriber, "subscriber")) {
      case WebSocket socket -> socket.session();
      case WebSocketConnection connection -> connection.session();
    };
  }

  /** Counts one that is to be a member on this loop, now, so that a publish finds the loop. */
  private TopicLoop entering(EventLoop wanted) {
    lock.lock();
    try {
      for (TopicLoop loop : loops) {
        if (loop.isOf(wanted)) {
          loop.entered++;
          return loop;
        }
      }
      var loop = new TopicLoop(this, wanted);
      loop.entered = 1;
      TopicLoop[] more = Arrays.copyOf(loops, loops.length + 1);
      more[loops.length] = loop;
      loops = more;
      return loop;
    } finally {
      lock.unlock();
    }
  }

  /** One that has entered is no member any more; a loop without any is not held. */
  void left(TopicLoop loop) {
    lock.lock();
    try {
      loop.entered--;
      if (loop.entered == 0) {
        loops = Arrays.stream(loops).filter(other -> other != loop).toArray(TopicLoop[]::new);
      }
    } finally {
      lock.unlock();
    }
  }

  // Messages.

  /** Publishes a text message to all members, as {@link #publish(Message)}. */
  public CompletableFuture<Void> publish(String text) {
    return publish(Message.of(text));
  }

  /**
   * Sends a message to all members; bytes are copied at the time of the call.
   *
   * @return completes when it is sent or queued for every member and, where the publisher waits for
   *     slow members, they have room again; fails with {@link RejectedExecutionException}, and then
   *     nobody gets the message, if too many bytes of earlier publishes are under way
   */
  public CompletableFuture<Void> publish(Message message) {
    return publish(message, true);
  }

  /**
   * Sends a message to all members, as {@link #publish(Message)}.
   *
   * @param compress whether it may be compressed, where that was agreed on and is worth it; false
   *     for what compresses badly, or mixes a secret with what others choose
   */
  public CompletableFuture<Void> publish(Message message, boolean compress) {
    return publish(message, compress, null);
  }

  /**
   * Sends a message to all members but one, as {@link #publish(Message)}.
   *
   * @param except who is left out, usually the sender; need not be a member, nor open
   */
  public CompletableFuture<Void> publish(Message message, Subscriber except) {
    return publish(message, except, true);
  }

  /**
   * Sends a message to all members but one, as {@link #publish(Message, boolean)}.
   *
   * @param except who is left out, usually the sender; need not be a member, nor open
   * @param compress whether it may be compressed
   */
  public CompletableFuture<Void> publish(Message message, Subscriber except, boolean compress) {
    // One that is connecting is no member yet.
    boolean connecting =
        except instanceof WebSocket socket && socket.readyState() == WebSocket.CONNECTING;
    return publish(message, compress, connecting ? null : sessionOf(except));
  }

  private CompletableFuture<Void> publish(
      Message message, boolean compress, @Nullable Session except) {
    var publication = new Publication(this, shared(message, compress), except);
    long size = publication.size();
    long sum = underWay.addAndGet(size);
    if (sum > policy.underWayBytes() && sum != size) {
      underWay.addAndGet(-size);
      refused.increment();
      return CompletableFuture.failedFuture(
          new RejectedExecutionException(
              "publishes of "
                  + (sum - size)
                  + " bytes are under way, the limit is "
                  + policy.underWayBytes()
                  + ": the message is not published"));
    }
    published.increment();
    try {
      for (TopicLoop loop : loops) {
        loop.publish(publication);
      }
    } finally {
      publication.ends();
    }
    return publication.isDone()
        ? CompletableFuture.completedFuture(null)
        : Promise.following(publication);
  }

  private static SharedMessage shared(Message message, boolean compress) {
    return switch (Objects.requireNonNull(message, "message")) {
      case Message.Text(String text) -> SharedMessage.ofText(text, compress);
      case Message.Binary(byte[] bytes) -> SharedMessage.ofBinary(bytes, compress);
    };
  }

  // What becomes of them.

  SlowConsumers policy() {
    return policy;
  }

  void publishEnded(Publication publication) {
    underWay.addAndGet(-publication.size());
  }

  void delivered(int count) {
    delivered.add(count);
  }

  void dropped(int count) {
    dropped.add(count);
  }

  void memberClosed() {
    closed.increment();
  }

  /** More bytes are queued for a member, or fewer if this is negative. */
  void queued(long bytes) {
    queuedBytes.add(bytes);
  }

  /** The counts now. */
  public TopicStats stats() {
    int members = 0;
    lock.lock();
    try {
      for (TopicLoop loop : loops) {
        members += loop.entered;
      }
    } finally {
      lock.unlock();
    }
    return new TopicStats(
        members,
        published.sum(),
        refused.sum(),
        delivered.sum(),
        dropped.sum(),
        closed.sum(),
        queuedBytes.sum());
  }

  /** Its name and counts. */
  @Override
  public String toString() {
    return "Topic " + name + ", " + stats();
  }
}
