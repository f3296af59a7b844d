package dev.weir.benchmarks.peers.client;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;

/** OkHttp, which is asked how much it has queued so that it is not overrun. */
final class OkHttpDriven implements DrivenClient {
  private static final long ENOUGH_BYTES = 1 << 20;

  private final OkHttpClient client = new OkHttpClient();
  private WebSocket socket;
  private Sender sender;

  @Override
  public void open(URI uri, Task task) throws Exception {
    var opened = new CompletableFuture<Void>();
    ByteString bytes = ByteString.of(task.bytes());
    String text = task.string();
    var listener =
        new WebSocketListener() {
          @Override
          public void onOpen(WebSocket made, Response response) {
            send(made);
            opened.complete(null);
          }

          @Override
          public void onMessage(WebSocket from, ByteString data) {
            took(from);
          }

          @Override
          public void onMessage(WebSocket from, String data) {
            took(from);
          }

          private void took(WebSocket from) {
            task.pause();
            send(from);
          }

          private void send(WebSocket to) {
            if (task.isRoundTrip() && task.text()) {
              to.send(text);
            } else if (task.isRoundTrip()) {
              to.send(bytes);
            }
          }

          @Override
          public void onFailure(WebSocket of, Throwable failure, Response response) {
            opened.completeExceptionally(failure);
          }
        };
    String http = uri.toString().replaceFirst("^ws", "http");
    socket = client.newWebSocket(new Request.Builder().url(http).build(), listener);
    opened.get(30, TimeUnit.SECONDS);
    if (task.isSend()) {
      sender =
          new Sender(
              false,
              () -> {
                while (socket.queueSize() > ENOUGH_BYTES) {
                  LockSupport.parkNanos(20_000);
                }
                boolean taken = task.text() ? socket.send(text) : socket.send(bytes);
                if (!taken) {
                  throw new IllegalStateException("a message was not taken");
                }
              });
    }
  }

  @Override
  public void close() {
    if (sender != null) {
      sender.stop();
      sender = null;
    }
    socket.cancel();
  }
}
