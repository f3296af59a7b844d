package dev.weir.cli.bench;

import dev.weir.protocol.close.CloseCode;
import dev.weir.streams.ReadResult;
import dev.weir.streams.ReadableStreamDefaultReader;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketStream;
import dev.weir.websocket.WebSocketStreamOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Drives streams by their futures, on the event loops. Thread-safe. */
public final class StreamDriver implements Driver {
  private final WebSocketClient client;
  private final String url;
  private final WebSocketStreamOptions options;

  /** Opens connections of this client, which it closes at the end. */
  public StreamDriver(WebSocketClient client, String url, WebSocketStreamOptions options) {
    this.client = client;
    this.url = url;
    this.options = options;
  }

  @Override
  public void open(Events events, boolean paused) {
    WebSocketStream stream = client.connect(url, options);
    stream
        .opened()
        .whenComplete(
            (connection, failure) -> {
              if (connection == null) {
                events.failed(failure);
              } else {
                new StreamLink(connection, events, paused).start();
              }
            });
  }

  @Override
  public void close() {
    client.close();
  }

  private static final class StreamLink implements Link {
    private final WebSocketConnection connection;
    private final Events events;
    private final ReadableStreamDefaultReader<Message> reader;
    private final Serial reading = new Serial(this::read);
    private final AtomicLong wanted;
    private @Nullable CompletableFuture<ReadResult<Message>> next; // by the reading alone

    StreamLink(WebSocketConnection connection, Events events, boolean paused) {
      this.connection = connection;
      this.events = events;
      this.reader = connection.readable().getReader();
      this.wanted = new AtomicLong(paused ? 0 : Long.MAX_VALUE);
    }

    void start() {
      connection.closed().whenComplete(this::closed);
      events.opened(this);
      reading.run();
    }

    @Override
    public boolean send(Message message) {
      CompletableFuture<Void> sent = connection.sendAsync(message);
      if (sent.isDone()) {
        // One that has failed is the connection's end, which is told by itself.
        return !sent.isCompletedExceptionally();
      }
      sent.thenRun(events::writable);
      return false;
    }

    @Override
    public void request(long count) {
      wanted.getAndAdd(count);
      reading.run();
    }

    /** One read at a time is under way, so that messages keep their order. */
    private void read() {
      while (next != null || wanted.get() > 0) {
        CompletableFuture<ReadResult<Message>> under = next;
        if (under == null) {
          wanted.getAndDecrement();
          under = reader.read();
          next = under;
          if (!under.isDone()) {
            under.whenComplete((result, failure) -> reading.run());
            return;
          }
        } else if (!under.isDone()) {
          return;
        }
        Message message = under.exceptionally(failure -> ReadResult.end()).join().value();
        if (message == null) {
          // The end: how it came is told by closed.
          wanted.set(0);
          next = null;
          return;
        }
        next = null;
        events.received(message);
      }
    }

    private void closed(@Nullable WebSocketCloseInfo info, @Nullable Throwable failure) {
      if (info != null) {
        events.ended(info.closeCode(), true, null);
      } else {
        Integer code = failure instanceof WebSocketError error ? error.closeCode() : null;
        events.ended(code == null ? CloseCode.ABNORMAL : code, false, failure);
      }
    }

    @Override
    public void close() {
      connection.close(CloseCode.NORMAL);
    }
  }
}
