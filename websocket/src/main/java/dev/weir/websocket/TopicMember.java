package dev.weir.websocket;

import dev.weir.protocol.close.CloseCode;
import dev.weir.protocol.close.CloseStatus;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;

/**
 * One connection as a member of one topic: what of the topic is queued for it, within its bound
 * (B5). Not thread-safe: the event loop's.
 */
final class TopicMember {
  private final Session session;
  private final SlowConsumers policy;
  private final Topic topic;

  /** Where it is a member, or was last. */
  private TopicLoop loop;

  private boolean subscribed;

  // Kept by the loop.
  int index;
  boolean unflushed;

  // What the network has not taken.
  private long queuedBytes;
  private final Queue<QueuedPublication> queue = new ArrayDeque<>(0);

  /** Publishes that wait for room here. */
  private final Queue<Publication> waiting = new ArrayDeque<>(0);

  TopicMember(Session session, TopicLoop loop) {
    this.session = session;
    this.loop = loop;
    this.topic = loop.topic();
    this.policy = topic.policy();
  }

  Session session() {
    return session;
  }

  Topic topic() {
    return topic;
  }

  boolean isSubscribed() {
    return subscribed;
  }

  /** Whether nothing is left to be done for it. */
  boolean isOver() {
    return !subscribed && queue.isEmpty();
  }

  void entered(TopicLoop now) {
    loop = now;
    subscribed = true;
  }

  /** Leaves the topic; what is queued stays so, but nobody waits for it any more. */
  void leave() {
    if (subscribed) {
      subscribed = false;
      loop.remove(this);
      release();
    }
  }

  /**
   * Takes a message, in whichever way there is room.
   *
   * @return whether it is with the network already
   */
  boolean offer(Publication publication) {
    if (!session.mayPublish()) {
      return false;
    }
    if (queue.isEmpty() && session.outbox().publishNow(publication)) {
      loop.requestFlush(this);
      return true;
    }
    queue(publication);
    return false;
  }

  private void queue(Publication publication) {
    long size = publication.size();
    switch (policy.action()) {
      case WAIT -> {}
      case DROP_OLDEST -> dropOldest(size);
      case CLOSE_1008 -> {
        if (isTooSlowFor(size)) {
          shed(CloseCode.POLICY_VIOLATION);
          return;
        }
      }
      case CLOSE_1013 -> {
        if (isTooSlowFor(size)) {
          shed(CloseCode.TRY_AGAIN_LATER);
          return;
        }
      }
    }
    var queued = new QueuedPublication(this, publication);
    queue.add(queued);
    queuedBytes += size;
    topic.queued(size);
    session.outbox().publish(queued);
    loop.requestFlush(this);
    if (policy.action() == SlowConsumers.Action.WAIT && queuedBytes > policy.queueBytes()) {
      publication.begins();
      waiting.add(publication);
    }
  }

  /** A message by itself always fits. */
  private boolean isTooSlowFor(long size) {
    return queuedBytes > 0 && queuedBytes + size > policy.queueBytes();
  }

  private void dropOldest(long size) {
    Iterator<QueuedPublication> oldest = queue.iterator();
    while (queuedBytes + size > policy.queueBytes() && oldest.hasNext()) {
      QueuedPublication next = oldest.next();
      if (session.outbox().withdraw(next)) {
        oldest.remove();
        forget(next);
        topic.dropped(1);
      }
    }
  }

  /** Closes the connection, behind nothing of this topic but what is partly sent. */
  private void shed(int closeCode) {
    topic.memberClosed();
    topic.dropped(1);
    leave();
    dropOldest(Long.MAX_VALUE - queuedBytes);
    if (isOver()) {
      session.memberships().forget(this);
    }
    // In a task of its own, since closing tells others, who may publish in return.
    session
        .eventLoop()
        .execute(() -> session.close(new CloseStatus(closeCode, "too slow for its messages")));
  }

  // What became of what was queued.

  void handedOver(QueuedPublication queued) {
    settled(queued);
    topic.delivered(1);
  }

  void dropped(QueuedPublication queued) {
    settled(queued);
    topic.dropped(1);
  }

  private void settled(QueuedPublication queued) {
    // The first one, nearly always.
    queue.remove(queued);
    forget(queued);
    if (queuedBytes <= policy.queueBytes() / 2) {
      release();
    }
    if (isOver()) {
      session.memberships().forget(this);
    }
  }

  private void forget(QueuedPublication queued) {
    queuedBytes -= queued.size();
    topic.queued(-queued.size());
  }

  private void release() {
    for (Publication next = waiting.poll(); next != null; next = waiting.poll()) {
      next.ends();
    }
  }
}
