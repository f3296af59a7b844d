package dev.weir.benchmarks.peers.client;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Vert.x, by its handlers. */
final class VertxClient implements DrivenClient {
  private static final int MOST_BYTES = 2 << 20;
  private static final int BATCH = 64;

  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
  private WebSocket socket;

  @Override
  public void open(URI uri, Task task) throws Exception {
    Context context = vertx.getOrCreateContext();
    var opened = new CompletableFuture<WebSocket>();
    context.runOnContext(
        nothing ->
            vertx
                .createWebSocketClient(
                    new WebSocketClientOptions()
                        .setMaxFrameSize(MOST_BYTES)
                        .setMaxMessageSize(MOST_BYTES))
                .connect(uri.getPort(), uri.getHost(), "/")
                .onSuccess(
                    made -> {
                      begin(context, made, task);
                      opened.complete(made);
                    })
                .onFailure(opened::completeExceptionally));
    socket = opened.get(30, TimeUnit.SECONDS);
  }

  private static void begin(Context context, WebSocket made, Task task) {
    Buffer bytes = Buffer.buffer(task.bytes());
    String text = task.string();
    if (task.text()) {
      made.textMessageHandler(
          message -> {
            task.pause();
            if (task.isRoundTrip()) {
              made.writeTextMessage(text);
            }
          });
    } else {
      made.binaryMessageHandler(
          message -> {
            task.pause();
            if (task.isRoundTrip()) {
              made.writeBinaryMessage(bytes);
            }
          });
    }
    if (task.isRoundTrip()) {
      if (task.text()) {
        made.writeTextMessage(text);
      } else {
        made.writeBinaryMessage(bytes);
      }
    } else if (task.isSend()) {
      fill(context, made, bytes);
    }
  }

  private static void fill(Context context, WebSocket made, Buffer bytes) {
    if (made.isClosed()) {
      return;
    }
    for (int i = 0; i < BATCH && !made.writeQueueFull(); i++) {
      made.writeBinaryMessage(bytes);
    }
    if (made.writeQueueFull()) {
      made.drainHandler(nothing -> fill(context, made, bytes));
    } else {
      context.runOnContext(nothing -> fill(context, made, bytes));
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
