package dev.weir.interop;

import io.undertow.server.DefaultByteBufferPool;
import io.undertow.websockets.WebSocketExtension;
import io.undertow.websockets.client.WebSocketClient;
import io.undertow.websockets.client.WebSocketClientNegotiation;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.CloseMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Pooled;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/** The client of Undertow. Thread-safe. */
final class UndertowPeerClient implements AutoCloseable {
  private static final int BUFFER_BYTES = 8192;

  private final DefaultByteBufferPool buffers = new DefaultByteBufferPool(false, BUFFER_BYTES);
  private final XnioWorker worker;

  UndertowPeerClient() throws IOException {
    worker =
        Xnio.getInstance()
            .createWorker(
                OptionMap.builder()
                    .set(Options.WORKER_IO_THREADS, 1)
                    .set(Options.THREAD_DAEMON, true)
                    .getMap());
  }

  /** Connects with this offer of compression, and keeps it: the answer is not looked at. */
  PeerSession connect(URI url, String offer) throws IOException {
    var extension =
        new PerMessageDeflateHandshake(
            true,
            PerMessageDeflateHandshake.DEFAULT_DEFLATER,
            !offer.contains("client_no_context_takeover"),
            !offer.contains("server_no_context_takeover"));
    WebSocketChannel channel =
        WebSocketClient.connectionBuilder(worker, buffers, url)
            .setClientNegotiation(
                new WebSocketClientNegotiation(List.of(), WebSocketExtension.parse(offer)))
            .setClientExtensions(Set.of(extension))
            .connect()
            .get();
    var session = new UndertowSession(channel);
    channel.getReceiveSetter().set(session.listener());
    channel.resumeReceives();
    return session;
  }

  @Override
  public void close() {
    worker.shutdownNow();
    buffers.close();
  }

  private static final class UndertowSession extends PeerSession {
    private final WebSocketChannel channel;

    UndertowSession(WebSocketChannel channel) {
      this.channel = channel;
    }

    private AbstractReceiveListener listener() {
      return new AbstractReceiveListener() {
        @Override
        protected void onFullTextMessage(WebSocketChannel from, BufferedTextMessage message) {
          saw(new PeerEvent.Text(message.getData()));
        }

        @Override
        protected void onFullBinaryMessage(WebSocketChannel from, BufferedBinaryMessage message) {
          try (Pooled<ByteBuffer[]> data = message.getData()) {
            ByteBuffer all = WebSockets.mergeBuffers(data.getResource());
            byte[] bytes = new byte[all.remaining()];
            all.get(bytes);
            saw(new PeerEvent.Binary(bytes));
          }
        }

        @Override
        protected void onCloseMessage(CloseMessage close, WebSocketChannel from) {
          saw(new PeerEvent.Closed(close.getCode(), close.getReason()));
        }

        @Override
        protected void onError(WebSocketChannel from, Throwable cause) {
          saw(new PeerEvent.Failed(cause));
        }
      };
    }

    @Override
    void send(String text) {
      WebSockets.sendText(text, channel, null);
    }

    @Override
    void send(byte[] bytes) {
      WebSockets.sendBinary(ByteBuffer.wrap(bytes), channel, null);
    }

    @Override
    void close(int code, String reason) {
      WebSockets.sendClose(code, reason, channel, null);
    }

    @Override
    String protocol() {
      return "";
    }
  }
}
