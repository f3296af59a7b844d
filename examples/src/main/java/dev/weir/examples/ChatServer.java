package dev.weir.examples;

import dev.weir.websocket.MessageKinds;
import dev.weir.websocket.Route;
import dev.weir.websocket.Topic;
import dev.weir.websocket.Topics;
import dev.weir.websocket.WebSocket;
import dev.weir.websocket.WebSocketServer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A chat by events: the first message of each client is its name, each further one a line for all.
 *
 * <p>Its clients are the same small program four times: {@code chat.js} in a page and on {@code
 * weir run}, {@link ChatEvents} and {@link ChatStream}.
 */
public final class ChatServer {
  /** All who have a name. A client that does not read is closed with 1013. */
  private final Topic present = new Topics().topic("present");

  private final Map<WebSocket, String> names = new ConcurrentHashMap<>();

  private ChatServer() {}

  /** Serves until the process is ended. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    WebSocketServer server = start(8090);
    Runtime.getRuntime().addShutdownHook(new Thread(server::close));
    System.out.println("listening on " + server.url("/chat"));
    Thread.currentThread().join();
  }

  static WebSocketServer start(int port) throws IOException {
    var chat = new ChatServer();
    return WebSocketServer.builder()
        .port(port)
        .route(
            Route.events("/chat", (socket, request) -> chat.enter(socket))
                .withMessages(MessageKinds.TEXT))
        .start();
  }

  /** Called on the connection's event loop, as its listeners are: none of them may block. */
  private void enter(WebSocket socket) {
    socket.onMessage(event -> said(socket, event.text())).onClose(event -> left(socket));
  }

  private void said(WebSocket socket, String text) {
    String name = names.get(socket);
    if (name == null) {
      names.put(socket, text);
      present.subscribe(socket);
      present.publish(text + " joined");
    } else {
      present.publish(name + ": " + text);
    }
  }

  private void left(WebSocket socket) {
    String name = names.remove(socket);
    if (name != null) {
      present.publish(name + " left");
    }
  }
}
