package dev.weir.benchmarks.peers.client;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.WebSocketClient;

/** Jetty, which is given at most 64 messages that it has not sent. */
public final class JettyClient implements DrivenClient {
  private static final int MOST_BYTES = 2 << 20;
  private static final int PENDING = 64;

  private final WebSocketClient client = new WebSocketClient();
  private Session session;
  private Sender sender;

  JettyClient() throws Exception {
    client.setMaxBinaryMessageSize(MOST_BYTES);
    client.setMaxTextMessageSize(MOST_BYTES);
    client.setMaxFrameSize(MOST_BYTES);
    client.start();
  }

  @Override
  public void open(URI uri, Task task) throws Exception {
    var listener = new Listener(task);
    client.connect(listener, uri);
    // Not by the future of connect: that comes behind the first message, which a slow consumer is
    // slow to take.
    session = listener.opened.get(30, TimeUnit.SECONDS);
    if (task.isSend()) {
      ByteBuffer bytes = task.buffer();
      var room = new Semaphore(PENDING);
      sender =
          new Sender(
              false,
              () -> {
                room.acquire();
                session.sendBinary(
                    bytes.duplicate(), Callback.from(room::release, failure -> room.release()));
              });
    }
  }

  @Override
  public void close() {
    if (sender != null) {
      sender.stop();
      sender = null;
    }
    session.disconnect();
  }

  /** Jetty looks its methods up, so it is public. */
  public static final class Listener implements Session.Listener.AutoDemanding {
    private final Task task;
    private final ByteBuffer bytes;
    private final String text;
    private final CompletableFuture<Session> opened = new CompletableFuture<>();
    private Session session;

    Listener(Task task) {
      this.task = task;
      this.bytes = task.buffer();
      this.text = task.string();
    }

    @Override
    public void onWebSocketOpen(Session made) {
      session = made;
      opened.complete(made);
      send();
    }

    private void send() {
      if (task.isRoundTrip() && task.text()) {
        session.sendText(text, Callback.NOOP);
      } else if (task.isRoundTrip()) {
        session.sendBinary(bytes.duplicate(), Callback.NOOP);
      }
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
      callback.succeed();
      task.pause();
      send();
    }

    @Override
    public void onWebSocketText(String message) {
      task.pause();
      send();
    }
  }
}
