package dev.weir.websocket;

import dev.weir.protocol.connection.SharedMessage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to the members of a topic, and the future of its publisher. Thread-safe.
 */
final class Publication extends CompletableFuture<Void> {
  private final Topic topic;
  private final SharedMessage message;
  private final @Nullable Session except;

  /** Who has not ended with it: the publisher's call, event loops, members without room. */
  private final AtomicInteger pending = new AtomicInteger(1);

  /**
   * A message to publish.
   *
   * @param message what goes to each member
   * @param except who does not get it
   */
  Publication(Topic topic, SharedMessage message, @Nullable Session except) {
    this.topic = topic;
    this.message = message;
    this.except = except;
  }

  SharedMessage message() {
    return message;
  }

  boolean isFor(Session session) {
    return session != except;
  }

  /** What it counts for in a queue, in bytes. */
  long size() {
    return Outgoing.OVERHEAD + message.payloadBytes();
  }

  /**
   * It is complete only when one more has ended with it.
   *
   * @return false if it is complete already
   */
  boolean begins() {
    return pending.getAndUpdate(now -> now == 0 ? 0 : now + 1) != 0;
  }

  /** One has ended with it. */
  void ends() {
    if (pending.decrementAndGet() == 0) {
      topic.publishEnded(this);
      complete(null);
    }
  }
}
