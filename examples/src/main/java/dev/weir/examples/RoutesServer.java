package dev.weir.examples;

import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.ServerConnection;
import dev.weir.websocket.SlowConsumers;
import dev.weir.websocket.Topic;
import dev.weir.websocket.Topics;
import dev.weir.websocket.WebSocketServer;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.ExecutionException;

/**
 * A server with several paths: an echo on the event loop, chat rooms on virtual threads, and one
 * that speaks a subprotocol. Try it with {@code ./weir connect ws://127.0.0.1:8080/rooms/blue}.
 */
public final class RoutesServer {
  private final Topics rooms = new Topics(SlowConsumers.publisherWaits());

  private RoutesServer() {}

  /** Serves until the process is ended. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    WebSocketServer server = start(8080);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    System.out.println("listening on " + server.url("/"));
    Thread.currentThread().join();
  }

  static WebSocketServer start(int port) throws IOException {
    var example = new RoutesServer();
    return WebSocketServer.builder()
        .port(port)
        // No thread waits here: the stream's own backpressure does it all.
        .route(Route.async("/echo", here -> here.readable().pipeTo(here.writable())))
        .route("/rooms/{room}", example::chat)
        .route(Route.of("/time", RoutesServer::tell).withProtocols("iso", "epoch"))
        .start();
  }

  private void chat(ServerConnection here) throws InterruptedException, ExecutionException {
    String name = here.request().parameters().getOrDefault("room", "");
    Topic room = rooms.topic(name);
    room.subscribe(here);
    here.send("welcome to " + name);
    for (Message message : here.readable()) {
      // Waits while someone in the room does not keep up.
      room.publish(message, here).get();
    }
  }

  private static void tell(ServerConnection here) throws InterruptedException {
    here.send(
        switch (here.protocol()) {
          case "epoch" -> Long.toString(System.currentTimeMillis());
          default -> Instant.now().toString();
        });
  }
}
