package dev.weir.websocket;

import org.jspecify.annotations.Nullable;

/**
 * One connection as a member of one topic. Not thread-safe: the event loop's.
 *
 * <p>A message that there is room for is put off to the end of the loop's turn, so that all that a
 * connection gets in it is laid down and written in one go; what there is no room for then, or
 * already, goes to the {@link Backlog}.
 */
final class TopicMember {
  private final Session session;
  private final Topic topic;

  /** Where it is a member, or was last. */
  private TopicLoop loop;

  private boolean subscribed;

  /** Whether a flush is on its way; kept by the loop. */
  boolean unflushed;

  /** Its place among the members of the loop, which keeps it. */
  int index;

  /** Null while the network keeps up. */
  private @Nullable Backlog backlog;

  TopicMember(Session session, TopicLoop loop) {
    this.session = session;
    this.loop = loop;
    this.topic = loop.topic();
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
    return !subscribed && backlog == null;
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
      if (backlog != null) {
        backlog.nobodyWaits();
      }
    }
  }

  /** Takes a message, in whichever way there is room. */
  void offer(Publication publication) {
    // Whether a close has come, not whether another thread has asked for one: that is behind this.
    if (!session.isOutputOpen()) {
      topic.dropped(1);
      return;
    }
    Memberships memberships = session.memberships();
    loop.requestFlush(this);
    boolean inOrder = session.outbox().mayPublishNow();
    if (backlog != null || !inOrder || !memberships.putOff(this, publication)) {
      memberships.layDown();
      if (subscribed) {
        send(publication, inOrder);
      }
    }
  }

  /** Sends a message that was put off. */
  void sendNow(Publication publication) {
    if (session.isOutputOpen() && subscribed) {
      send(publication, true);
    } else {
      topic.dropped(1);
    }
  }

  /**
   * Sends a message.
   *
   * @param inOrder whether all that was sent before it is with the connection
   */
  private void send(Publication publication, boolean inOrder) {
    if (backlog == null) {
      if (inOrder && session.outbox().publishNow(publication)) {
        loop.delivered();
        return;
      }
      backlog = new Backlog(this);
    }
    backlog.add(publication, inOrder);
  }

  /** All of the backlog is sent or dropped. */
  void caughtUp() {
    backlog = null;
    if (!subscribed) {
      session.memberships().forget(this);
    }
  }
}
