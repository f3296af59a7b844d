package dev.weir.cli.bench;

import dev.weir.protocol.close.CloseCode;
import dev.weir.websocket.CloseEvent;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocket;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketOptions;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Drives sockets by their events, on the event loops: the cheapest way there is. Thread-safe. */
public final class EventDriver implements Driver {
  private final WebSocketClient client;
  private final String url;
  private final WebSocketOptions options;

  /** Opens connections of this client, which it closes at the end. */
  public EventDriver(WebSocketClient client, String url, WebSocketOptions options) {
    this.client = client;
    this.url = url;
    this.options = options;
  }

  @Override
  public void open(Events events, boolean paused) {
    client.webSocket(
        url, options.withListeners(socket -> new SocketLink(socket, events).listen(paused)));
  }

  @Override
  public void close() {
    client.close();
  }

  private static final class SocketLink implements Link {
    private final WebSocket socket;
    private final Events events;
    private final AtomicLong wanted = new AtomicLong();

    // The event loop's.
    private boolean opened;
    private @Nullable Throwable failure;

    SocketLink(WebSocket socket, Events events) {
      this.socket = socket;
      this.events = events;
    }

    void listen(boolean paused) {
      // What waits is bounded by the messages in flight, which the user has chosen.
      socket.maxBufferedAmount(Long.MAX_VALUE);
      socket.onOpen(
          event -> {
            opened = true;
            if (paused) {
              socket.pause();
            }
            events.opened(this);
          });
      if (paused) {
        socket.onMessage(event -> receiveAskedFor(event.message()));
      } else {
        socket.onMessage(event -> events.received(event.message()));
      }
      socket.onError(event -> failure = event.error());
      socket.onClose(this::closed);
    }

    private void receiveAskedFor(Message message) {
      if (wanted.decrementAndGet() <= 0) {
        socket.pause();
        if (wanted.get() > 0) {
          // Asked for between the two.
          socket.resume();
        }
      }
      events.received(message);
    }

    private void closed(CloseEvent event) {
      Throwable cause = failure;
      if (opened) {
        events.ended(event.code(), event.wasClean(), cause);
      } else {
        events.failed(cause == null ? new IllegalStateException("closed before open") : cause);
      }
    }

    @Override
    public void send(Message message) {
      socket.send(message);
    }

    @Override
    public void request(long count) {
      wanted.addAndGet(count);
      socket.resume();
    }

    @Override
    public void close() {
      socket.close(CloseCode.NORMAL);
    }
  }
}
