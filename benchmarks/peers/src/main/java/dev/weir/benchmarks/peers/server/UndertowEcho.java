package dev.weir.benchmarks.peers.server;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.xnio.Pooled;

/** Undertow, by whole messages on its I/O thread. */
final class UndertowEcho implements EchoServer {
  @Override
  public int start(Style style) {
    WebSocketProtocolHandshakeHandler webSockets =
        Handlers.websocket(
            (exchange, channel) -> {
              channel.getReceiveSetter().set(new Echo(style.broadcasts()));
              channel.resumeReceives();
            });
    if (style.deflates()) {
      webSockets.addExtension(new PerMessageDeflateHandshake());
    }
    Undertow server =
        Undertow.builder()
            .setIoThreads(1)
            .setWorkerThreads(1)
            .addHttpListener(0, "127.0.0.1")
            .setHandler(webSockets)
            .build();
    server.start();
    var address = (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
    return address.getPort();
  }

  private static final class Echo extends AbstractReceiveListener {
    private final boolean broadcasts;

    Echo(boolean broadcasts) {
      this.broadcasts = broadcasts;
    }

    @Override
    protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
      WebSockets.sendText(message.getData(), channel, null);
    }

    @Override
    protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
      try (Pooled<ByteBuffer[]> data = message.getData()) {
        ByteBuffer bytes = WebSockets.mergeBuffers(data.getResource());
        if (broadcasts) {
          for (WebSocketChannel each : channel.getPeerConnections()) {
            WebSockets.sendBinary(bytes.duplicate(), each, null);
          }
        } else {
          WebSockets.sendBinary(bytes, channel, null);
        }
      }
    }
  }
}
