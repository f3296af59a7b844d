package dev.weir.websocket;

import dev.weir.protocol.close.CloseCode;
import dev.weir.protocol.close.CloseStatus;
import dev.weir.protocol.connection.Role;
import dev.weir.protocol.handshake.Agreement;
import dev.weir.protocol.handshake.HandshakeRequest;
import dev.weir.protocol.handshake.PerMessageDeflate;
import dev.weir.protocol.handshake.Subprotocols;
import dev.weir.streams.AbortError;
import dev.weir.streams.AbortSignal;
import dev.weir.streams.SyntaxError;
import dev.weir.websocket.opening.HandshakeResponse;
import dev.weir.websocket.spi.ClientTransport;
import dev.weir.websocket.spi.EventLoop;
import dev.weir.websocket.spi.OpeningEvents;
import dev.weir.websocket.spi.WebSocketChannel;
import dev.weir.websocket.url.BlockedPorts;
import dev.weir.websocket.url.WebSocketUrl;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * One client connection from its URL to its end: the opening handshake, then the session.
 * Thread-safe.
 */
final class ClientConnecting<T> implements OpeningEvents {
  private final WebSocketClient client;
  private final WebSocketUrl url;
  private final List<String> protocols;
  private final @Nullable AbortSignal signal;
  private final @Nullable AbortSignal closeSignal;

  private final BiFunction<Session, Agreement, T> opener;

  private final CompletableFuture<T> opened = new CompletableFuture<>();
  private final CompletableFuture<WebSocketCloseInfo> closing = new CompletableFuture<>();
  private final CompletableFuture<WebSocketCloseInfo> closed = new CompletableFuture<>();

  // Guarded by the lock: either an opening is under way, or it was given up, or there is a session.
  private final ReentrantLock lock = new ReentrantLock();
  private ClientTransport.@Nullable Opening opening;
  private @Nullable Throwable givenUp;
  private volatile @Nullable Session session;

  private AbortSignal.@Nullable Registration signalListener;
  private AbortSignal.@Nullable Registration closeSignalListener;

  /**
   * An attempt that has not begun.
   *
   * @param opener makes of the open connection what {@link #opened} completes with
   */
  ClientConnecting(
      WebSocketClient client,
      String url,
      WebSocketStreamOptions options,
      BiFunction<Session, Agreement, T> opener) {
    this.opener = opener;
    this.client = client;
    this.url = WebSocketUrl.parse(url, client.options().baseUrl());
    this.protocols = checked(options.protocols());
    this.signal = options.signal();
    this.closeSignal = options.closeSignal();
  }

  private static List<String> checked(List<String> protocols) {
    try {
      return Subprotocols.checked(protocols);
    } catch (IllegalArgumentException e) {
      throw new SyntaxError(String.valueOf(e.getMessage()), e);
    }
  }

  WebSocketUrl url() {
    return url;
  }

  CompletableFuture<T> opened() {
    return opened;
  }

  CompletableFuture<WebSocketCloseInfo> closing() {
    return closing;
  }

  CompletableFuture<WebSocketCloseInfo> closed() {
    return closed;
  }

  /** The event loop, once there is one. */
  @Nullable EventLoop eventLoop() {
    Session current = session;
    return current == null ? null : current.eventLoop();
  }

  /** Starts the opening handshake, unless a signal has aborted (S3) or the port is blocked (K4). */
  void begin() {
    for (AbortSignal given : new AbortSignal[] {signal, closeSignal}) {
      if (given != null && given.aborted()) {
        fail(reasonOf(given));
        return;
      }
    }
    if (!client.options().blockedPortsAllowed() && BlockedPorts.isBlocked(url.port())) {
      fail(
          WebSocketError.ofConnection(
              "the connection could not be opened: port " + url.port() + " is blocked",
              CloseCode.ABNORMAL,
              "",
              null));
      return;
    }
    lock.lock();
    try {
      opening = RedirectedOpening.begin(client.transport(), client.options(), url, protocols, this);
    } finally {
      lock.unlock();
    }
    if (signal != null) {
      signalListener = signal.onAbort(reason -> giveUp(reasonOf(signal)));
    }
    if (closeSignal != null) {
      closeSignalListener =
          closeSignal.onAbort(
              reason -> {
                if (!giveUp(reasonOf(closeSignal))) {
                  close(CloseStatus.NONE);
                }
              });
    }
    opened.whenComplete((connection, error) -> forgetSignal(signalListener));
    closed.whenComplete((info, error) -> forgetSignal(closeSignalListener));
  }

  private static void forgetSignal(AbortSignal.@Nullable Registration listener) {
    if (listener != null) {
      listener.remove();
    }
  }

  private static Throwable reasonOf(AbortSignal aborted) {
    Throwable reason = aborted.reason();
    return reason == null ? new AbortError() : reason;
  }

  void close(CloseStatus status) {
    boolean dropped =
        giveUp(
            WebSocketError.ofConnection(
                "close() was called before the connection was open", CloseCode.ABNORMAL, "", null));
    Session current = session;
    if (!dropped && current != null) {
      current.close(status);
    }
  }

  void abort(Throwable cause) {
    boolean dropped =
        giveUp(
            WebSocketError.ofConnection(
                "abort() was called before the connection was open",
                CloseCode.ABNORMAL,
                "",
                cause));
    Session current = session;
    if (!dropped && current != null) {
      current.abort(cause);
    }
  }

  /** Drops the opening handshake if it is under way; whether it was. */
  boolean giveUp(Throwable reason) {
    ClientTransport.Opening dropped;
    lock.lock();
    try {
      if (opening == null || givenUp != null || session != null) {
        return false;
      }
      givenUp = reason;
      dropped = opening;
    } finally {
      lock.unlock();
    }
    dropped.cancel(reason);
    return true;
  }

  // OpeningEvents, on the event loop.

  @Override
  public void requestSent(HandshakeRequest request) {
    WireObserver observer = client.options().session().observer();
    if (observer != null) {
      observer.requestSent(request);
    }
  }

  @Override
  public void opened(WebSocketChannel channel, Agreement agreement, HandshakeResponse response) {
    Session begun = null;
    Throwable dropped;
    lock.lock();
    try {
      dropped = givenUp;
      if (dropped == null) {
        begun = new Session(Role.CLIENT, channel, client.options().session(), agreement);
        session = begun;
      }
    } finally {
      lock.unlock();
    }
    if (begun == null) {
      channel.closeTransport();
      fail(Objects.requireNonNull(dropped, "dropped"));
      return;
    }
    WireObserver observer = client.options().session().observer();
    if (observer != null) {
      observer.accepted(response);
    }
    client.began(begun);
    if (client.options().compressionRequired() && PerMessageDeflate.terms(agreement).isEmpty()) {
      leave(begun);
      return;
    }
    begun.closing().whenComplete(copyTo(closing));
    begun.closed().whenComplete(copyTo(closed));
    opened.complete(opener.apply(begun, agreement));
    begun.start();
  }

  /** Says goodbye to a server that did not accept what is required, and fails here. */
  private void leave(Session begun) {
    begun.start();
    begun.close(new CloseStatus(CloseCode.MANDATORY_EXTENSION, PerMessageDeflate.NAME));
    fail(
        WebSocketError.ofConnection(
            "the connection could not be opened: expected the server to accept "
                + PerMessageDeflate.NAME
                + ", which is required, but it did not",
            CloseCode.MANDATORY_EXTENSION,
            "",
            null));
  }

  private static <V> BiConsumer<V, Throwable> copyTo(CompletableFuture<V> target) {
    return (value, error) -> {
      if (error == null) {
        target.complete(value);
      } else {
        target.completeExceptionally(error);
      }
    };
  }

  @Override
  public void failed(Throwable cause) {
    Throwable dropped;
    lock.lock();
    try {
      dropped = givenUp;
    } finally {
      lock.unlock();
    }
    fail(dropped != null ? dropped : CloseReport.errorOfOpening(cause));
  }

  private void fail(Throwable error) {
    opened.completeExceptionally(error);
    closing.completeExceptionally(error);
    closed.completeExceptionally(error);
  }
}
