package dev.weir.netty;

import dev.weir.protocol.handshake.HandshakeException;
import dev.weir.protocol.handshake.Headers;
import dev.weir.protocol.handshake.Refusal;
import dev.weir.protocol.handshake.ServerHandshake;
import dev.weir.protocol.handshake.Upgrade;
import dev.weir.websocket.spi.EventLoop;
import dev.weir.websocket.spi.ServerTransportOptions;
import dev.weir.websocket.spi.UpgradeHandler;
import dev.weir.websocket.spi.WebSocketChannel;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server's connection from accept to the answer of its opening handshake: reads one request, has
 * it decided on and writes the answer. Not thread-safe: for its event loop.
 */
final class ServerConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOGGER = System.getLogger(ServerConnection.class.getName());
  private static final int MAX_CHUNK_BYTES = 8 * 1024;

  private enum Phase {
    /** TLS and the request. */
    READING,
    /** The request is whole and waits for the handler's answer. */
    DECIDING,
    ANSWERED
  }

  private final SocketChannel channel;
  private final NettyEventLoop loop;
  private final @Nullable SslHandler ssl;
  private final ServerTransportOptions options;
  private final UpgradeHandler handler;
  private final @Nullable Refusal refusalAtOnce;

  private Phase phase = Phase.READING;
  private boolean tlsDone;
  private boolean headRequest;
  private EventLoop.@Nullable Timer timer;
  private @Nullable Upgrade upgrade;
  private @Nullable NettyChannel open;

  private ServerConnection(
      SocketChannel channel,
      @Nullable SslHandler ssl,
      ServerTransportOptions options,
      UpgradeHandler handler,
      @Nullable Refusal refusalAtOnce) {
    this.channel = channel;
    this.loop = new NettyEventLoop(channel.eventLoop());
    this.ssl = ssl;
    this.options = options;
    this.handler = handler;
    this.refusalAtOnce = refusalAtOnce;
  }

  /**
   * Takes over a channel that has just been accepted.
   *
   * @param tls or null to serve without
   * @param refusalAtOnce what to answer without reading the request, or null
   */
  static void install(
      SocketChannel channel,
      @Nullable TlsContexts tls,
      ServerTransportOptions options,
      UpgradeHandler handler,
      @Nullable Refusal refusalAtOnce) {
    SslHandler ssl = null;
    if (tls != null) {
      ssl = new SslHandler(tls.serverEngine());
      ssl.setHandshakeTimeoutMillis(0);
      channel.pipeline().addLast(ssl);
    }
    HttpDecoderConfig config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(options.maxRequestLineBytes())
            .setMaxHeaderSize(options.maxRequestHeaderBytes())
            .setMaxChunkSize(MAX_CHUNK_BYTES);
    channel
        .pipeline()
        .addLast(new HttpRequestDecoder(config))
        .addLast(new HttpResponseEncoder())
        .addLast(new ServerConnection(channel, ssl, options, handler, refusalAtOnce));
  }

  NettyEventLoop loop() {
    return loop;
  }

  SocketChannel channel() {
    return channel;
  }

  @Nullable SslHandler ssl() {
    return ssl;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    timer = loop.schedule(this::timeOver, options.handshakeTimeout().toNanos());
    if (ssl == null) {
      secured();
    }
  }

  private void secured() {
    tlsDone = true;
    if (refusalAtOnce != null) {
      refuse(refusalAtOnce);
    }
  }

  private void timeOver() {
    switch (phase) {
      case READING -> {
        if (tlsDone) {
          refuse(Refusal.requestTimeout());
        } else {
          ChannelCut.now(channel);
        }
      }
      case DECIDING -> refuse(Refusal.unavailable());
      case ANSWERED -> {}
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (open != null && phase != Phase.READING) {
      // What came behind the request waits in the channel for its start.
      context.fireChannelRead(message);
      return;
    }
    try {
      if (message instanceof HttpRequest request && phase == Phase.READING) {
        requestCame(request);
      }
      if (message instanceof LastHttpContent && phase == Phase.READING && upgrade != null) {
        requestEnded(context, upgrade);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void requestCame(HttpRequest request) {
    headRequest = request.method().equals(HttpMethod.HEAD);
    if (!request.decoderResult().isSuccess()) {
      refuse(unreadable(request.decoderResult().cause()));
      return;
    }
    ServerHandshake verdict;
    try {
      verdict =
          ServerHandshake.read(
              request.method().name(),
              request.protocolVersion().text(),
              request.uri(),
              Headers.received(request.headers()));
    } catch (HandshakeException e) {
      verdict = Refusal.badRequest("A header field is malformed.");
    }
    switch (verdict) {
      // At once: a body that comes with it is not waited for.
      case Refusal refusal -> refuse(refusal);
      case Upgrade asked -> upgrade = asked;
    }
  }

  private static Refusal unreadable(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return Refusal.targetTooLong();
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return Refusal.headersTooLarge();
    }
    return Refusal.badRequest("The request is no valid HTTP.");
  }

  private void requestEnded(ChannelHandlerContext context, Upgrade asked) {
    phase = Phase.DECIDING;
    NettyChannel held =
        new NettyChannel(channel, loop, ssl, options.sendLowMark(), options.sendHighMark());
    open = held;
    held.install();
    // The decoder hands on what came behind the request, and no more is read as HTTP.
    context.pipeline().remove(HttpRequestDecoder.class);
    ServerExchange exchange = new ServerExchange(this, asked);
    try {
      handler.upgrade(exchange);
    } catch (RuntimeException e) {
      LOGGER.log(Level.WARNING, "The upgrade handler failed", e);
      if (exchange.expire()) {
        refuse(Refusal.internalError());
      }
    }
  }

  /** Writes the 101 and hands over the channel, unless the time is over or the client has gone. */
  void accept(Headers response, Consumer<WebSocketChannel> opened) {
    NettyChannel accepted = open;
    if (phase != Phase.DECIDING || accepted == null || !channel.isActive()) {
      return;
    }
    answered();
    HttpResponse message =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS, Unpooled.EMPTY_BUFFER);
    response.forEach(field -> message.headers().add(field.name(), field.value()));
    // Flushed at once: the client may wait for it while the handler takes its time.
    channel.writeAndFlush(message);
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.remove(HttpResponseEncoder.class);
    pipeline.remove(this);
    try {
      opened.accept(accepted);
    } catch (RuntimeException e) {
      LOGGER.log(Level.WARNING, "The owner of a new connection failed", e);
      accepted.closeTransport();
    }
  }

  /** Writes the refusal and closes after it, unless there has been an answer. */
  void refuse(Refusal refusal) {
    if (phase == Phase.ANSWERED) {
      return;
    }
    answered();
    Refusal answer = headRequest ? refusal.withoutBody() : refusal;
    DefaultFullHttpResponse message =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            Unpooled.wrappedBuffer(answer.bodyBytes()),
            DefaultHttpHeadersFactory.headersFactory(),
            DefaultHttpHeadersFactory.trailersFactory());
    answer.responseHeaders().forEach(field -> message.headers().add(field.name(), field.value()));
    ChannelFuture written = channel.writeAndFlush(message);
    ChannelPipeline pipeline = channel.pipeline();
    NettyChannel held = open;
    if (held != null) {
      held.discard();
      pipeline.remove(held);
      pipeline.remove(EndWatch.class);
    }
    // From here on nothing is parsed; PoliteClose drops what the client still sends.
    if (pipeline.get(HttpRequestDecoder.class) != null) {
      pipeline.remove(HttpRequestDecoder.class);
    }
    PoliteClose.after(written, channel, ssl);
    pipeline.remove(this);
  }

  private void answered() {
    phase = Phase.ANSWERED;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent tls && phase == Phase.READING) {
      if (tls.isSuccess()) {
        secured();
      } else {
        // The TLS alert is on its way already.
        channel.close();
      }
    } else if (phase == Phase.READING) {
      if (NettyChannel.endsInput(event)) {
        // No request will come any more.
        ChannelCut.now(channel);
      }
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    answered();
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    ChannelCut.now(channel);
  }
}
