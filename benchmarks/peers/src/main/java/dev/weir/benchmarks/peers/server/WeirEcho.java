package dev.weir.benchmarks.peers.server;

import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.Topic;
import dev.weir.websocket.Topics;
import dev.weir.websocket.WebSocketServer;
import java.io.IOException;
import java.time.Duration;

/** Weir, in one of its styles. */
final class WeirEcho implements EchoServer {
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final Route echo;
  private final boolean takeover;

  private WeirEcho(Route echo, boolean takeover) {
    this.echo = echo;
    this.takeover = takeover;
  }

  /** By events, since that is how one would. */
  private static Route broadcast() {
    Topic all = new Topics().topic("all");
    return Route.events(
        "/**",
        (socket, request) -> {
          all.subscribe(socket);
          socket.onMessage(event -> all.publish(event.message()));
        });
  }

  static WeirEcho byEvents() {
    return new WeirEcho(
        Route.events(
            "/**", (socket, request) -> socket.onMessage(event -> socket.send(event.message()))),
        true);
  }

  /** By events, and where it compresses as a server does by default: without takeover. */
  static WeirEcho withoutTakeover() {
    return new WeirEcho(byEvents().echo, false);
  }

  static WeirEcho byFutures() {
    return new WeirEcho(
        Route.async("/**", connection -> connection.readable().pipeTo(connection.writable())),
        true);
  }

  static WeirEcho blocking() {
    return new WeirEcho(
        Route.of(
            "/**",
            connection -> {
              for (Message message : connection.readable()) {
                connection.send(message);
              }
            }),
        true);
  }

  @Override
  public int start(Style style) throws IOException {
    Route route = style.broadcasts() ? broadcast() : echo;
    boolean keeps = takeover && style.deflates();
    CompressionOptions compression = CompressionOptions.server().withTakeover(keeps, keeps);
    return WebSocketServer.builder()
        .route(route)
        .compression(compression)
        // A load answers no ping while others are loaded.
        .keepAlive(PATIENCE, PATIENCE)
        .start()
        .port();
  }
}
