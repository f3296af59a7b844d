package dev.weir.benchmarks.peers.client;

import dev.weir.streams.ReadResult;
import dev.weir.streams.ReadableStreamDefaultReader;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketConnection;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Weir's streams, by futures on the event loop. */
final class WeirStreamClient implements DrivenClient {
  private final WebSocketClient client = WebSocketClient.create();
  private final Executor later =
      CompletableFuture.delayedExecutor(Task.SLOW_MILLIS, TimeUnit.MILLISECONDS);
  private WebSocketConnection connection;
  private ReadableStreamDefaultReader<Message> reader;

  @Override
  public void open(URI uri, Task task) throws Exception {
    connection = client.connect(uri.toString()).opened().get(30, TimeUnit.SECONDS);
    reader = connection.readable().getReader();
    Message message = task.text() ? Message.of(task.string()) : Message.of(task.bytes());
    if (task.isSend()) {
      send(message);
    } else {
      if (task.isRoundTrip()) {
        connection.sendAsync(message);
      }
      read(task, message);
    }
  }

  private void read(Task task, Message message) {
    CompletableFuture<ReadResult<Message>> next = reader.read();
    while (next.isDone() && task.mode() != Task.Mode.SLOW) {
      if (!took(next.join(), task, message)) {
        return;
      }
      next = reader.read();
    }
    if (task.mode() == Task.Mode.SLOW) {
      next.thenRunAsync(() -> read(task, message), later);
    } else {
      next.thenAccept(
          result -> {
            if (took(result, task, message)) {
              read(task, message);
            }
          });
    }
  }

  private boolean took(ReadResult<Message> result, Task task, Message message) {
    if (task.isRoundTrip() && !result.done()) {
      connection.sendAsync(message);
    }
    return !result.done();
  }

  /** The connection takes messages until it is full, and says when it has room again. */
  private void send(Message message) {
    CompletableFuture<Void> sent;
    do {
      sent = connection.sendAsync(message);
    } while (sent.isDone() && !sent.isCompletedExceptionally());
    sent.thenRun(() -> send(message));
  }

  @Override
  public void close() {
    connection.abort();
  }
}
