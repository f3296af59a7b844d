package dev.weir.benchmarks.peers.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** The JDK's own. */
final class JdkClient implements DrivenClient {
  private final HttpClient http = HttpClient.newHttpClient();
  private WebSocket socket;
  private Sender sender;

  @Override
  public void open(URI uri, Task task) throws Exception {
    ByteBuffer bytes = task.buffer();
    String text = task.string();
    var listener =
        new WebSocket.Listener() {
          @Override
          public void onOpen(WebSocket opened) {
            opened.request(1);
            send(opened);
          }

          @Override
          public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
            return took(from, last);
          }

          @Override
          public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            return took(from, last);
          }

          private CompletionStage<?> took(WebSocket from, boolean last) {
            if (last) {
              task.pause();
              send(from);
            }
            from.request(1);
            return null;
          }

          private void send(WebSocket to) {
            if (task.isRoundTrip() && task.text()) {
              to.sendText(text, true);
            } else if (task.isRoundTrip()) {
              to.sendBinary(bytes.duplicate(), true);
            }
          }
        };
    socket = http.newWebSocketBuilder().buildAsync(uri, listener).get(30, TimeUnit.SECONDS);
    if (task.isSend()) {
      sender =
          new Sender(
              false,
              () ->
                  (task.text()
                          ? socket.sendText(text, true)
                          : socket.sendBinary(bytes.duplicate(), true))
                      .get(30, TimeUnit.SECONDS));
    }
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
