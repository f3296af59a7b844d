package dev.weir.benchmarks.peers.client;

import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import org.glassfish.tyrus.client.ClientManager;

/** Tyrus, the reference implementation of Jakarta WebSocket, on Grizzly. */
final class TyrusClient implements DrivenClient {
  private static final int MOST_BYTES = 2 << 20;

  private final ClientManager manager = ClientManager.createClient();
  private Session session;
  private Sender sender;

  TyrusClient() {
    manager.setDefaultMaxBinaryMessageBufferSize(MOST_BYTES);
    manager.setDefaultMaxTextMessageBufferSize(MOST_BYTES);
  }

  @Override
  public void open(URI uri, Task task) throws Exception {
    ByteBuffer bytes = task.buffer();
    String text = task.string();
    session =
        manager.connectToServer(
            new Endpoint() {
              @Override
              public void onOpen(Session opened, EndpointConfig config) {
                if (task.text()) {
                  opened.addMessageHandler(
                      String.class, (MessageHandler.Whole<String>) message -> took(opened));
                } else {
                  opened.addMessageHandler(
                      ByteBuffer.class, (MessageHandler.Whole<ByteBuffer>) message -> took(opened));
                }
                send(opened);
              }

              private void took(Session from) {
                task.pause();
                send(from);
              }

              private void send(Session to) {
                try {
                  if (task.isRoundTrip() && task.text()) {
                    to.getBasicRemote().sendText(text);
                  } else if (task.isRoundTrip()) {
                    to.getBasicRemote().sendBinary(bytes.duplicate());
                  }
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }
            },
            ClientEndpointConfig.Builder.create().build(),
            uri);
    if (task.isSend()) {
      sender = new Sender(false, () -> session.getBasicRemote().sendBinary(bytes.duplicate()));
    }
  }

  @Override
  public void close() throws IOException {
    if (sender != null) {
      sender.stop();
      sender = null;
    }
    session.close();
  }
}
