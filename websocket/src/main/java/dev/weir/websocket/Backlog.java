package dev.weir.websocket;

import dev.weir.protocol.close.CloseCode;
import dev.weir.protocol.close.CloseStatus;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;

/**
 * What of one topic is queued for one member that does not keep up, within its bound (B5). Not
 * thread-safe: the event loop's.
 *
 * <p>The messages wait in the connection's own queue, in order with all others; here they are
 * counted, and the oldest are taken back.
 */
final class Backlog {
  private final TopicMember member;
  private final Session session;
  private final Topic topic;
  private final SlowConsumers policy;

  private long queuedBytes;
  private final Queue<QueuedPublication> queue = new ArrayDeque<>();

  /** Publishes that wait for room here. */
  private final Queue<Publication> waiting = new ArrayDeque<>(0);

  Backlog(TopicMember member) {
    this.member = member;
    this.session = member.session();
    this.topic = member.topic();
    this.policy = topic.policy();
  }

  /**
   * Queues a message, or does what is to be done if it does not fit.
   *
   * @param inOrder whether all that was sent before it is with the connection
   */
  void add(Publication publication, boolean inOrder) {
    long size = publication.size();
    switch (policy.action()) {
      case WAIT -> {}
      case DROP_OLDEST -> takeBackUntilThereIsRoom(size);
      case CLOSE_1008 -> {
        if (isTooFullFor(size)) {
          close(CloseCode.POLICY_VIOLATION);
          return;
        }
      }
      case CLOSE_1013 -> {
        if (isTooFullFor(size)) {
          close(CloseCode.TRY_AGAIN_LATER);
          return;
        }
      }
    }
    var queued = new QueuedPublication(this, publication);
    queue.add(queued);
    queuedBytes += size;
    topic.queued(size);
    if (policy.action() == SlowConsumers.Action.WAIT
        && queuedBytes > policy.queueBytes()
        && publication.begins()) {
      waiting.add(publication);
    }
    session.outbox().publish(queued, inOrder);
  }

  /** A message by itself always fits. */
  private boolean isTooFullFor(long size) {
    return queuedBytes > 0 && queuedBytes + size > policy.queueBytes();
  }

  private void takeBackUntilThereIsRoom(long size) {
    if (queuedBytes + size > policy.queueBytes()) {
      takeBack(queuedBytes + size - policy.queueBytes());
    }
  }

  /** Takes back the oldest messages of at least so many bytes, but those that have begun. */
  private void takeBack(long bytes) {
    long left = bytes;
    Iterator<QueuedPublication> oldest = queue.iterator();
    while (left > 0 && oldest.hasNext()) {
      QueuedPublication next = oldest.next();
      if (session.outbox().withdraw(next)) {
        oldest.remove();
        left -= next.size();
        uncount(next);
        topic.dropped(1);
      }
    }
  }

  /** Closes the connection, behind nothing of this topic but what is partly sent. */
  private void close(int closeCode) {
    topic.memberClosed();
    topic.dropped(1);
    member.leave();
    takeBack(Long.MAX_VALUE);
    if (queue.isEmpty()) {
      member.caughtUp();
    }
    // In a task of its own, since closing tells others, who may publish in return.
    session
        .eventLoop()
        .execute(() -> session.close(new CloseStatus(closeCode, "too slow for its messages")));
  }

  // What became of what was queued.

  Outbox outbox() {
    return session.outbox();
  }

  void handedOver(QueuedPublication queued) {
    topic.delivered(1);
    settled(queued);
  }

  void dropped(QueuedPublication queued) {
    topic.dropped(1);
    settled(queued);
  }

  private void settled(QueuedPublication queued) {
    // The first one, nearly always.
    queue.remove(queued);
    uncount(queued);
    if (queue.isEmpty()) {
      member.caughtUp();
    }
    if (queuedBytes <= policy.queueBytes() / 2) {
      nobodyWaits();
    }
  }

  private void uncount(QueuedPublication queued) {
    queuedBytes -= queued.size();
    topic.queued(-queued.size());
  }

  /** Lets those go on who wait for room. */
  void nobodyWaits() {
    // Not those too that come to wait meanwhile.
    for (int left = waiting.size(); left > 0; left--) {
      Publication next = waiting.poll();
      if (next != null) {
        next.ends();
      }
    }
  }
}
