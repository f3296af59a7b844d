package dev.weir.netty;

import dev.weir.protocol.handshake.Agreement;
import dev.weir.protocol.handshake.ClientHandshake;
import dev.weir.protocol.handshake.HandshakeRequest;
import dev.weir.websocket.opening.HandshakeResponse;
import dev.weir.websocket.opening.OpeningFailure;
import dev.weir.websocket.opening.OpeningFailure.Stage;
import dev.weir.websocket.spi.ClientOpening;
import dev.weir.websocket.spi.ClientTransport;
import dev.weir.websocket.spi.EventLoop;
import dev.weir.websocket.spi.OpeningEvents;
import dev.weir.websocket.url.WebSocketUrl;
import io.netty.channel.Channel;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One opening of a client from the name to the open channel: resolve, wait for the turn, connect,
 * encrypt, shake hands, each with its time. {@link #cancel} is thread-safe, all else is for the
 * event loop.
 */
final class OpeningRun implements ClientTransport.Opening {
  private final ClientParts parts;
  private final NettyEventLoop loop;
  private final ClientOpening request;
  private final OpeningEvents events;
  private final Listener listener;
  private final WebSocketUrl url;

  // The stage that goes on, and what of it must be ended with it.
  private Stage stage = Stage.NAME_RESOLUTION;
  private long connectDeadline;
  private EventLoop.@Nullable Timer timer;
  private AddressTurns.@Nullable Turn turn;
  private @Nullable HappyEyeballs connecting;
  private @Nullable Channel channel;
  private boolean ended;

  /** The transport that an opening belongs to. */
  interface Listener {
    /** The run is over: with a connection, or with nothing left of it. */
    void runEnded(OpeningRun run, @Nullable Channel opened);
  }

  OpeningRun(
      ClientParts parts,
      NettyEventLoop loop,
      ClientOpening request,
      OpeningEvents events,
      Listener listener) {
    this.parts = parts;
    this.loop = loop;
    this.request = request;
    this.events = events;
    this.listener = listener;
    this.url = request.url();
  }

  void begin() {
    loop.execute(this::resolve);
  }

  @Override
  public void cancel(Throwable cause) {
    loop.execute(() -> end(cause));
  }

  /** Ends the run since its transport is closed. */
  void cut() {
    loop.execute(() -> fail(false, "the client was closed", null, null));
  }

  // Name resolution.

  private void resolve() {
    if (ended) {
      return;
    }
    stage = Stage.NAME_RESOLUTION;
    Duration limit = parts.options().connectTimeout();
    connectDeadline = loop.nanoTime() + limit.toNanos();
    String host = TlsContexts.peerName(url.host());
    arm(limit.toNanos(), host + " was not resolved within " + DurationText.of(limit));
    parts
        .resolver()
        .resolve(host)
        .whenComplete(
            (addresses, failure) ->
                loop.execute(
                    () -> {
                      if (failure == null) {
                        resolved(addresses);
                      } else {
                        unresolved(host, failure);
                      }
                    }));
  }

  private void unresolved(String host, Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    fail(false, host + " could not be resolved", cause, null);
  }

  private void resolved(List<InetAddress> addresses) {
    if (ended) {
      return;
    }
    disarm();
    stage = Stage.CONNECT;
    // Waiting for the turn takes nothing from the time to connect.
    long timeLeft = Math.max(0, connectDeadline - loop.nanoTime());
    List<InetSocketAddress> targets =
        HappyEyeballs.interleave(addresses).stream()
            .map(address -> new InetSocketAddress(address, url.port()))
            .toList();
    if (parts.options().oneOpeningPerAddress()) {
      turn = parts.turns().ask(targets, () -> loop.execute(() -> connect(targets, timeLeft)));
    } else {
      connect(targets, timeLeft);
    }
  }

  // TCP.

  private void connect(List<InetSocketAddress> targets, long timeLeft) {
    if (ended) {
      return;
    }
    arm(
        timeLeft,
        "no TCP connection to "
            + url.hostHeader()
            + " within "
            + DurationText.of(parts.options().connectTimeout()));
    HappyEyeballs.Outcome outcome =
        new HappyEyeballs.Outcome() {
          @Override
          public void connected(Channel connected, InetSocketAddress address) {
            connecting = null;
            OpeningRun.this.connected(connected, address);
          }

          @Override
          public void failed(List<Throwable> causes) {
            connecting = null;
            unconnected(targets, causes);
          }
        };
    connecting =
        new HappyEyeballs(
            parts.bootstrap(loop.netty(), url.isSecure()),
            loop,
            targets,
            parts.attemptDelay(),
            outcome);
    connecting.start();
  }

  private void unconnected(List<InetSocketAddress> targets, List<Throwable> causes) {
    Throwable first = causes.get(0);
    causes.stream().skip(1).forEach(first::addSuppressed);
    String tried = targets.size() == 1 ? "" : " at any of its " + targets.size() + " addresses";
    fail(false, "no TCP connection to " + url.hostHeader() + tried, first, null);
  }

  private void connected(Channel connected, InetSocketAddress address) {
    channel = connected;
    if (turn != null) {
      turn.keepOnly(address);
    }
    SslHandler ssl = null;
    if (url.isSecure()) {
      String peer = TlsContexts.peerName(url.host());
      ssl = new SslHandler(parts.tls().clientEngine(peer, url.port()));
      ssl.setHandshakeTimeoutMillis(0);
      connected.pipeline().addLast(ssl);
      stage = Stage.TLS;
      Duration limit = parts.options().tlsTimeout();
      arm(
          limit.toNanos(),
          "no end of the TLS handshake with "
              + url.hostHeader()
              + " within "
              + DurationText.of(limit));
    } else {
      beginHandshake();
    }
    ClientHandshakeHandler.install(this, (SocketChannel) connected, ssl, newHandshake());
  }

  private ClientHandshake newHandshake() {
    byte[] nonce = new byte[16];
    parts.random().nextBytes(nonce);
    return ClientHandshake.builder(nonce, url.hostHeader(), url.requestTarget())
        .protocols(request.protocols())
        .extensions(request.extensions())
        .headers(request.headers())
        .build();
  }

  // The rest is told by the handshake's handler.

  ClientParts parts() {
    return parts;
  }

  NettyEventLoop loop() {
    return loop;
  }

  /** The request goes out now. */
  void beginHandshake() {
    stage = Stage.HANDSHAKE;
    Duration limit = parts.options().handshakeTimeout();
    arm(limit.toNanos(), "no answer to the opening handshake within " + DurationText.of(limit));
  }

  void requestSent(HandshakeRequest sent) {
    if (!ended) {
      events.requestSent(sent);
    }
  }

  void opened(NettyChannel open, Agreement agreement, HandshakeResponse response) {
    if (ended) {
      return;
    }
    ended = true;
    disarm();
    releaseTurn();
    Channel established = channel;
    channel = null;
    listener.runEnded(this, established);
    events.opened(open, agreement, response);
  }

  /** The server answered with another status than 101. */
  void refused(HandshakeResponse response) {
    stage = Stage.REFUSED;
    fail(
        false,
        "the server answered the opening handshake with status "
            + response.status()
            + (response.statusText().isEmpty() ? "" : " " + response.statusText()),
        null,
        response);
  }

  /** Whether the run is over, so that nothing of the channel matters any more. */
  boolean isEnded() {
    return ended;
  }

  void fail(
      boolean timeout,
      String message,
      @Nullable Throwable cause,
      @Nullable HandshakeResponse response) {
    end(new OpeningFailure(stage, timeout, message, cause, response));
  }

  private void end(Throwable cause) {
    if (ended) {
      return;
    }
    ended = true;
    Channel closing = channel;
    releaseAll();
    if (closing == null) {
      tellFailed(cause);
    } else {
      closing.closeFuture().addListener(future -> loop.execute(() -> tellFailed(cause)));
    }
  }

  private void tellFailed(Throwable cause) {
    listener.runEnded(this, null);
    events.failed(cause);
  }

  private void releaseAll() {
    disarm();
    if (connecting != null) {
      connecting.cancel();
      connecting = null;
    }
    if (channel != null) {
      ChannelCut.now(channel);
      channel = null;
    }
    releaseTurn();
  }

  private void releaseTurn() {
    if (turn != null) {
      turn.release();
      turn = null;
    }
  }

  private void arm(long nanos, String message) {
    disarm();
    timer = loop.schedule(() -> timeOver(message), nanos);
  }

  private void timeOver(String message) {
    Channel current = channel;
    ClientHandshakeHandler handler =
        current == null ? null : current.pipeline().get(ClientHandshakeHandler.class);
    if (handler == null || !handler.endRefusal()) {
      fail(true, message, null, null);
    }
  }

  private void disarm() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
