package dev.weir.benchmarks.peers.server;

import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.WebSocketServer;
import java.io.IOException;

/** Weir, in one of its styles. */
final class WeirEcho implements EchoServer {
  private final Route route;

  private WeirEcho(Route route) {
    this.route = route;
  }

  static WeirEcho byEvents() {
    return new WeirEcho(
        Route.events(
            "/**", (socket, request) -> socket.onMessage(event -> socket.send(event.message()))));
  }

  static WeirEcho byFutures() {
    return new WeirEcho(
        Route.async("/**", connection -> connection.readable().pipeTo(connection.writable())));
  }

  static WeirEcho blocking() {
    return new WeirEcho(
        Route.of(
            "/**",
            connection -> {
              for (Message message : connection.readable()) {
                connection.send(message);
              }
            }));
  }

  @Override
  public int start() throws IOException {
    return WebSocketServer.builder().route(route).start().port();
  }
}
