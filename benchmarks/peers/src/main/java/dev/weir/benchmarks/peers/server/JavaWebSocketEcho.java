package dev.weir.benchmarks.peers.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.server.WebSocketServer;

/** Java-WebSocket, with one decoding thread. */
final class JavaWebSocketEcho implements EchoServer {
  @Override
  public int start(Style style) throws Exception {
    var started = new CountDownLatch(1);
    var server =
        new WebSocketServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            1,
            drafts(style.deflates())) {
          @Override
          public void onOpen(WebSocket socket, ClientHandshake handshake) {}

          @Override
          public void onClose(WebSocket socket, int code, String reason, boolean remote) {}

          @Override
          public void onMessage(WebSocket socket, String message) {
            socket.send(message);
          }

          @Override
          public void onMessage(WebSocket socket, ByteBuffer message) {
            if (style.broadcasts()) {
              broadcast(message);
            } else {
              socket.send(message);
            }
          }

          @Override
          public void onError(WebSocket socket, Exception failure) {}

          @Override
          public void onStart() {
            started.countDown();
          }
        };
    server.setTcpNoDelay(true);
    server.setConnectionLostTimeout(0);
    server.setMaxPendingConnections(4096);
    server.setDaemon(true);
    server.start();
    if (!started.await(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("expected a start within 30 s");
    }
    return server.getPort();
  }

  private static List<Draft> drafts(boolean deflate) {
    return List.of(deflate ? new Draft_6455(new PerMessageDeflateExtension()) : new Draft_6455());
  }
}
