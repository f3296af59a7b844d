package dev.weir.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection after its last answer so that the answer arrives: ends the output, then reads
 * and drops what the peer still sends until it ends too, within limits. Not thread-safe: for its
 * event loop.
 *
 * <p>To close at once while unread bytes wait makes the kernel send a reset, at which the peer's
 * kernel may drop the answer before it is read (RFC 9112 §9.6).
 */
final class PoliteClose extends ChannelInboundHandlerAdapter {
  private static final long LIMIT_MILLIS = 2_000;
  private static final long MAX_DRAINED_BYTES = 256 * 1024;

  private final SocketChannel channel;
  private final @Nullable SslHandler ssl;
  private long drained;
  private boolean inputEnded;
  private boolean outputEnded;

  private PoliteClose(SocketChannel channel, @Nullable SslHandler ssl) {
    this.channel = channel;
    this.ssl = ssl;
  }

  /**
   * Begins when the last write has ended. The pipeline delivers to nothing else from here on.
   *
   * @param lastWrite of the answer, already flushed
   */
  static void after(ChannelFuture lastWrite, SocketChannel channel, @Nullable SslHandler ssl) {
    PoliteClose close = new PoliteClose(channel, ssl);
    channel.pipeline().addLast(close);
    ScheduledFuture<?> limit =
        channel
            .eventLoop()
            .schedule(() -> ChannelCut.now(channel), LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> limit.cancel(false));
    channel.config().setAutoRead(true);
    lastWrite.addListener(close.answerWritten());
  }

  private ChannelFutureListener answerWritten() {
    return written -> {
      if (!written.isSuccess()) {
        ChannelCut.now(channel);
      } else if (ssl == null) {
        endOutput();
      } else {
        ssl.closeOutbound().addListener(closed -> endOutput());
      }
    };
  }

  private void endOutput() {
    channel.shutdownOutput();
    outputEnded = true;
    endIfBothHave();
  }

  private void endIfBothHave() {
    if (inputEnded && outputEnded) {
      ChannelCut.now(channel);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (message instanceof ByteBuf bytes) {
      drained += bytes.readableBytes();
    }
    ReferenceCountUtil.release(message);
    if (drained > MAX_DRAINED_BYTES) {
      ChannelCut.now(channel);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      inputEnded = true;
      endIfBothHave();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    ChannelCut.now(channel);
  }
}
