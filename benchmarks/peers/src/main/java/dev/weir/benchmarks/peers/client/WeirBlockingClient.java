package dev.weir.benchmarks.peers.client;

import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketConnection;
import java.net.URI;
import java.util.concurrent.TimeUnit;

/** Weir's streams, blocking on a virtual thread. */
final class WeirBlockingClient implements DrivenClient {
  private final WebSocketClient client = WebSocketClient.create();
  private WebSocketConnection connection;
  private Sender worker;

  @Override
  public void open(URI uri, Task task) throws Exception {
    connection = client.connect(uri.toString()).opened().get(30, TimeUnit.SECONDS);
    Message message = task.text() ? Message.of(task.string()) : Message.of(task.bytes());
    if (task.isSend()) {
      worker = new Sender(true, () -> connection.send(message));
      return;
    }
    var reader = connection.readable().getReader();
    if (task.isRoundTrip()) {
      connection.send(message);
    }
    worker =
        new Sender(
            true,
            () -> {
              if (reader.readBlocking() == null) {
                throw new IllegalStateException("the server has closed");
              }
              task.pause();
              if (task.isRoundTrip()) {
                connection.send(message);
              }
            });
  }

  @Override
  public void close() {
    worker.stop();
    connection.abort();
  }
}
