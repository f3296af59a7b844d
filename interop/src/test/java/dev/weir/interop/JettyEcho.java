package dev.weir.interop;

import java.net.URI;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/**
 * An echo server of Jetty; it selects the first subprotocol, and none where the URL has a query.
 * Thread-safe.
 */
final class JettyEcho implements PeerServer {
  static final int MESSAGE_LIMIT = 64 * 1024 * 1024;

  private final Server server = new Server();
  private final ServerConnector connector;
  private final String scheme;

  /**
   * Starts it.
   *
   * @param context for wss, or null for ws
   */
  JettyEcho(SSLContext context) throws Exception {
    if (context == null) {
      scheme = "ws";
      connector = new ServerConnector(server);
    } else {
      scheme = "wss";
      var tls = new SslContextFactory.Server();
      tls.setSslContext(context);
      connector = new ServerConnector(server, tls);
    }
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(
        WebSocketUpgradeHandler.from(
            server,
            container -> {
              container.setMaxBinaryMessageSize(MESSAGE_LIMIT);
              container.setMaxTextMessageSize(MESSAGE_LIMIT);
              container.addMapping(
                  "/*",
                  (request, response, callback) -> {
                    if (!request.getSubProtocols().isEmpty()
                        && request.getHttpURI().getQuery() == null) {
                      response.setAcceptedSubProtocol(request.getSubProtocols().getFirst());
                    }
                    return new Echo();
                  });
            }));
    server.start();
  }

  @Override
  public URI echo() {
    return URI.create("%s://127.0.0.1:%d/echo".formatted(scheme, connector.getLocalPort()));
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Jetty finds its methods by reflection from its own class loader, so it is public. */
  public static final class Echo implements Session.Listener.AutoDemanding {
    private Session session;

    @Override
    public void onWebSocketOpen(Session opened) {
      session = opened;
    }

    @Override
    public void onWebSocketText(String message) {
      session.sendText(message, Callback.NOOP);
    }

    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
      session.sendBinary(payload, callback);
    }
  }
}
