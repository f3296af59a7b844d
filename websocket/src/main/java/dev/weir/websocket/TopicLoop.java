package dev.weir.websocket;

import dev.weir.websocket.spi.EventLoop;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The members of one topic on one event loop, which are flushed together once per turn. Not
 * thread-safe: the event loop's, but for {@link #execute}.
 */
final class TopicLoop {
  private static final int FEW = 8;

  private final Topic topic;
  private final EventLoop loop;

  /** Members and those on their way to be; the topic's, under its lock. */
  int entered;

  /** Without gaps, but that those who leave during a delivery leave one until its end. */
  private @Nullable TopicMember[] members = new TopicMember[FEW];

  private int size;
  private boolean delivering;
  private boolean gaps;
  private final Queue<Publication> behind = new ArrayDeque<>(0);

  /** Whether a publish is over before it is known who has no room for it. */
  private final boolean endsAtOnce;

  private final Queue<Publication> unended = new ArrayDeque<>(0);

  // Who is to be flushed.
  private @Nullable TopicMember[] unflushed = new TopicMember[FEW];
  private int unflushedCount;
  private boolean flushScheduled;

  /** Since the last flush. */
  private int delivered;

  TopicLoop(Topic topic, EventLoop loop) {
    this.topic = topic;
    this.loop = loop;
    this.endsAtOnce = topic.policy().action() != SlowConsumers.Action.WAIT;
  }

  boolean isOf(EventLoop other) {
    return loop.equals(other);
  }

  Topic topic() {
    return topic;
  }

  /**
   * Delivers the message on this loop: at once, or after all that the calling thread has given it.
   */
  void publish(Publication publication) {
    publication.begins();
    if (loop.inEventLoop()) {
      deliver(publication);
      return;
    }
    try {
      loop.execute(() -> deliver(publication));
    } catch (RejectedExecutionException e) {
      // The loop has ended, and its connections with it.
      publication.ends();
    }
  }

  /** Runs the task on this loop: at once, or after all that the calling thread has given it. */
  void execute(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  // Members.

  /** The session becomes a member, if it is none and may; else it counts no more as one. */
  void add(Session session) {
    TopicMember member = session.memberships().enter(this);
    if (member == null) {
      topic.left(this);
      return;
    }
    if (size == members.length) {
      members = Arrays.copyOf(members, size * 2);
    }
    member.index = size;
    members[size++] = member;
  }

  /** The member leaves; nothing is published to it any more. */
  void remove(TopicMember member) {
    if (delivering) {
      members[member.index] = null;
      gaps = true;
    } else {
      fill(member.index);
    }
    topic.left(this);
  }

  /** Puts the last member where this one was. */
  private void fill(int index) {
    TopicMember last = members[--size];
    members[size] = null;
    if (index < size && last != null) {
      members[index] = last;
      last.index = index;
    }
    if (size < members.length / 4 && members.length > FEW) {
      members = Arrays.copyOf(members, members.length / 2);
    }
  }

  private void closeGaps() {
    gaps = false;
    for (int i = size - 1; i >= 0; i--) {
      if (members[i] == null) {
        fill(i);
      }
    }
  }

  // Messages.

  /** Sends the message to all members, after those that are being delivered now. */
  private void deliver(Publication publication) {
    if (delivering) {
      behind.add(publication);
      return;
    }
    for (Publication next = publication; next != null; next = behind.poll()) {
      delivering = true;
      try {
        deliverNow(next);
      } finally {
        delivering = false;
        if (gaps) {
          closeGaps();
        }
        end(next);
      }
    }
  }

  private void deliverNow(Publication publication) {
    for (int i = 0, count = size; i < count; i++) {
      TopicMember member = members[i];
      if (member != null && publication.isFor(member.session())) {
        try {
          member.offer(publication);
        } catch (RuntimeException e) {
          report(e);
        }
      }
    }
  }

  private void end(Publication publication) {
    if (endsAtOnce) {
      publication.ends();
    } else {
      unended.add(publication);
      requestFlush();
    }
  }

  /**
   * Fails a task of its own with what one member has thrown, so that no other member loses by it.
   */
  private void report(RuntimeException failure) {
    loop.execute(
        () -> {
          throw failure;
        });
  }

  /** A message is with the network. A flush has been requested, or follows. */
  void delivered() {
    delivered++;
  }

  // Flushing.

  /** Flushes the member at the end of this turn of the event loop, together with others. */
  void requestFlush(TopicMember member) {
    // Even if it is noted: that may have been by a loop where it was a member before.
    requestFlush();
    if (member.unflushed) {
      return;
    }
    member.unflushed = true;
    if (unflushedCount == unflushed.length) {
      unflushed = Arrays.copyOf(unflushed, unflushedCount * 2);
    }
    unflushed[unflushedCount++] = member;
  }

  private void requestFlush() {
    if (!flushScheduled) {
      flushScheduled = true;
      loop.execute(this::flush);
    }
  }

  /**
   * Flushes those that are noted, and then ends what has been delivered. What comes up meanwhile,
   * as when those who are told publish again, has a flush of its own, so that the event loop gets
   * to its other work in between.
   */
  private void flush() {
    flushScheduled = false;
    int ending = unended.size();
    flushMembers();
    topic.delivered(delivered);
    delivered = 0;
    for (; ending > 0; ending--) {
      unended.remove().ends();
    }
  }

  private void flushMembers() {
    int count = unflushedCount;
    for (int i = 0; i < count; i++) {
      TopicMember next = unflushed[i];
      unflushed[i] = null;
      if (next != null) {
        next.unflushed = false;
        try {
          next.session().outbox().flush();
        } catch (RuntimeException e) {
          report(e);
        }
      }
    }
    int more = unflushedCount - count;
    if (more > 0) {
      System.arraycopy(unflushed, count, unflushed, 0, more);
      Arrays.fill(unflushed, more, unflushedCount, null);
    }
    unflushedCount = more;
  }
}
