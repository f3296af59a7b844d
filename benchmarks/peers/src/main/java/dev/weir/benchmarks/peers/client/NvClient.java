package dev.weir.benchmarks.peers.client;

import com.neovisionaries.ws.client.WebSocket;
import com.neovisionaries.ws.client.WebSocketAdapter;
import com.neovisionaries.ws.client.WebSocketFactory;
import java.net.URI;

/** nv-websocket-client, with a bounded queue. */
final class NvClient implements DrivenClient {
  private static final int QUEUE = 64;

  private final WebSocketFactory factory = new WebSocketFactory();
  private WebSocket socket;
  private Sender sender;

  @Override
  public void open(URI uri, Task task) throws Exception {
    byte[] bytes = task.bytes();
    String text = task.string();
    socket = factory.createSocket(uri).setFrameQueueSize(QUEUE);
    socket.addListener(
        new WebSocketAdapter() {
          @Override
          public void onBinaryMessage(WebSocket from, byte[] message) {
            took(from);
          }

          @Override
          public void onTextMessage(WebSocket from, String message) {
            took(from);
          }

          private void took(WebSocket from) {
            task.pause();
            send(from);
          }

          private void send(WebSocket to) {
            if (task.isRoundTrip() && task.text()) {
              to.sendText(text);
            } else if (task.isRoundTrip()) {
              to.sendBinary(bytes);
            }
          }
        });
    socket.connect();
    if (task.isRoundTrip()) {
      if (task.text()) {
        socket.sendText(text);
      } else {
        socket.sendBinary(bytes);
      }
    } else if (task.isSend()) {
      sender = new Sender(false, () -> socket.sendBinary(bytes));
    }
  }

  @Override
  public void close() {
    if (sender != null) {
      sender.stop();
      sender = null;
    }
    socket.disconnect(1000, null, 0);
  }
}
