package dev.weir.benchmarks.peers.client;

import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocket;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketOptions;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Weir, by events. */
final class WeirEventClient implements DrivenClient {
  private static final long ENOUGH_BYTES = 256 * 1024;

  private final WebSocketClient client = WebSocketClient.create();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private WebSocket socket;
  private Sender sender;

  @Override
  public void open(URI uri, Task task) throws Exception {
    var opened = new CompletableFuture<Void>();
    Message message = task.text() ? Message.of(task.string()) : Message.of(task.bytes());
    socket =
        client.webSocket(
            uri.toString(),
            WebSocketOptions.DEFAULT.withListeners(
                made -> {
                  made.onOpen(
                      event -> {
                        if (task.isRoundTrip()) {
                          made.send(message);
                        }
                        opened.complete(null);
                      });
                  switch (task.mode()) {
                    case ROUND_TRIP -> made.onMessage(event -> made.send(message));
                    case RECEIVE -> made.onMessage(event -> event.message());
                    case SLOW -> made.onMessage(event -> takeBreath(made));
                    case SEND -> made.onMessage(null);
                  }
                  made.onError(event -> opened.completeExceptionally(event.error()));
                }));
    opened.get(30, TimeUnit.SECONDS);
    if (task.isSend()) {
      sender = new Sender(false, () -> send(message));
    }
  }

  private void takeBreath(WebSocket made) {
    made.pause();
    timer.schedule(made::resume, Task.SLOW_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void send(Message message) {
    while (socket.bufferedAmount() > ENOUGH_BYTES) {
      LockSupport.parkNanos(20_000);
    }
    socket.send(message);
  }

  @Override
  public void close() {
    if (sender != null) {
      sender.stop();
      sender = null;
    }
    socket.abort();
  }
}
