package dev.weir.benchmarks.peers.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Helidon, on its virtual threads. */
final class HelidonEcho implements EchoServer {
  @Override
  public int start(Style style) {
    return WebServer.builder()
        .host("127.0.0.1")
        .port(0)
        .backlog(4096)
        .addProtocol(WsConfig.builder().maxFrameLength(Serve.MOST_BYTES).build())
        .addRouting(WsRouting.builder().endpoint("/", new Echo(style.broadcasts())))
        .build()
        .start()
        .port();
  }

  private static final class Echo implements WsListener {
    private final Set<WsSession> all;

    Echo(boolean broadcasts) {
      this.all = broadcasts ? ConcurrentHashMap.newKeySet() : null;
    }

    @Override
    public void onOpen(WsSession session) {
      if (all != null) {
        all.add(session);
      }
    }

    @Override
    public void onClose(WsSession session, int status, String reason) {
      forget(session);
    }

    @Override
    public void onError(WsSession session, Throwable failure) {
      forget(session);
    }

    private void forget(WsSession session) {
      if (all != null) {
        all.remove(session);
      }
    }

    @Override
    public void onMessage(WsSession session, String text, boolean last) {
      session.send(text, last);
    }

    @Override
    public void onMessage(WsSession session, BufferData buffer, boolean last) {
      if (all == null) {
        session.send(buffer, last);
        return;
      }
      byte[] bytes = buffer.readBytes();
      all.forEach(each -> each.send(BufferData.create(bytes), last));
    }
  }
}
