package dev.weir.websocket;

import dev.weir.protocol.close.CloseCode;
import dev.weir.protocol.close.CloseStatus;
import dev.weir.protocol.connection.Role;
import dev.weir.protocol.handshake.Agreement;
import dev.weir.protocol.handshake.Headers;
import dev.weir.protocol.handshake.PerMessageDeflate;
import dev.weir.protocol.handshake.Refusal;
import dev.weir.streams.AbortError;
import dev.weir.streams.InvalidStateError;
import dev.weir.websocket.spi.PlainRequestHandler;
import dev.weir.websocket.spi.UpgradeExchange;
import dev.weir.websocket.spi.UpgradeHandler;
import dev.weir.websocket.spi.WebSocketChannel;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes a server's opening handshakes to their routes, and their connections to the handlers.
 * Thread-safe.
 */
final class Dispatcher implements UpgradeHandler {
  private static final Logger LOG = System.getLogger("dev.weir.websocket.server");

  private final List<Route> routes;
  private final @Nullable PlainRequestHandler files;

  // What all connections of a kind share, since there may be very many.
  private final Map<Route, SessionOptions> options;
  private final Map<Agreement, Agreement> agreements = new ConcurrentHashMap<>();

  /** Of the event-style connection before; whichever thread wrote it. */
  private volatile ServedUrl latestUrl = new ServedUrl("", "");

  private final OpenSessions sessions = new OpenSessions();

  // All connections as a topic, from the moment that one wants it.
  private final Topic everyone;
  private final ReentrantLock lock = new ReentrantLock();

  /** Whether connections that come become members by themselves. */
  private volatile boolean everyoneJoins;

  /** Whether those are members too that were there before; written under the lock. */
  private volatile boolean everyoneIn;

  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("weir-handler-", 0).factory());
  private final ThreadLocal<Boolean> handling = ThreadLocal.withInitial(() -> false);
  private volatile boolean closing;

  /**
   * Serves these routes.
   *
   * @param files what answers requests that ask for no WebSocket, or null
   */
  Dispatcher(
      List<Route> routes,
      @Nullable PlainRequestHandler files,
      SessionOptions options,
      SlowConsumers slowConsumers) {
    this.routes = routes;
    this.files = files;
    this.options =
        routes.stream()
            .distinct()
            .collect(Collectors.toUnmodifiableMap(route -> route, route -> route.session(options)));
    this.everyone = new Topic("everyone", slowConsumers);
  }

  /** The topic of all connections: of those that are open now, and of all that come. */
  Topic everyone() {
    if (!everyoneIn) {
      lock.lock();
      try {
        if (!everyoneIn) {
          everyoneJoins = true;
          sessions.forEach(everyone::subscribe);
          everyoneIn = true;
        }
      } finally {
        lock.unlock();
      }
    }
    return everyone;
  }

  private void add(Session session) {
    sessions.add(session);
    if (everyoneJoins) {
      everyone.subscribe(session);
    }
  }

  OpenSessions sessions() {
    return sessions;
  }

  /** Closes all connections and refuses new ones; completes when all have ended. */
  CompletableFuture<Void> close(CloseStatus status) {
    closing = true;
    return sessions.close(status);
  }

  /** Waits until all handlers have returned, at most for this time, then interrupts the rest. */
  void endHandlers(long nanos) throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(nanos, TimeUnit.NANOSECONDS)) {
      interruptHandlers();
    }
  }

  /** Whether the caller is a handler of this server, so that waiting for handlers has no end. */
  boolean isHandling() {
    return handling.get();
  }

  void interruptHandlers() {
    threads.shutdownNow();
  }

  @Override
  public @Nullable PlainRequestHandler plainRequests() {
    return files;
  }

  @Override
  public void upgrade(UpgradeExchange exchange) {
    if (closing) {
      exchange.refuse(Refusal.unavailable());
      return;
    }
    String path = UpgradeRequest.pathOf(exchange.request().target());
    for (Route route : routes) {
      Optional<Map<String, String>> parameters = route.match(path);
      if (parameters.isPresent()) {
        upgrade(exchange, route, UpgradeRequest.of(exchange, parameters.get()));
        return;
      }
    }
    exchange.refuse(Refusal.notFound());
  }

  private void upgrade(UpgradeExchange exchange, Route route, UpgradeRequest request) {
    if (!route.allows(request)) {
      exchange.refuse(Refusal.forbiddenOrigin());
    } else if (route.checks().isEmpty()) {
      accept(exchange, route, request);
    } else {
      onThread(() -> check(exchange, route, request));
    }
  }

  private void check(UpgradeExchange exchange, Route route, UpgradeRequest request) {
    Optional<Refusal> refusal = Optional.empty();
    try {
      for (UpgradeCheck check : route.checks()) {
        refusal = check.check(request);
        if (refusal.isPresent()) {
          break;
        }
      }
    } catch (Exception e) {
      LOG.log(Level.WARNING, "the check of " + route + " failed", e);
      refusal = Optional.of(Refusal.internalError());
    }
    if (refusal.isPresent()) {
      exchange.refuse(refusal.get());
    } else {
      accept(exchange, route, request);
    }
  }

  private void accept(UpgradeExchange exchange, Route route, UpgradeRequest request) {
    if (!sessions.beginOpening()) {
      exchange.refuse(Refusal.unavailable());
      return;
    }
    Agreement agreement = agreement(exchange, route, request);
    try {
      exchange.accept(
          agreement, Headers.empty(), channel -> opened(channel, route, request, agreement));
    } finally {
      // Behind the answer, which goes to the same loop, whether it opens a connection or not.
      exchange.eventLoop().execute(sessions::openingOver);
    }
  }

  private Agreement agreement(UpgradeExchange exchange, Route route, UpgradeRequest request) {
    var agreement =
        new Agreement(
            route.selectProtocol(request.protocols()),
            PerMessageDeflate.accept(exchange.request().extensions(), options(route).compression())
                .map(List::of)
                .orElse(List.of()));
    // There are as many as the server's own choices make, not more.
    return agreements.computeIfAbsent(agreement, same -> same);
  }

  private SessionOptions options(Route route) {
    return Objects.requireNonNull(options.get(route));
  }

  private void opened(
      WebSocketChannel channel, Route route, UpgradeRequest request, Agreement agreement) {
    var session = new Session(Role.SERVER, channel, options(route), agreement);
    switch (route.serving()) {
      case Route.Serving.Blocking(WebSocketHandler handler) -> {
        ServerConnection connection = connection(session, request, agreement);
        session.start();
        onThread(() -> serve(route, handler, connection));
      }
      case Route.Serving.Async(AsyncWebSocketHandler handler) -> {
        serve(route, handler, connection(session, request, agreement));
        session.start();
      }
      case Route.Serving.Events(EventWebSocketHandler handler) -> {
        ServedUrl url = ServedUrl.of(request.url()).sharedWith(latestUrl);
        latestUrl = url;
        var socket = new WebSocket(session, agreement, url);
        add(session);
        serve(route, handler, socket, request);
        session.start();
      }
    }
  }

  private ServerConnection connection(
      Session session, UpgradeRequest request, Agreement agreement) {
    var connection =
        new ServerConnection(session, request, agreement.protocol(), agreement.extensionsText());
    add(session);
    return connection;
  }

  private void onThread(Runnable work) {
    threads.execute(
        () -> {
          handling.set(true);
          work.run();
        });
  }

  private void serve(Route route, WebSocketHandler handler, ServerConnection connection) {
    try {
      handler.handle(connection);
      handled(route, connection, null);
    } catch (Throwable e) {
      handled(route, connection, e);
    }
  }

  private void serve(Route route, AsyncWebSocketHandler handler, ServerConnection connection) {
    CompletionStage<?> end;
    try {
      end =
          Objects.requireNonNull(
              handler.handle(connection), "expected a stage from the handler but was null");
    } catch (Throwable e) {
      handled(route, connection, e);
      return;
    }
    end.whenComplete(
        (value, error) ->
            handled(
                route,
                connection,
                error instanceof CompletionException wrapped && wrapped.getCause() != null
                    ? wrapped.getCause()
                    : error));
  }

  private static void serve(
      Route route, EventWebSocketHandler handler, WebSocket socket, UpgradeRequest request) {
    try {
      handler.opened(socket, request);
    } catch (Throwable e) {
      LOG.log(Level.WARNING, "the handler of " + route + " failed", e);
      socket.close(CloseCode.INTERNAL_ERROR);
    }
  }

  /** Closes with 1000 after a return and with 1011 after a throw, where it is still open. */
  private void handled(Route route, ServerConnection connection, @Nullable Throwable error) {
    if (error == null) {
      connection.close(CloseCode.NORMAL);
      return;
    }
    // That the connection or the server ended under the handler's hands is no failure of its own.
    boolean ended =
        error instanceof WebSocketError
            || error instanceof InvalidStateError
            || (closing && (error instanceof InterruptedException || error instanceof AbortError));
    LOG.log(
        ended ? Level.DEBUG : Level.WARNING,
        ended
            ? "a connection ended under its handler at " + route
            : "the handler of " + route + " failed",
        error);
    connection.close(CloseCode.INTERNAL_ERROR);
  }
}
