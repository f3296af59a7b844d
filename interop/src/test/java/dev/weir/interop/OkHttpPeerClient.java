package dev.weir.interop;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;

/** The client of OkHttp. Thread-safe. */
final class OkHttpPeerClient implements PeerClient {
  private final OkHttpClient client;

  OkHttpPeerClient(SSLContext context, X509TrustManager trust) {
    client = new OkHttpClient.Builder().sslSocketFactory(context.getSocketFactory(), trust).build();
  }

  @Override
  public PeerSession connect(URI url, List<String> protocols) throws Exception {
    var request = new Request.Builder().url(url.toString());
    if (!protocols.isEmpty()) {
      request.header("Sec-WebSocket-Protocol", String.join(", ", protocols));
    }
    var session = new Session();
    client.newWebSocket(request.build(), session.listener());
    session.opened.get(20, TimeUnit.SECONDS);
    return session;
  }

  @Override
  public void close() {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }

  private static final class Session extends PeerSession {
    private final CompletableFuture<Response> opened = new CompletableFuture<>();
    private volatile WebSocket webSocket;

    @Override
    void send(String text) {
      accepted(webSocket.send(text));
    }

    @Override
    void send(byte[] bytes) {
      accepted(webSocket.send(ByteString.of(bytes)));
    }

    @Override
    void close(int code, String reason) {
      accepted(webSocket.close(code, reason));
    }

    @Override
    String protocol() {
      return opened.join().header("Sec-WebSocket-Protocol", "");
    }

    private static void accepted(boolean accepted) {
      if (!accepted) {
        throw new IllegalStateException("OkHttp refused it: the connection is closing or full");
      }
    }

    private WebSocketListener listener() {
      return new WebSocketListener() {
        @Override
        public void onOpen(WebSocket source, Response response) {
          webSocket = source;
          opened.complete(response);
        }

        @Override
        public void onMessage(WebSocket source, String text) {
          saw(new PeerEvent.Text(text));
        }

        @Override
        public void onMessage(WebSocket source, ByteString bytes) {
          saw(new PeerEvent.Binary(bytes.toByteArray()));
        }

        @Override
        public void onClosing(WebSocket source, int code, String reason) {
          source.close(code == 1005 ? 1000 : code, reason);
        }

        @Override
        public void onClosed(WebSocket source, int code, String reason) {
          saw(new PeerEvent.Closed(code, reason));
        }

        @Override
        public void onFailure(WebSocket source, Throwable cause, Response response) {
          opened.completeExceptionally(cause);
          saw(new PeerEvent.Failed(cause));
        }
      };
    }
  }
}
