package dev.weir.websocket;

import dev.weir.websocket.events.Event;
import dev.weir.websocket.events.EventType;

/**
 * The types of the events of a {@link WebSocket}, for {@code addEventListener}. Constants only.
 *
 * <pre>{@code
 * socket.addEventListener(WebSocketEvents.CLOSE, event -> System.out.println(event.code()));
 * }</pre>
 */
public final class WebSocketEvents {
  /** The connection is open. */
  public static final EventType<Event> OPEN = new EventType<>("open", Event.class);

  /** A message came. */
  public static final EventType<MessageEvent> MESSAGE =
      new EventType<>("message", MessageEvent.class);

  /** The connection failed; {@link #CLOSE} follows. */
  public static final EventType<ErrorEvent> ERROR = new EventType<>("error", ErrorEvent.class);

  /** The connection is closed: the last event. */
  public static final EventType<CloseEvent> CLOSE = new EventType<>("close", CloseEvent.class);

  private WebSocketEvents() {}
}
