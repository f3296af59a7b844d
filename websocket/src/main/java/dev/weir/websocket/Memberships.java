package dev.weir.websocket;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The topics of one session, which it leaves when it begins to close, and what they have published
 * in this turn of the event loop. Not thread-safe: the event loop's.
 *
 * <p>Invariant: what is put off is laid down before anything else is sent, so that order is kept,
 * and at the latest by the flush that ends the turn. What is sent while that is done, by those who
 * are told of it, waits in the {@link LoopQueue}.
 */
final class Memberships {
  /** The most bytes of messages that are put off for one session. */
  private static final int PUT_OFF_BYTES = 64 * 1024;

  /** The most messages for which room is kept when none is put off. */
  private static final int KEPT_ROOM = 16;

  private static final TopicMember[] NO_MEMBERS = {};
  private static final Publication[] NO_MESSAGES = {};

  private final Session session;

  /** Those too that it has left with something still queued. */
  private final List<TopicMember> members = new ArrayList<>(1);

  // What is put off: messages, and as which member the session gets each.
  private @Nullable TopicMember[] receivers = NO_MEMBERS;
  private @Nullable Publication[] messages = NO_MESSAGES;
  private int count;
  private long bytes;
  private boolean layingDown;

  Memberships(Session session) {
    this.session = session;
  }

  Session session() {
    return session;
  }

  // Topics.

  /** The member that this session becomes, or null if it is one already or is closing. */
  @Nullable TopicMember enter(TopicLoop loop) {
    if (!session.isOutputOpen()) {
      return null;
    }
    TopicMember member = of(loop.topic());
    if (member == null) {
      member = new TopicMember(session, loop);
      members.add(member);
    } else if (member.isSubscribed()) {
      return null;
    }
    member.entered(loop);
    return member;
  }

  void leave(Topic topic) {
    TopicMember member = of(topic);
    if (member != null) {
      layDown();
      leave(member);
    }
  }

  private void leave(TopicMember member) {
    member.leave();
    if (member.isOver()) {
      forget(member);
    }
  }

  void leaveAll() {
    layDown();
    for (TopicMember member : List.copyOf(members)) {
      leave(member);
    }
  }

  void forget(TopicMember member) {
    members.remove(member);
  }

  private @Nullable TopicMember of(Topic topic) {
    for (TopicMember member : members) {
      if (member.topic() == topic) {
        return member;
      }
    }
    return null;
  }

  // Messages.

  /** Puts a message off, if that is not too much. */
  boolean putOff(TopicMember receiver, Publication message) {
    if (layingDown || bytes + message.size() > PUT_OFF_BYTES) {
      return false;
    }
    if (count == messages.length) {
      int more = Math.max(1, count * 2);
      receivers = Arrays.copyOf(receivers, more);
      messages = Arrays.copyOf(messages, more);
    }
    receivers[count] = receiver;
    messages[count] = message;
    count++;
    bytes += message.size();
    return true;
  }

  /** Lays down what is put off. */
  void layDown() {
    if (count == 0 || layingDown) {
      return;
    }
    layingDown = true;
    boolean paused = session.pause();
    int taken = 0;
    try {
      while (taken < count) {
        TopicMember receiver = receivers[taken];
        Publication message = messages[taken];
        taken++;
        if (receiver != null && message != null) {
          receiver.sendNow(message);
        }
      }
    } finally {
      // All, unless one has failed.
      removeFirst(taken);
      layingDown = false;
      if (paused) {
        session.resume();
      }
    }
  }

  private void removeFirst(int taken) {
    count -= taken;
    System.arraycopy(receivers, taken, receivers, 0, count);
    System.arraycopy(messages, taken, messages, 0, count);
    bytes = 0;
    for (int i = 0; i < count; i++) {
      Publication message = messages[i];
      bytes += message == null ? 0 : message.size();
    }
    if (count == 0 && messages.length > KEPT_ROOM) {
      receivers = NO_MEMBERS;
      messages = NO_MESSAGES;
      return;
    }
    Arrays.fill(receivers, count, count + taken, null);
    Arrays.fill(messages, count, count + taken, null);
  }
}
