package dev.weir.benchmarks.peers.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.websocket.WsConfig;
import io.helidon.webserver.websocket.WsRouting;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;

/** Helidon, on its virtual threads. */
final class HelidonEcho implements EchoServer {
  @Override
  public int start() {
    return WebServer.builder()
        .host("127.0.0.1")
        .port(0)
        .backlog(4096)
        .addProtocol(WsConfig.builder().maxFrameLength(Serve.MOST_BYTES).build())
        .addRouting(WsRouting.builder().endpoint("/", new Echo()))
        .build()
        .start()
        .port();
  }

  private static final class Echo implements WsListener {
    @Override
    public void onMessage(WsSession session, String text, boolean last) {
      session.send(text, last);
    }

    @Override
    public void onMessage(WsSession session, BufferData buffer, boolean last) {
      session.send(buffer, last);
    }
  }
}
