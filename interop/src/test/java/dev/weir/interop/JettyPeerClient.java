package dev.weir.interop;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;

/** The client of Jetty. Thread-safe. */
final class JettyPeerClient implements PeerClient {
  private final HttpClient http = new HttpClient();
  private final WebSocketClient client;

  JettyPeerClient(SSLContext context) throws Exception {
    if (context != null) {
      var tls = new SslContextFactory.Client();
      tls.setSslContext(context);
      http.setSslContextFactory(tls);
    }
    client = new WebSocketClient(http);
    client.setMaxBinaryMessageSize(JettyEcho.MESSAGE_LIMIT);
    client.setMaxTextMessageSize(JettyEcho.MESSAGE_LIMIT);
    http.start();
    client.start();
  }

  @Override
  public PeerSession connect(URI url, List<String> protocols) throws Exception {
    var request = new ClientUpgradeRequest(url);
    request.setSubProtocols(protocols);
    return connect(request);
  }

  /** Connects with this offer of compression. */
  PeerSession connect(URI url, String offer) throws Exception {
    var request = new ClientUpgradeRequest(url);
    request.addExtensions(offer);
    return connect(request);
  }

  private PeerSession connect(ClientUpgradeRequest request) throws Exception {
    var listener = new Listener();
    client.connect(listener, request).get(20, TimeUnit.SECONDS);
    return listener.peer;
  }

  @Override
  public void close() throws Exception {
    client.stop();
    http.stop();
  }

  /** Jetty finds its methods by reflection from its own class loader, so it is public. */
  public static final class Listener implements Session.Listener.AutoDemanding {
    private final JettySession peer = new JettySession();

    @Override
    public void onWebSocketOpen(Session session) {
      peer.session = session;
    }

    @Override
    public void onWebSocketText(String message) {
      peer.saw(new PeerEvent.Text(message));
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
      byte[] bytes = new byte[payload.remaining()];
      payload.get(bytes);
      peer.saw(new PeerEvent.Binary(bytes));
      callback.succeed();
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
      peer.saw(new PeerEvent.Closed(code, reason == null ? "" : reason));
      callback.succeed();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
      peer.saw(new PeerEvent.Failed(cause));
    }
  }

  private static final class JettySession extends PeerSession {
    private volatile Session session;

    @Override
    void send(String text) {
      var sent = new Callback.Completable();
      session.sendText(text, sent);
      sent.join();
    }

    @Override
    void send(byte[] bytes) {
      var sent = new Callback.Completable();
      session.sendBinary(ByteBuffer.wrap(bytes), sent);
      sent.join();
    }

    @Override
    void close(int code, String reason) {
      session.close(code, reason, Callback.NOOP);
    }

    @Override
    String protocol() {
      String protocol = session.getUpgradeResponse().getAcceptedSubProtocol();
      return protocol == null ? "" : protocol;
    }
  }
}
