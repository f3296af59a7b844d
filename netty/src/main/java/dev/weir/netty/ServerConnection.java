package dev.weir.netty;

import dev.weir.protocol.handshake.HandshakeException;
import dev.weir.protocol.handshake.Headers;
import dev.weir.protocol.handshake.PlainRequest;
import dev.weir.protocol.handshake.Refusal;
import dev.weir.protocol.handshake.ServerHandshake;
import dev.weir.protocol.handshake.Upgrade;
import dev.weir.websocket.spi.EventLoop;
import dev.weir.websocket.spi.PlainRequestHandler;
import dev.weir.websocket.spi.ServerTransportOptions;
import dev.weir.websocket.spi.UpgradeHandler;
import dev.weir.websocket.spi.WebSocketChannel;
import io.netty.buffer.ByteBuf;
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
import io.netty.handler.codec.http.HttpObject;
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
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
    /** The answer to a request that asks for no WebSocket is on its way; more may follow it. */
    SENDING,
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
  private EventLoop.@Nullable Timer timer;

  // The request under way: one of the two once it is read.
  private boolean headRequest;
  private @Nullable Upgrade upgrade;
  private @Nullable PlainRequest plain;

  private @Nullable NettyChannel open;
  // What came behind a plain request, while that is answered.
  private final List<ByteBuf> held = new ArrayList<>(0);
  private boolean reused;

  private ServerConnection(
      SocketChannel channel,
      @Nullable SslHandler ssl,
      ServerTransportOptions options,
      UpgradeHandler handler,
      @Nullable Refusal refusalAtOnce) {
    this.channel = channel;
    this.loop = NettyEventLoop.ofThread(channel.eventLoop());
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
    channel
        .pipeline()
        .addLast(newDecoder(options))
        .addLast(new HttpResponseEncoder())
        .addLast(new ServerConnection(channel, ssl, options, handler, refusalAtOnce));
  }

  private static HttpRequestDecoder newDecoder(ServerTransportOptions options) {
    return new HttpRequestDecoder(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(options.maxRequestLineBytes())
            .setMaxHeaderSize(options.maxRequestHeaderBytes())
            .setMaxChunkSize(MAX_CHUNK_BYTES));
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
    arm(options.handshakeTimeout());
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

  private void arm(Duration limit) {
    disarm();
    timer = loop.schedule(this::timeOver, limit.toNanos());
  }

  private void disarm() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void timeOver() {
    switch (phase) {
      case READING -> {
        if (reused) {
          // Nothing was asked that an answer would be for.
          end(channel.writeAndFlush(Unpooled.EMPTY_BUFFER));
        } else if (tlsDone) {
          refuse(Refusal.requestTimeout());
        } else {
          ChannelCut.now(channel);
        }
      }
      case DECIDING -> refuse(Refusal.unavailable());
      case SENDING -> ChannelCut.now(channel);
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
    if (message instanceof ByteBuf behind && (phase == Phase.DECIDING || phase == Phase.SENDING)) {
      held.add(behind);
      return;
    }
    try {
      if (message instanceof HttpRequest request && phase == Phase.READING) {
        requestCame(request);
      }
      if (message instanceof LastHttpContent && phase == Phase.READING && upgrade != null) {
        requestEnded(context, upgrade);
      } else if (message instanceof LastHttpContent && phase == Phase.READING && plain != null) {
        requestEnded(context, plain);
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
    Headers headers;
    try {
      headers = Headers.received(request.headers());
    } catch (HandshakeException e) {
      refuse(Refusal.badRequest("A header field is malformed."));
      return;
    }
    String method = request.method().name();
    String version = request.protocolVersion().text();
    if (handler.plainRequests() != null) {
      plain = PlainRequest.read(method, version, request.uri(), headers).orElse(null);
      if (plain != null) {
        if (plain.hasBody()) {
          refuse(Refusal.badRequest("The request must have no body."));
        }
        return;
      }
    }
    switch (ServerHandshake.read(method, version, request.uri(), headers)) {
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
    NettyChannel asking =
        new NettyChannel(channel, loop, ssl, options.sendLowMark(), options.sendHighMark());
    open = asking;
    asking.install();
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

  private void requestEnded(ChannelHandlerContext context, PlainRequest asked) {
    phase = Phase.DECIDING;
    // What comes behind it is neither read nor decoded before the answer has gone out.
    channel.config().setAutoRead(false);
    context.pipeline().remove(HttpRequestDecoder.class);
    PlainRequestHandler answering = handler.plainRequests();
    if (answering == null) {
      throw new IllegalStateException("expected a handler of plain requests but there is none");
    }
    PlainExchange.start(this, answering, asked, options.handshakeTimeout());
  }

  /**
   * Writes the next part of a plain answer, which the client has to take within this limit.
   *
   * @param written told when it has, or when there is no one any more to take it
   */
  void writePlain(HttpObject part, Duration limit, CompletableFuture<Void> written) {
    if (phase != Phase.DECIDING && phase != Phase.SENDING) {
      ReferenceCountUtil.release(part);
      written.completeExceptionally(new ClosedChannelException());
      return;
    }
    phase = Phase.SENDING;
    arm(limit);
    channel
        .writeAndFlush(part)
        .addListener(
            done -> {
              if (done.isSuccess()) {
                written.complete(null);
              } else {
                written.completeExceptionally(done.cause());
              }
            });
  }

  /** A plain answer could not be made, or not whole: says so where nothing of it is written. */
  void plainFailed() {
    if (phase == Phase.DECIDING) {
      refuse(Refusal.internalError());
    } else if (phase == Phase.SENDING) {
      ChannelCut.now(channel);
    }
  }

  /** A plain answer has been written whole: the next request, or the end. */
  void plainEnded(boolean closes) {
    if (phase != Phase.SENDING || !channel.isActive()) {
      return;
    }
    if (closes) {
      end(channel.writeAndFlush(Unpooled.EMPTY_BUFFER));
      return;
    }
    phase = Phase.READING;
    plain = null;
    reused = true;
    arm(options.handshakeTimeout());
    ChannelPipeline pipeline = channel.pipeline();
    HttpRequestDecoder decoder = newDecoder(options);
    pipeline.addBefore(pipeline.context(HttpResponseEncoder.class).name(), null, decoder);
    ChannelHandlerContext context = pipeline.context(decoder);
    if (!held.isEmpty()) {
      ByteBuf behind = Unpooled.wrappedBuffer(held.toArray(ByteBuf[]::new));
      held.clear();
      try {
        // What comes behind the next request is held again.
        decoder.channelRead(context, behind);
      } catch (Exception e) {
        ChannelCut.now(channel);
        return;
      }
    }
    if (phase == Phase.READING) {
      channel.config().setAutoRead(true);
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
    NettyChannel opening = open;
    if (opening != null) {
      opening.discard();
      pipeline.remove(opening);
      if (ssl != null) {
        pipeline.remove(EndWatch.class);
      }
    }
    end(written);
  }

  /** Ends the connection politely after this write. */
  private void end(ChannelFuture lastWrite) {
    answered();
    ChannelPipeline pipeline = channel.pipeline();
    // From here on nothing is parsed; PoliteClose drops what the client still sends.
    if (pipeline.get(HttpRequestDecoder.class) != null) {
      pipeline.remove(HttpRequestDecoder.class);
    }
    PoliteClose.after(lastWrite, channel, ssl);
    pipeline.remove(this);
  }

  private void answered() {
    phase = Phase.ANSWERED;
    disarm();
    held.forEach(ByteBuf::release);
    held.clear();
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
