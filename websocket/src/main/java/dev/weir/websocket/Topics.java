package dev.weir.websocket;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Topics by their names: groups of connections that get the same messages. Thread-safe.
 *
 * <pre>{@code
 * Topics rooms = new Topics();
 * Route.events(
 *     "/rooms/{room}",
 *     (socket, request) -> {
 *       Topic room = rooms.topic(request.parameters().get("room"));
 *       room.subscribe(socket);
 *       socket.onMessage(event -> room.publish(event.message(), socket)); // to all others
 *     });
 * }</pre>
 *
 * <p>A topic is there as soon as it is asked for, and is forgotten, with its counts, when it has no
 * member and nobody holds the object any more: topics named by clients need no clearing up. They
 * belong to no server: members may come from several, and be clients' connections too.
 */
public final class Topics {
  private final SlowConsumers policy;
  private final ConcurrentMap<String, Named> topics = new ConcurrentHashMap<>();
  private final ReferenceQueue<Topic> forgotten = new ReferenceQueue<>();

  /** Topics that treat slow members as {@link SlowConsumers#DEFAULT} says. */
  public Topics() {
    this(SlowConsumers.DEFAULT);
  }

  /** Topics that treat slow members so. */
  public Topics(SlowConsumers policy) {
    this.policy = Objects.requireNonNull(policy, "policy");
  }

  /** The topic of this name, the same object for as long as anyone holds it or is a member. */
  public Topic topic(String name) {
    Objects.requireNonNull(name, "name");
    forgetUnreachable();
    Named known = topics.get(name);
    Topic topic = known == null ? null : known.get();
    return topic == null ? make(name) : topic;
  }

  private Topic make(String name) {
    var made = new Topic(name, policy);
    while (true) {
      Named kept = topics.merge(name, new Named(made, forgotten), Topics::reachable);
      Topic topic = kept.get();
      if (topic != null) {
        return topic;
      }
    }
  }

  private static Named reachable(Named known, Named made) {
    return known.refersTo(null) ? made : known;
  }

  private void forgetUnreachable() {
    for (var gone = forgotten.poll(); gone != null; gone = forgotten.poll()) {
      topics.remove(((Named) gone).name, gone);
    }
  }

  /** How many names are remembered. */
  int size() {
    forgetUnreachable();
    return topics.size();
  }

  private static final class Named extends WeakReference<Topic> {
    private final String name;

    private Named(Topic topic, ReferenceQueue<Topic> queue) {
      super(topic, queue);
      this.name = topic.name();
    }
  }
}
