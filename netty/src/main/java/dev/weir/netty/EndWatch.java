package dev.weir.netty;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The first handler of an open connection: notices bytes that arrive though reading is paused. Not
 * thread-safe: for its event loop.
 *
 * <p>It stands before TLS, where bytes that are no whole record yet would not be seen behind it.
 */
final class EndWatch extends ChannelInboundHandlerAdapter {
  private final NettyChannel channel;
  private boolean inBurst;

  EndWatch(NettyChannel channel) {
    this.channel = channel;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    boolean unwanted = !inBurst && !context.channel().config().isAutoRead();
    inBurst = true;
    context.fireChannelRead(message);
    if (unwanted) {
      channel.peerMayHaveEnded();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    inBurst = false;
    context.fireChannelReadComplete();
  }
}
