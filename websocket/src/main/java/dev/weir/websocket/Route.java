package dev.weir.websocket;

import dev.weir.protocol.connection.Limits;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.protocol.handshake.Subprotocols;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a server does with the connections of one path. Immutable: each method returns a changed
 * copy.
 *
 * <p>A path is made of literal segments, parameters such as {@code {room}}, which stand for one
 * segment each, and at its end perhaps {@code **} for any rest.
 */
public final class Route {
  private final RoutePattern pattern;
  private final Serving serving;
  private final List<String> protocols;
  private final List<String> origins;
  private final List<UpgradeCheck> checks;
  private final MessageKinds kinds;
  private final @Nullable Limits limits;
  private final @Nullable CompressionOptions compression;

  private Route(
      RoutePattern pattern,
      Serving serving,
      List<String> protocols,
      List<String> origins,
      List<UpgradeCheck> checks,
      MessageKinds kinds,
      @Nullable Limits limits,
      @Nullable CompressionOptions compression) {
    this.pattern = pattern;
    this.serving = serving;
    this.protocols = protocols;
    this.origins = origins;
    this.checks = checks;
    this.kinds = kinds;
    this.limits = limits;
    this.compression = compression;
  }

  /**
   * Serves a path on virtual threads.
   *
   * @throws IllegalArgumentException if the path is no pattern
   */
  public static Route of(String path, WebSocketHandler handler) {
    return of(path, new Serving.Blocking(handler));
  }

  private static Route of(String path, Serving serving) {
    return new Route(
        new RoutePattern(path),
        serving,
        List.of(),
        List.of(),
        List.of(),
        MessageKinds.ANY,
        null,
        null);
  }

  /**
   * Serves a path by futures on the event loop.
   *
   * @throws IllegalArgumentException if the path is no pattern
   */
  public static Route async(String path, AsyncWebSocketHandler handler) {
    return of(path, new Serving.Async(handler));
  }

  /**
   * Serves a path by events on the event loop, with the same {@link WebSocket} that clients have.
   *
   * <pre>{@code
   * Route.events("/echo", (socket, request) -> socket.onMessage(event -> socket.send(event.message())))
   * }</pre>
   *
   * @throws IllegalArgumentException if the path is no pattern
   */
  public static Route events(String path, EventWebSocketHandler handler) {
    return of(path, new Serving.Events(handler));
  }

  /**
   * Speaks these subprotocols: the first of them that a client offers is selected, none if it
   * offers none of them.
   */
  public Route withProtocols(String... spoken) {
    return new Route(
        pattern,
        serving,
        Subprotocols.checked(List.of(spoken)),
        origins,
        checks,
        kinds,
        limits,
        compression);
  }

  /**
   * Refuses a browser's request from any other origin with 403. Requests without an Origin, which
   * come from elsewhere than browsers, are accepted.
   *
   * @param allowed such as {@code https://example.com}, compared as they stand, without regard to
   *     case
   */
  public Route withOrigins(String... allowed) {
    return new Route(
        pattern, serving, protocols, List.of(allowed), checks, kinds, limits, compression);
  }

  /** Asks this check too before a connection is accepted. */
  public Route withCheck(UpgradeCheck check) {
    var more = new ArrayList<>(checks);
    more.add(Objects.requireNonNull(check, "check"));
    return new Route(
        pattern, serving, protocols, origins, List.copyOf(more), kinds, limits, compression);
  }

  /** Takes messages of these kinds only; another fails the connection with 1003. */
  public Route withMessages(MessageKinds accepted) {
    return new Route(pattern, serving, protocols, origins, checks, accepted, limits, compression);
  }

  /** Bounds what is received here, instead of the server's own limits. */
  public Route withLimits(Limits bounds) {
    return new Route(pattern, serving, protocols, origins, checks, kinds, bounds, compression);
  }

  /** Compresses in these terms here, or not at all, instead of the server's own. */
  public Route withCompression(CompressionOptions wanted) {
    return new Route(pattern, serving, protocols, origins, checks, kinds, limits, wanted);
  }

  Optional<Map<String, String>> match(String path) {
    return pattern.match(path);
  }

  String selectProtocol(List<String> offered) {
    return protocols.stream().filter(offered::contains).findFirst().orElse("");
  }

  boolean allows(UpgradeRequest request) {
    Optional<String> origin = request.origin();
    return origins.isEmpty()
        || origin.isEmpty()
        || origins.stream().anyMatch(origin.get()::equalsIgnoreCase);
  }

  List<UpgradeCheck> checks() {
    return checks;
  }

  Serving serving() {
    return serving;
  }

  /** The server's settings as this route changes them. */
  SessionOptions session(SessionOptions server) {
    return server.with(
        limits == null ? server.limits() : limits,
        kinds,
        compression == null ? server.compression() : compression);
  }

  /** Who serves the connections. */
  sealed interface Serving {
    /** On a virtual thread each. */
    record Blocking(WebSocketHandler handler) implements Serving {
      public Blocking {
        Objects.requireNonNull(handler, "handler");
      }
    }

    /** On the event loop, by futures. */
    record Async(AsyncWebSocketHandler handler) implements Serving {
      public Async {
        Objects.requireNonNull(handler, "handler");
      }
    }

    /** On the event loop, by events. */
    record Events(EventWebSocketHandler handler) implements Serving {
      public Events {
        Objects.requireNonNull(handler, "handler");
      }
    }
  }

  /** The path's pattern. */
  @Override
  public String toString() {
    return pattern.toString();
  }
}
