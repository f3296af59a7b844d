package dev.weir.benchmarks.peers.client;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.handshake.ServerHandshake;

/** Java-WebSocket, which is asked whether it has anything queued so that it is not overrun. */
final class JavaWebSocketClient implements DrivenClient {
  private static final int BATCH = 16;

  private WebSocketClient client;
  private Sender sender;

  @Override
  public void open(URI uri, Task task) throws Exception {
    ByteBuffer bytes = task.buffer();
    String text = task.string();
    client =
        new WebSocketClient(uri) {
          @Override
          public void onOpen(ServerHandshake handshake) {
            reply();
          }

          @Override
          public void onMessage(String message) {
            task.pause();
            reply();
          }

          @Override
          public void onMessage(ByteBuffer message) {
            task.pause();
            reply();
          }

          private void reply() {
            if (task.isRoundTrip() && task.text()) {
              send(text);
            } else if (task.isRoundTrip()) {
              send(bytes.duplicate());
            }
          }

          @Override
          public void onClose(int code, String reason, boolean remote) {}

          @Override
          public void onError(Exception failure) {}
        };
    client.setTcpNoDelay(true);
    client.setConnectionLostTimeout(0);
    if (!client.connectBlocking(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("expected a connection within 30 s");
    }
    if (task.isSend()) {
      sender =
          new Sender(
              false,
              () -> {
                for (int i = 0; i < BATCH; i++) {
                  client.send(bytes.duplicate());
                }
                while (client.hasBufferedData()) {
                  LockSupport.parkNanos(20_000);
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
    client.close();
  }
}
