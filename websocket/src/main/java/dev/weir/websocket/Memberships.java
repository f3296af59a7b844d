package dev.weir.websocket;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The topics of one session, which it leaves when it begins to close. Not thread-safe: the event
 * loop's.
 */
final class Memberships {
  private final Session session;

  /** Those too that it has left with something still queued. */
  private final List<TopicMember> members = new ArrayList<>(1);

  Memberships(Session session) {
    this.session = session;
  }

  /** The member that this session becomes, or null if it is one already or is closing. */
  @Nullable TopicMember enter(TopicLoop loop) {
    if (!session.mayPublish()) {
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
      member.leave();
      if (member.isOver()) {
        forget(member);
      }
    }
  }

  void leaveAll() {
    for (TopicMember member : List.copyOf(members)) {
      leave(member.topic());
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
}
