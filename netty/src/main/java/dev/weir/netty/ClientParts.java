package dev.weir.netty;

import dev.weir.websocket.spi.ClientTransportOptions;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.security.SecureRandom;
import java.time.Duration;

/**
 * What the openings of one client transport share. Immutable and thread-safe.
 *
 * @param attemptDelay between connection attempts to different addresses (RFC 8305 §5)
 */
record ClientParts(
    IoBackend backend,
    ClientTransportOptions options,
    TlsContexts tls,
    NameResolver resolver,
    AddressTurns turns,
    SecureRandom random,
    Duration attemptDelay) {

  /**
   * Makes TCP connections on this loop that read nothing yet.
   *
   * @param secure whether there will be TLS on them
   */
  Bootstrap bootstrap(EventLoop loop, boolean secure) {
    return new Bootstrap()
        .group(loop)
        .channel(backend.socketClass())
        .disableResolver()
        .option(ChannelOption.AUTO_READ, false)
        .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .option(ChannelOption.TCP_NODELAY, true)
        // The opening has its own timer, over all addresses.
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
        .option(ChannelOption.RECVBUF_ALLOCATOR, backend.receiveBuffers(secure))
        .handler(new Empty());
  }

  /** A pipeline may not be without a handler before it is connected. */
  @ChannelHandler.Sharable
  private static final class Empty extends ChannelInboundHandlerAdapter {
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      context.pipeline().remove(this);
    }
  }
}
