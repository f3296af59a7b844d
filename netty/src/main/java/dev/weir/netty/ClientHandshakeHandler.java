package dev.weir.netty;

import dev.weir.protocol.handshake.Agreement;
import dev.weir.protocol.handshake.ClientHandshake;
import dev.weir.protocol.handshake.HandshakeException;
import dev.weir.protocol.handshake.HandshakeRequest;
import dev.weir.protocol.handshake.Headers;
import dev.weir.websocket.opening.HandshakeResponse;
import dev.weir.websocket.spi.ClientTransportOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection during TLS and the opening handshake: sends the request and makes of the
 * answer an open channel, a refusal or a failure. Not thread-safe: for its event loop.
 */
final class ClientHandshakeHandler extends ChannelInboundHandlerAdapter {
  private static final int MAX_INTERIM_RESPONSES = 8;
  private static final int MAX_HEADER_FIELDS = 256;
  private static final int MAX_CHUNK_BYTES = 8 * 1024;

  private enum Phase {
    TLS,
    RESPONSE,
    INTERIM_END,
    SWITCHING,
    REFUSAL_BODY,
    OVER
  }

  private final OpeningRun run;
  private final ClientTransportOptions options;
  private final SocketChannel channel;
  private final @Nullable SslHandler ssl;
  private final ClientHandshake handshake;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private Phase phase;
  private int interimResponses;
  private @Nullable HandshakeResponse response;
  private @Nullable Agreement agreement;

  private ClientHandshakeHandler(
      OpeningRun run, SocketChannel channel, @Nullable SslHandler ssl, ClientHandshake handshake) {
    this.run = run;
    this.options = run.parts().options();
    this.channel = channel;
    this.ssl = ssl;
    this.handshake = handshake;
    this.phase = ssl == null ? Phase.RESPONSE : Phase.TLS;
  }

  /** Takes over a connected channel, in whose pipeline is nothing but TLS. */
  static void install(
      OpeningRun run, SocketChannel channel, @Nullable SslHandler ssl, ClientHandshake handshake) {
    int maxHeaderBytes = run.parts().options().maxResponseHeaderBytes();
    HttpDecoderConfig config =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(maxHeaderBytes)
            .setMaxHeaderSize(maxHeaderBytes)
            .setMaxChunkSize(MAX_CHUNK_BYTES);
    channel
        .pipeline()
        .addLast(new HttpRequestEncoder())
        .addLast(new HttpResponseDecoder(config))
        .addLast(new ClientHandshakeHandler(run, channel, ssl, handshake));
    channel.config().setAutoRead(true);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (phase == Phase.RESPONSE) {
      sendRequest(context);
    }
  }

  private void sendRequest(ChannelHandlerContext context) {
    HandshakeRequest request = handshake.request();
    HttpRequest message =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.valueOf(request.method()),
            request.target(),
            Unpooled.EMPTY_BUFFER,
            // The handshake has checked them already.
            DefaultHttpHeadersFactory.headersFactory().withValidation(false),
            DefaultHttpHeadersFactory.trailersFactory());
    request.headers().forEach(field -> message.headers().add(field.name(), field.value()));
    context
        .writeAndFlush(message)
        .addListener(
            future -> {
              // A server that has answered before it read the request may have closed its input.
              if (!future.isSuccess() && phase == Phase.RESPONSE && !channel.isActive()) {
                broken(future.cause());
              }
            });
    run.requestSent(request);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof HttpResponse head && phase == Phase.RESPONSE) {
        responseBegins(head);
      }
      if (message instanceof HttpContent content) {
        contentCame(context, content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void responseBegins(HttpResponse head) {
    if (!head.decoderResult().isSuccess()) {
      unreadable(head.decoderResult().cause());
      return;
    }
    Headers headers;
    try {
      headers = Headers.received(head.headers());
    } catch (HandshakeException e) {
      fail("the answer to the opening handshake is no valid HTTP", e, null);
      return;
    }
    int status = head.status().code();
    HandshakeResponse answer =
        new HandshakeResponse(
            status, head.status().reasonPhrase(), headers, new byte[0], status == 101);
    if (headers.size() > MAX_HEADER_FIELDS) {
      fail(
          "expected at most "
              + MAX_HEADER_FIELDS
              + " header fields in the answer to the opening handshake but was "
              + headers.size(),
          null,
          null);
    } else if (status == 101) {
      switching(head, answer);
    } else if (status < 200) {
      interim();
    } else {
      response = answer;
      phase = Phase.REFUSAL_BODY;
    }
  }

  private void interim() {
    interimResponses++;
    if (interimResponses > MAX_INTERIM_RESPONSES) {
      fail(
          "expected at most "
              + MAX_INTERIM_RESPONSES
              + " interim answers to the opening handshake but was one more",
          null,
          null);
    } else {
      phase = Phase.INTERIM_END;
    }
  }

  private void switching(HttpResponse head, HandshakeResponse answer) {
    if (!head.protocolVersion().equals(HttpVersion.HTTP_1_1)) {
      fail(
          "expected HTTP/1.1 in the answer to the opening handshake but was "
              + head.protocolVersion(),
          null,
          answer);
      return;
    }
    try {
      agreement = handshake.validate(101, answer.headers());
    } catch (HandshakeException e) {
      fail("the answer to the opening handshake is invalid: " + e.getMessage(), e, answer);
      return;
    }
    response = answer;
    phase = Phase.SWITCHING;
  }

  private void contentCame(ChannelHandlerContext context, HttpContent content) {
    boolean last = content instanceof LastHttpContent;
    switch (phase) {
      case INTERIM_END -> {
        if (last) {
          phase = Phase.RESPONSE;
        }
      }
      case SWITCHING -> {
        if (last) {
          switchProtocols(context);
        }
      }
      case REFUSAL_BODY -> {
        boolean whole = keep(content.content());
        boolean sound = content.decoderResult().isSuccess();
        if (last || !whole || !sound) {
          endRefusal(last && whole && sound);
        }
      }
      case TLS, RESPONSE, OVER -> {}
    }
  }

  /** Keeps what is within the limit; whether that was all. */
  private boolean keep(ByteBuf content) {
    int room = options.maxRefusalBodyBytes() - body.size();
    int kept = Math.min(room, content.readableBytes());
    byte[] bytes = new byte[kept];
    content.readBytes(bytes);
    body.writeBytes(bytes);
    return !content.isReadable();
  }

  private void switchProtocols(ChannelHandlerContext context) {
    if (agreement == null || response == null) {
      throw new IllegalStateException("expected a validated answer but was none");
    }
    phase = Phase.OVER;
    NettyChannel open =
        new NettyChannel(channel, run.loop(), ssl, options.sendLowMark(), options.sendHighMark());
    open.install();
    ChannelPipeline pipeline = context.pipeline();
    pipeline.remove(this);
    pipeline.remove(HttpRequestEncoder.class);
    // The decoder hands on what came behind the answer.
    pipeline.remove(HttpResponseDecoder.class);
    run.opened(open, agreement, response);
  }

  /** Ends the wait for a refusal's body; false if there is no refusal. */
  boolean endRefusal() {
    if (phase != Phase.REFUSAL_BODY) {
      return false;
    }
    endRefusal(false);
    return true;
  }

  private void endRefusal(boolean complete) {
    HandshakeResponse head = response;
    if (head == null) {
      throw new IllegalStateException("expected an answer but was none");
    }
    phase = Phase.OVER;
    run.refused(
        new HandshakeResponse(
            head.status(), head.statusText(), head.headers(), body.toByteArray(), complete));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent tls) {
      if (tls.isSuccess()) {
        phase = Phase.RESPONSE;
        run.beginHandshake();
        sendRequest(context);
      } else {
        tlsFailed(tls.cause());
      }
    } else if (event == ChannelInputShutdownEvent.INSTANCE
        || event instanceof SslCloseCompletionEvent) {
      broken(null);
    }
    if (phase != Phase.OVER) {
      context.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    broken(null);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    Throwable real =
        cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
    if (phase == Phase.TLS) {
      tlsFailed(real);
    } else {
      broken(real);
    }
  }

  /** The connection ended before the answer did. */
  private void broken(@Nullable Throwable cause) {
    switch (phase) {
      case TLS -> tlsFailed(cause);
      case REFUSAL_BODY -> endRefusal(false);
      case RESPONSE, INTERIM_END, SWITCHING ->
          fail("the connection ended before the answer to the opening handshake", cause, null);
      case OVER -> {}
    }
  }

  private void tlsFailed(@Nullable Throwable cause) {
    String reason = cause == null ? "the connection ended" : String.valueOf(cause.getMessage());
    fail("the TLS handshake failed: " + reason, cause, null);
  }

  private void unreadable(Throwable cause) {
    if (cause instanceof TooLongFrameException) {
      fail(
          "expected at most "
              + options.maxResponseHeaderBytes()
              + " bytes of status line and header fields in the answer to the opening handshake"
              + " but was more",
          cause,
          null);
    } else {
      fail("the answer to the opening handshake is no valid HTTP", cause, null);
    }
  }

  private void fail(String message, @Nullable Throwable cause, @Nullable HandshakeResponse answer) {
    phase = Phase.OVER;
    run.fail(false, message, cause, answer);
  }
}
