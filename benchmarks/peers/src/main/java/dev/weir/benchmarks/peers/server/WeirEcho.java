package dev.weir.benchmarks.peers.server;

import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.WebSocket;
import dev.weir.websocket.WebSocketServer;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Weir, in one of its styles. */
final class WeirEcho implements EchoServer {
  private final Route echo;

  private WeirEcho(Route echo) {
    this.echo = echo;
  }

  /** By events, since that is how one would. */
  private static Route broadcast() {
    Set<WebSocket> all = ConcurrentHashMap.newKeySet();
    return Route.events(
        "/**",
        (socket, request) -> {
          all.add(socket);
          socket.onClose(event -> all.remove(socket));
          socket.onMessage(event -> all.forEach(each -> each.send(event.message())));
        });
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
  public int start(Style style) throws IOException {
    Route route = style.broadcasts() ? broadcast() : echo;
    return WebSocketServer.builder()
        .compression(CompressionOptions.server().withTakeover(style.deflates(), style.deflates()))
        .route(route)
        .start()
        .port();
  }
}
