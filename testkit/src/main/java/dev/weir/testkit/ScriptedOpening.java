package dev.weir.testkit;

import dev.weir.protocol.handshake.Agreement;
import dev.weir.protocol.handshake.ClientHandshake;
import dev.weir.protocol.handshake.Extension;
import dev.weir.protocol.handshake.HandshakeException;
import dev.weir.protocol.handshake.HandshakeRequest;
import dev.weir.protocol.handshake.Headers;
import dev.weir.protocol.handshake.Refusal;
import dev.weir.protocol.handshake.ServerHandshake;
import dev.weir.protocol.handshake.Upgrade;
import dev.weir.websocket.opening.HandshakeResponse;
import dev.weir.websocket.opening.OpeningFailure;
import dev.weir.websocket.opening.OpeningFailure.Stage;
import dev.weir.websocket.spi.ClientOpening;
import dev.weir.websocket.spi.ClientTransport;
import dev.weir.websocket.spi.ClientTransportOptions;
import dev.weir.websocket.spi.EventLoop.Timer;
import dev.weir.websocket.spi.OpeningEvents;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * A client's opening handshake that waits for the test to answer it. Thread-safe only as {@link
 * ClientTransport.Opening}; all else is for the thread that drives the loop.
 *
 * <p>An opening that is neither answered nor dropped fails when the client's own timeout for its
 * stage is over, which is that of the HTTP answer unless {@link #hang} says otherwise.
 */
public final class ScriptedOpening implements Asking {
  private static final String GIVEN_UP = "expected an opening that waits for an answer but ";

  private final InMemoryClientTransport transport;
  private final ManualEventLoop loop;
  private final ClientTransportOptions options;
  private final ClientOpening opening;
  private final ClientHandshake handshake;
  private final OpeningEvents events;

  private @Nullable Timer timer;
  private boolean answered;
  private boolean told;
  private @Nullable Throwable cancellation;
  private @Nullable Link link;

  ScriptedOpening(
      InMemoryClientTransport transport,
      ManualEventLoop loop,
      ClientTransportOptions options,
      ClientOpening opening,
      ClientHandshake handshake,
      OpeningEvents events) {
    this.transport = transport;
    this.loop = loop;
    this.options = options;
    this.opening = opening;
    this.handshake = handshake;
    this.events = events;
  }

  /** What the client asked its transport for. */
  public ClientOpening opening() {
    return opening;
  }

  /** The HTTP request as it would be on the wire. */
  @Override
  public HandshakeRequest request() {
    return handshake.request();
  }

  /** With what the client has dropped this opening, or null if it has not. */
  public @Nullable Throwable cancellation() {
    return cancellation;
  }

  /** Whether this opening has been answered, dropped, or has run into its timeout. */
  @Override
  public boolean isOver() {
    return answered || told;
  }

  /** Accepts with the first of the subprotocols asked for, if any, and no extension. */
  public ScriptedPeer accept() {
    List<String> asked = opening.protocols();
    return accept(asked.isEmpty() ? "" : asked.get(0), List.of(), Headers.empty());
  }

  /**
   * Accepts with this subprotocol, empty for none, and these extensions and further headers. The
   * client's own checks apply: what it did not ask for fails the opening.
   *
   * @return the peer; its connection is gone if the client does not take the answer
   */
  public ScriptedPeer accept(String protocol, List<Extension> extensions, Headers headers) {
    Headers.Builder response = acceptingHeaders().toBuilder();
    if (!protocol.isEmpty()) {
      response.add("Sec-WebSocket-Protocol", protocol);
    }
    if (!extensions.isEmpty()) {
      response.add("Sec-WebSocket-Extensions", Extension.format(extensions));
    }
    return accept(response.addAll(headers).build(), protocol);
  }

  /**
   * Answers with status 101 and exactly these headers, right or wrong. {@link #acceptingHeaders}
   * gives the right ones to begin with.
   */
  public ScriptedPeer acceptWith(Headers response) {
    return accept(response, response.first("Sec-WebSocket-Protocol").orElse(""));
  }

  /** The headers by which a server accepts this request, without subprotocol or extensions. */
  public Headers acceptingHeaders() {
    HandshakeRequest request = request();
    return switch (ServerHandshake.read(
        request.method(), "HTTP/1.1", request.target(), request.headers())) {
      case Upgrade upgrade -> upgrade.accept(Agreement.NONE, Headers.empty());
      case Refusal refusal ->
          throw new IllegalStateException("refused its own request: " + refusal);
    };
  }

  /** Answers with a refusal and closes the connection. */
  public void refuse(int status, String body) {
    refuse(Refusal.of(status, body));
  }

  /** Answers with a refusal and closes the connection. */
  public void refuse(Refusal refusal) {
    answered(refusal.status(), refusal.responseHeaders(), refusal.bodyBytes(), null);
  }

  /** Fails in this stage, with the exception that a transport would have as its cause. */
  public void fail(Stage stage, String message) {
    Throwable cause =
        switch (stage) {
          case NAME_RESOLUTION -> new UnknownHostException(message);
          case CONNECT -> new ConnectException(message);
          case TLS -> new SSLHandshakeException(message);
          case COOKIES, HANDSHAKE, REFUSED -> null;
        };
    answer(() -> fail(new OpeningFailure(stage, false, message, cause, null)));
  }

  /**
   * Stays in this stage, until the client drops this opening or its timeout for the stage is over.
   */
  public void hang(Stage stage) {
    checkWaiting();
    startTimer(stage);
  }

  void begin() {
    startTimer(Stage.HANDSHAKE);
  }

  void cancel(Throwable cause) {
    if (!told) {
      cancellation = cause;
      fail(cause);
    }
  }

  @Override
  public void answered(int status, Headers headers, byte[] body, @Nullable Link opened) {
    answer(
        () -> {
          link = opened;
          int kept = Math.min(body.length, options.maxRefusalBodyBytes());
          byte[] keptBody = Arrays.copyOf(body, kept);
          var response = new HandshakeResponse(status, "", headers, keptBody, kept == body.length);
          if (opened == null) {
            String message = "expected status 101 but was " + status;
            fail(new OpeningFailure(Stage.REFUSED, false, message, null, response));
          } else {
            open(opened, response);
          }
        });
  }

  @Override
  public void broken(String why) {
    answer(() -> fail(new OpeningFailure(Stage.HANDSHAKE, false, why, null, null)));
  }

  private ScriptedPeer accept(Headers response, String protocol) {
    Link made = transport.link(this);
    ScriptedPeer peer = new ScriptedPeer(loop, made, made.serverEnd(), false, protocol);
    answered(Upgrade.ACCEPTED_STATUS, response, new byte[0], made);
    return peer;
  }

  /** What comes of an answer comes in a task of its own, never from inside a call. */
  private void answer(Runnable consequence) {
    checkWaiting();
    answered = true;
    loop.execute(
        () -> {
          if (!told) {
            consequence.run();
          }
        });
  }

  private void checkWaiting() {
    if (told) {
      throw new IllegalStateException(GIVEN_UP + "it is over");
    }
    if (answered) {
      throw new IllegalStateException(GIVEN_UP + "it has been answered");
    }
  }

  private void open(Link opened, HandshakeResponse response) {
    Agreement agreement;
    try {
      agreement = handshake.validate(response.status(), response.headers());
    } catch (HandshakeException e) {
      fail(
          new OpeningFailure(
              Stage.HANDSHAKE, false, Objects.toString(e.getMessage(), ""), e, response));
      return;
    }
    stopTimer();
    told = true;
    InetSocketAddress server = transport.addressOf(opening);
    MemoryChannel channel =
        new MemoryChannel(
            loop,
            opened.clientEnd(),
            transport.nextLocalAddress(),
            server,
            options.sendLowMark(),
            options.sendHighMark());
    transport.opened(this, opened);
    events.opened(channel, agreement, response);
  }

  private void fail(Throwable cause) {
    stopTimer();
    told = true;
    if (link != null) {
      link.clientEnd().close();
    }
    transport.over(this);
    events.failed(cause);
  }

  private void startTimer(Stage stage) {
    stopTimer();
    Duration timeout =
        switch (stage) {
          case NAME_RESOLUTION, CONNECT -> options.connectTimeout();
          case TLS -> options.tlsTimeout();
          case COOKIES, HANDSHAKE, REFUSED -> options.handshakeTimeout();
        };
    String message = "expected the end of " + stage + " within " + timeout.toMillis() + " ms";
    timer =
        loop.schedule(
            () -> {
              if (!told) {
                fail(new OpeningFailure(stage, true, message, null, null));
              }
            },
            timeout.toNanos());
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  @Override
  public String toString() {
    return "opening of " + opening.url() + (isOver() ? ", over" : ", waiting");
  }
}
