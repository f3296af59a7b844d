package dev.weir.websocket;

import dev.weir.protocol.connection.Limits;
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
  private final @Nullable WebSocketHandler blocking;
  private final @Nullable AsyncWebSocketHandler async;
  private final List<String> protocols;
  private final List<String> origins;
  private final List<UpgradeCheck> checks;
  private final MessageKinds kinds;
  private final @Nullable Limits limits;

  private Route(
      RoutePattern pattern,
      @Nullable WebSocketHandler blocking,
      @Nullable AsyncWebSocketHandler async,
      List<String> protocols,
      List<String> origins,
      List<UpgradeCheck> checks,
      MessageKinds kinds,
      @Nullable Limits limits) {
    this.pattern = pattern;
    this.blocking = blocking;
    this.async = async;
    this.protocols = protocols;
    this.origins = origins;
    this.checks = checks;
    this.kinds = kinds;
    this.limits = limits;
  }

  /**
   * Serves a path on virtual threads.
   *
   * @throws IllegalArgumentException if the path is no pattern
   */
  public static Route of(String path, WebSocketHandler handler) {
    return new Route(
        new RoutePattern(path),
        Objects.requireNonNull(handler, "handler"),
        null,
        List.of(),
        List.of(),
        List.of(),
        MessageKinds.ANY,
        null);
  }

  /**
   * Serves a path on the event loop.
   *
   * @throws IllegalArgumentException if the path is no pattern
   */
  public static Route async(String path, AsyncWebSocketHandler handler) {
    return new Route(
        new RoutePattern(path),
        null,
        Objects.requireNonNull(handler, "handler"),
        List.of(),
        List.of(),
        List.of(),
        MessageKinds.ANY,
        null);
  }

  /**
   * Speaks these subprotocols: the first of them that a client offers is selected, none if it
   * offers none of them.
   */
  public Route withProtocols(String... spoken) {
    return new Route(
        pattern,
        blocking,
        async,
        Subprotocols.checked(List.of(spoken)),
        origins,
        checks,
        kinds,
        limits);
  }

  /**
   * Refuses a browser's request from any other origin with 403. Requests without an Origin, which
   * come from elsewhere than browsers, are accepted.
   *
   * @param allowed such as {@code https://example.com}, compared as they stand, without regard to
   *     case
   */
  public Route withOrigins(String... allowed) {
    return new Route(pattern, blocking, async, protocols, List.of(allowed), checks, kinds, limits);
  }

  /** Asks this check too before a connection is accepted. */
  public Route withCheck(UpgradeCheck check) {
    var more = new ArrayList<>(checks);
    more.add(Objects.requireNonNull(check, "check"));
    return new Route(
        pattern, blocking, async, protocols, origins, List.copyOf(more), kinds, limits);
  }

  /** Takes messages of these kinds only; another fails the connection with 1003. */
  public Route withMessages(MessageKinds accepted) {
    return new Route(pattern, blocking, async, protocols, origins, checks, accepted, limits);
  }

  /** Bounds what is received here, instead of the server's own limits. */
  public Route withLimits(Limits bounds) {
    return new Route(pattern, blocking, async, protocols, origins, checks, kinds, bounds);
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

  @Nullable WebSocketHandler blocking() {
    return blocking;
  }

  @Nullable AsyncWebSocketHandler async() {
    return async;
  }

  /** The server's settings as this route changes them. */
  SessionOptions session(SessionOptions server) {
    return server.with(limits == null ? server.limits() : limits, kinds);
  }

  /** The path's pattern. */
  @Override
  public String toString() {
    return pattern.toString();
  }
}
