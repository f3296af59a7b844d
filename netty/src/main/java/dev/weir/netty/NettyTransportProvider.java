package dev.weir.netty;

import dev.weir.websocket.spi.ClientTransport;
import dev.weir.websocket.spi.ClientTransportOptions;
import dev.weir.websocket.spi.ServerTransport;
import dev.weir.websocket.spi.ServerTransportOptions;
import dev.weir.websocket.spi.TransportProvider;
import java.time.Duration;

/**
 * WebSocket over HTTP/1.1, TCP and TLS on Netty. Thread-safe.
 *
 * <p>Sockets are driven by epoll on Linux and by NIO elsewhere, or as the system property {@code
 * dev.weir.netty.transport} asks: {@code io_uring} (for trials: it misses some resets), {@code
 * epoll} or {@code nio}. From Java 24 on the native ones need {@code
 * --enable-native-access=ALL-UNNAMED} (on the module path {@code
 * --enable-native-access=io.netty.common}); without it NIO is used, so that the JVM prints no
 * warning. Where the module {@code dev.weir.netty} is named, too, large messages are copied less.
 */
public final class NettyTransportProvider implements TransportProvider {
  /** RFC 8305 §8 recommends this one. */
  private static final Duration CONNECTION_ATTEMPT_DELAY = Duration.ofMillis(250);

  /** For {@link java.util.ServiceLoader}. */
  public NettyTransportProvider() {}

  @Override
  public ClientTransport clientTransport(ClientTransportOptions options) {
    return new NettyClientTransport(IoBackend.choose(), options, CONNECTION_ATTEMPT_DELAY);
  }

  @Override
  public ServerTransport serverTransport(ServerTransportOptions options) {
    return new NettyServerTransport(IoBackend.choose(), options);
  }
}
