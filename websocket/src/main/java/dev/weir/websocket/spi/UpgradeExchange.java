package dev.weir.websocket.spi;

import dev.weir.protocol.handshake.Agreement;
import dev.weir.protocol.handshake.Headers;
import dev.weir.protocol.handshake.Refusal;
import dev.weir.protocol.handshake.Upgrade;
import java.net.SocketAddress;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * One opening handshake on the server, to be answered once. Thread-safe: answers may come from any
 * thread. An exchange that is not answered within the handshake timeout is refused with 503.
 */
public interface UpgradeExchange {
  /** What the client asked for. */
  Upgrade request();

  EventLoop eventLoop();

  SocketAddress localAddress();

  SocketAddress remoteAddress();

  /** The TLS session, or null where there is no TLS. */
  @Nullable SSLSession sslSession();

  /**
   * Answers with 101.
   *
   * @param agreement the selected subprotocol and extensions, among those offered
   * @param headers further response headers
   * @param opened gets the channel, on the event loop, once the answer is on its way; not called if
   *     the client has gone meanwhile
   * @throws IllegalStateException if this exchange has been answered before
   * @throws IllegalArgumentException if the agreement or a header is none that may be answered
   */
  void accept(Agreement agreement, Headers headers, Consumer<WebSocketChannel> opened);

  /**
   * Answers with a refusal and closes the connection after it.
   *
   * @throws IllegalStateException if this exchange has been answered before
   */
  void refuse(Refusal refusal);
}
