import org.jspecify.annotations.NullMarked;

/** The transport of WebSockets over HTTP/1.1, TCP and TLS, on Netty. */
@NullMarked
module dev.weir.netty {
  requires dev.weir.websocket;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.codec.http;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires io.netty.transport.classes.epoll;
  requires io.netty.transport.classes.io_uring;
  requires io.netty.transport.unix.common;
  requires static transitive org.jspecify;

  provides dev.weir.websocket.spi.TransportProvider with
      dev.weir.netty.NettyTransportProvider;
}
