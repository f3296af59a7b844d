package dev.weir.websocket.tests;

import dev.weir.websocket.CloseEvent;
import dev.weir.websocket.ErrorEvent;
import dev.weir.websocket.MessageEvent;
import dev.weir.websocket.WebSocket;
import dev.weir.websocket.WebSocketEvents;
import dev.weir.websocket.events.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Writes down the events of one socket, each with the readyState that its listener sees, and fails
 * where one comes while another is being handled. Not thread-safe.
 */
final class EventLog {
  final List<String> entries = new ArrayList<>();
  ErrorEvent error;

  private final AtomicBoolean inside = new AtomicBoolean();

  EventLog(WebSocket socket) {
    socket.addEventListener(WebSocketEvents.OPEN, event -> add(socket, event, ""));
    socket.addEventListener(WebSocketEvents.MESSAGE, event -> add(socket, event, dataOf(event)));
    socket.addEventListener(
        WebSocketEvents.ERROR,
        event -> {
          error = event;
          add(socket, event, "");
        });
    socket.addEventListener(WebSocketEvents.CLOSE, event -> add(socket, event, endOf(event)));
  }

  /** The entries since the last call. */
  List<String> take() {
    List<String> taken = List.copyOf(entries);
    entries.clear();
    return taken;
  }

  private void add(WebSocket socket, Event event, String text) {
    String entry = event.type() + " @" + socket.readyState() + text;
    if (!inside.compareAndSet(false, true)) {
      throw new AssertionError(entry + " came inside another event");
    }
    if (!event.isTrusted() || event.target() != socket || event.currentTarget() != socket) {
      throw new AssertionError(entry + " is not as the platform's");
    }
    entries.add(entry);
    inside.set(false);
  }

  private static String dataOf(MessageEvent event) {
    return " " + event.message();
  }

  private static String endOf(CloseEvent event) {
    return " "
        + event.code()
        + " \""
        + event.reason()
        + "\" "
        + (event.wasClean() ? "clean" : "unclean");
  }
}
