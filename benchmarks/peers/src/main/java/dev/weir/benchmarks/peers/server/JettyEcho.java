package dev.weir.benchmarks.peers.server;

import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/** Jetty, by a listener that asks for the next message by itself. */
public final class JettyEcho implements EchoServer {
  @Override
  public int start(Style style) throws Exception {
    var server = new Server(new QueuedThreadPool(16));
    var connector = new ServerConnector(server, 1, 1);
    connector.setHost("127.0.0.1");
    connector.setAcceptQueueSize(4096);
    server.addConnector(connector);
    server.setHandler(
        WebSocketUpgradeHandler.from(
            server,
            container -> {
              container.setMaxBinaryMessageSize(Serve.MOST_BYTES);
              container.setMaxTextMessageSize(Serve.MOST_BYTES);
              container.setMaxFrameSize(Serve.MOST_BYTES);
              container.addMapping(
                  "/*",
                  (request, response, callback) -> new Echo(style.broadcasts() ? container : null));
            }));
    server.start();
    return connector.getLocalPort();
  }

  /** Jetty looks its methods up, so it is public. */
  public static final class Echo implements Session.Listener.AutoDemanding {
    private final ServerWebSocketContainer all;
    private Session session;

    Echo(ServerWebSocketContainer all) {
      this.all = all;
    }

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
      if (all == null) {
        session.sendBinary(payload, callback);
        return;
      }
      // The buffer is Jetty's again once the callback has been called.
      ByteBuffer copy = BufferUtil.copy(payload);
      callback.succeed();
      all.getOpenSessions().forEach(each -> each.sendBinary(copy.slice(), Callback.NOOP));
    }
  }
}
