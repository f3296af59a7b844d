package dev.weir.benchmarks.peers.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Plain TCP on Netty: what it costs to send bytes back at all. */
final class TcpEcho implements EchoServer {
  @Override
  public int start(Style style) throws Exception {
    return NettyLoop.listen(channel -> channel.pipeline().addLast(new Echo()));
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
      context.write(bytes, context.voidPromise());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
