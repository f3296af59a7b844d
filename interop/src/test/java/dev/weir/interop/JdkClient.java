package dev.weir.interop;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** The client of {@code java.net.http}. Thread-safe. */
final class JdkClient implements PeerClient {
  private final HttpClient client;

  JdkClient(SSLContext context) {
    client = HttpClient.newBuilder().sslContext(context).build();
  }

  @Override
  public PeerSession connect(URI url, List<String> protocols) throws Exception {
    var builder = client.newWebSocketBuilder();
    if (!protocols.isEmpty()) {
      builder.subprotocols(
          protocols.getFirst(), protocols.subList(1, protocols.size()).toArray(String[]::new));
    }
    var session = new Session();
    session.webSocket = builder.buildAsync(url, session.listener()).get(20, TimeUnit.SECONDS);
    return session;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private static final class Session extends PeerSession {
    private WebSocket webSocket;

    @Override
    void send(String text) {
      webSocket.sendText(text, true).join();
    }

    @Override
    void send(byte[] bytes) {
      webSocket.sendBinary(ByteBuffer.wrap(bytes), true).join();
    }

    @Override
    void close(int code, String reason) {
      webSocket.sendClose(code, reason).join();
    }

    @Override
    String protocol() {
      return webSocket.getSubprotocol();
    }

    private WebSocket.Listener listener() {
      return new WebSocket.Listener() {
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

        @Override
        public CompletionStage<?> onText(WebSocket source, CharSequence data, boolean last) {
          text.append(data);
          if (last) {
            saw(new PeerEvent.Text(text.toString()));
            text.setLength(0);
          }
          source.request(1);
          return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket source, ByteBuffer data, boolean last) {
          byte[] bytes = new byte[data.remaining()];
          data.get(bytes);
          binary.writeBytes(bytes);
          if (last) {
            saw(new PeerEvent.Binary(binary.toByteArray()));
            binary.reset();
          }
          source.request(1);
          return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket source, int code, String reason) {
          saw(new PeerEvent.Closed(code, reason));
          return null;
        }

        @Override
        public void onError(WebSocket source, Throwable cause) {
          saw(new PeerEvent.Failed(cause));
        }
      };
    }
  }
}
