package dev.weir.benchmarks.peers.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Netty's own codec. */
final class NettyClient implements DrivenClient {
  private static final int MOST_BYTES = 2 << 20;
  private static final int BATCH = 64;

  private final boolean epoll = Epoll.isAvailable();
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(
          1, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  private Channel channel;

  @Override
  public void open(URI uri, Task task) throws Exception {
    var opened = new CompletableFuture<Void>();
    WebSocketClientProtocolConfig config =
        WebSocketClientProtocolConfig.newBuilder()
            .webSocketUri(uri)
            .maxFramePayloadLength(MOST_BYTES)
            .build();
    channel =
        new Bootstrap()
            .group(group)
            .channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel made) {
                    made.pipeline()
                        .addLast(
                            new HttpClientCodec(),
                            new HttpObjectAggregator(8192),
                            new WebSocketClientProtocolHandler(config),
                            new Handler(task, opened));
                  }
                })
            .connect(uri.getHost(), uri.getPort())
            .sync()
            .channel();
    opened.get(30, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    channel.close();
  }

  private static final class Handler extends SimpleChannelInboundHandler<WebSocketFrame> {
    private final Task task;
    private final CompletableFuture<Void> opened;
    private final ByteBuf payload;

    Handler(Task task, CompletableFuture<Void> opened) {
      this.task = task;
      this.opened = opened;
      this.payload = Unpooled.unreleasableBuffer(Unpooled.copiedBuffer(task.bytes())).asReadOnly();
    }

    private WebSocketFrame frame() {
      return task.text()
          ? new TextWebSocketFrame(payload.duplicate())
          : new BinaryWebSocketFrame(payload.duplicate());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
        if (task.isRoundTrip()) {
          context.writeAndFlush(frame());
        } else if (task.isSend()) {
          fill(context);
        }
        opened.complete(null);
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
      if (task.text()) {
        ((TextWebSocketFrame) frame).text();
      }
      task.pause();
      if (task.isRoundTrip()) {
        context.writeAndFlush(frame(), context.voidPromise());
      }
    }

    private void fill(ChannelHandlerContext context) {
      for (int i = 0; i < BATCH && context.channel().isWritable(); i++) {
        context.write(frame(), context.voidPromise());
      }
      context.flush();
      if (context.channel().isActive() && context.channel().isWritable()) {
        context.executor().execute(() -> fill(context));
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (task.isSend() && context.channel().isWritable()) {
        context.executor().execute(() -> fill(context));
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      opened.completeExceptionally(cause);
      context.close();
    }
  }
}
