package dev.weir.websocket;

import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.protocol.handshake.Agreement;
import dev.weir.protocol.handshake.Extension;
import dev.weir.protocol.handshake.HandshakeRequest;
import dev.weir.protocol.handshake.Headers;
import dev.weir.protocol.handshake.PerMessageDeflate;
import dev.weir.websocket.opening.HandshakeResponse;
import dev.weir.websocket.opening.OpeningFailure;
import dev.weir.websocket.opening.OpeningFailure.Stage;
import dev.weir.websocket.spi.ClientOpening;
import dev.weir.websocket.spi.ClientTransport;
import dev.weir.websocket.spi.OpeningEvents;
import dev.weir.websocket.spi.WebSocketChannel;
import dev.weir.websocket.url.WebSocketUrl;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One opening from its first request to the last of the redirects that it follows: for each, the
 * cookies are asked for, the transport's opening is run and what the answer sets is kept (K1, K2).
 * Thread-safe.
 */
final class RedirectedOpening implements ClientTransport.Opening {
  private final ClientTransport transport;
  private final ClientOptions options;
  private final List<String> protocols;
  private final OpeningEvents events;

  // Of the request under way. Each step begins after the one before has ended, so that these are
  // never in two hands.
  private RequestTarget target;
  private int redirects;

  // Guarded by the lock: the step that can be cancelled, and with what that was done.
  private final ReentrantLock lock = new ReentrantLock();
  private ClientTransport.@Nullable Opening step;
  private @Nullable Throwable cancelled;

  private RedirectedOpening(
      ClientTransport transport,
      ClientOptions options,
      WebSocketUrl url,
      List<String> protocols,
      OpeningEvents events) {
    this.transport = transport;
    this.options = options;
    this.target = RequestTarget.first(url, options.headers());
    this.protocols = protocols;
    this.events = events;
  }

  /** Begins; {@code events} is told of the end, never from inside this call. */
  static ClientTransport.Opening begin(
      ClientTransport transport,
      ClientOptions options,
      WebSocketUrl url,
      List<String> protocols,
      OpeningEvents events) {
    var opening = new RedirectedOpening(transport, options, url, protocols, events);
    opening.request();
    return opening;
  }

  @Override
  public void cancel(Throwable cause) {
    ClientTransport.Opening ending;
    lock.lock();
    try {
      if (cancelled != null) {
        return;
      }
      cancelled = cause;
      ending = step;
    } finally {
      lock.unlock();
    }
    if (ending != null) {
      ending.cancel(cause);
    }
  }

  /** Takes the next step, which must not end before this does, unless all is cancelled. */
  private void take(Supplier<ClientTransport.Opening> next, Consumer<Throwable> ifCancelled) {
    Throwable cause;
    lock.lock();
    try {
      cause = cancelled;
      if (cause == null) {
        step = next.get();
      }
    } finally {
      lock.unlock();
    }
    if (cause != null) {
      ifCancelled.accept(cause);
    }
  }

  private void request() {
    Cookies cookies = options.cookies();
    if (cookies == null) {
      open(Cookies.joined(target.headers()));
    } else {
      detached(
          () -> cookies.added(target.url(), target.headers()),
          null,
          (headers, failure) -> {
            if (headers != null) {
              open(headers);
            } else {
              events.failed(Objects.requireNonNull(failure, "failure"));
            }
          });
    }
  }

  private void open(Headers headers) {
    CompressionOptions compression = options.session().compression();
    List<Extension> offers =
        compression.enabled() ? List.of(PerMessageDeflate.offer(compression)) : List.of();
    var request = new ClientOpening(target.url(), protocols, offers, headers);
    take(() -> transport.open(request, new Answered()), events::failed);
  }

  /** What the transport tells of one request. */
  private final class Answered implements OpeningEvents {
    @Override
    public void requestSent(HandshakeRequest request) {
      events.requestSent(request);
    }

    @Override
    public void opened(WebSocketChannel channel, Agreement agreement, HandshakeResponse response) {
      if (!setsCookies(response)) {
        events.opened(channel, agreement, response);
        return;
      }
      keep(
          response,
          failure ->
              channel
                  .eventLoop()
                  .execute(
                      () -> {
                        if (failure == null) {
                          events.opened(channel, agreement, response);
                        } else {
                          channel.closeTransport();
                          events.failed(failure);
                        }
                      }));
    }

    @Override
    public void failed(Throwable cause) {
      HandshakeResponse response =
          cause instanceof OpeningFailure failure ? failure.response() : null;
      if (response == null) {
        events.failed(cause);
      } else if (!setsCookies(response)) {
        refused(cause, response);
      } else {
        keep(
            response,
            failure -> {
              if (failure == null) {
                refused(cause, response);
              } else {
                events.failed(failure);
              }
            });
      }
    }
  }

  private void refused(Throwable refusal, HandshakeResponse response) {
    if (options.maxRedirects() == 0 || !Redirects.isRedirect(response)) {
      events.failed(refusal);
      return;
    }
    if (redirects == options.maxRedirects()) {
      redirectFailed(
          "expected at most " + redirects + " redirects but was one more", null, response);
      return;
    }
    WebSocketUrl next;
    try {
      next = Redirects.target(target.url(), response, options.blockedPortsAllowed());
    } catch (IllegalArgumentException e) {
      redirectFailed("a redirect could not be followed: " + e.getMessage(), e, response);
      return;
    }
    redirects++;
    target = target.redirectedTo(next);
    request();
  }

  private void redirectFailed(
      String message, @Nullable Throwable cause, HandshakeResponse response) {
    events.failed(new OpeningFailure(Stage.REFUSED, false, message, cause, response));
  }

  private boolean setsCookies(HandshakeResponse response) {
    return options.cookies() != null && Cookies.areSetBy(response.headers());
  }

  private void keep(HandshakeResponse response, Consumer<@Nullable Throwable> then) {
    Cookies cookies = options.cookies();
    if (cookies == null) {
      throw new IllegalStateException("expected a cookie handler but there is none");
    }
    detached(
        () -> {
          cookies.keep(target.url(), response.headers());
          return true;
        },
        response,
        (kept, failure) -> then.accept(failure));
  }

  /** The end of a call of the cookie handler: one of the two is not null. */
  private interface Outcome<T> {
    void accept(@Nullable T value, @Nullable Throwable failure);
  }

  /** Calls the cookie handler, which may block, throw or never return. */
  private <T> void detached(
      Callable<T> code, @Nullable HandshakeResponse response, Outcome<T> outcome) {
    take(
        () ->
            DetachedCall.start(
                    "weir-cookies",
                    code,
                    options.transport().handshakeTimeout(),
                    (value, failure) ->
                        outcome.accept(value, failure == null ? null : told(failure, response)))
                ::cancel,
        cause -> outcome.accept(null, cause));
  }

  private Throwable told(Throwable failure, @Nullable HandshakeResponse response) {
    Throwable cause;
    lock.lock();
    try {
      cause = cancelled;
    } finally {
      lock.unlock();
    }
    if (cause != null) {
      return cause;
    }
    boolean late = failure instanceof DetachedCall.TimeOver;
    String message =
        late
            ? "the cookie handler did not return within "
                + Durations.text(options.transport().handshakeTimeout())
            : "the cookie handler failed";
    return new OpeningFailure(Stage.COOKIES, late, message, late ? null : failure, response);
  }
}
