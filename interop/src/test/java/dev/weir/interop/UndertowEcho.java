package dev.weir.interop;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.extensions.ExtensionHandshake;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import java.net.InetSocketAddress;
import java.net.URI;
import javax.net.ssl.SSLContext;
import org.xnio.Pooled;

/** An echo server of Undertow. Thread-safe. */
final class UndertowEcho implements PeerServer {
  private final Undertow server;
  private final String scheme;

  /**
   * Starts it.
   *
   * @param context for wss, or null for ws
   */
  UndertowEcho(SSLContext context) {
    this(context, null);
  }

  /** Starts it with compression, whose context it keeps where it is told to. */
  UndertowEcho(SSLContext context, boolean compressTakeover, boolean decompressTakeover) {
    this(
        context,
        new PerMessageDeflateHandshake(
            false,
            PerMessageDeflateHandshake.DEFAULT_DEFLATER,
            compressTakeover,
            decompressTakeover));
  }

  private UndertowEcho(SSLContext context, ExtensionHandshake extension) {
    WebSocketProtocolHandshakeHandler handler =
        Handlers.websocket(
            (exchange, channel) -> {
              channel.getReceiveSetter().set(new Echo());
              channel.resumeReceives();
            });
    if (extension != null) {
      handler.addExtension(extension);
    }
    var builder = Undertow.builder().setIoThreads(1).setWorkerThreads(1).setHandler(handler);
    if (context == null) {
      scheme = "ws";
      builder.addHttpListener(0, "127.0.0.1");
    } else {
      scheme = "wss";
      builder.addHttpsListener(0, "127.0.0.1", context);
    }
    server = builder.build();
    server.start();
  }

  @Override
  public URI echo() {
    var address = (InetSocketAddress) server.getListenerInfo().getFirst().getAddress();
    return URI.create("%s://127.0.0.1:%d/echo".formatted(scheme, address.getPort()));
  }

  @Override
  public void close() {
    server.stop();
  }

  private static final class Echo extends AbstractReceiveListener {
    @Override
    protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
      WebSockets.sendText(message.getData(), channel, null);
    }

    @Override
    protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
      try (Pooled<java.nio.ByteBuffer[]> data = message.getData()) {
        WebSockets.sendBinary(WebSockets.mergeBuffers(data.getResource()), channel, null);
      }
    }
  }
}
