package dev.weir.websocket.events;

/** Called with the events that it was added for. What it throws is reported, and stops nothing. */
@FunctionalInterface
public interface EventListener<E extends Event> {
  /** Takes an event. */
  void handleEvent(E event) throws Exception;
}
