package dev.weir.benchmarks.peers.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelMatchers;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import io.netty.util.concurrent.GlobalEventExecutor;

/** Netty's own codec, answering with the frame that came and one flush for each read. */
final class NettyEcho implements EchoServer {
  @Override
  public int start(Style style) throws Exception {
    WebSocketServerProtocolConfig config =
        WebSocketServerProtocolConfig.newBuilder()
            .websocketPath("/")
            .maxFramePayloadLength(Serve.MOST_BYTES)
            .allowExtensions(style.deflates())
            .build();
    var all = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    return NettyLoop.listen(
        channel -> {
          channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(8192));
          if (style.deflates()) {
            channel.pipeline().addLast(new WebSocketServerCompressionHandler(Serve.MOST_BYTES));
          }
          channel
              .pipeline()
              .addLast(
                  new WebSocketServerProtocolHandler(config),
                  new Echo(style.broadcasts() ? all : null));
        });
  }

  private static final class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {
    private final ChannelGroup all;

    Echo(ChannelGroup all) {
      this.all = all;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      if (all != null) {
        all.add(context.channel());
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
      if (all == null) {
        context.write(frame.retain(), context.voidPromise());
      } else {
        all.write(frame.retain(), ChannelMatchers.all(), true);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      if (all == null) {
        context.flush();
      } else {
        all.flush();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
