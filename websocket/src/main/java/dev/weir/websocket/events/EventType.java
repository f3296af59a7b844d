package dev.weir.websocket.events;

import java.util.Objects;

/**
 * The name of a kind of event together with its class, so that listeners are typed. Immutable.
 *
 * @param name as on the platform, such as "message"
 * @param eventClass the class of such events
 */
public record EventType<E extends Event>(String name, Class<E> eventClass) {
  public EventType {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(eventClass, "eventClass");
  }

  /** Whether the event is of this name and class; mostly it is of the very same two objects. */
  boolean isTypeOf(Event event) {
    return name.equals(event.type())
        && (event.getClass() == eventClass || eventClass.isInstance(event));
  }
}
