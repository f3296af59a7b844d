package dev.weir.examples;

import dev.weir.websocket.WebSocket;
import dev.weir.websocket.WebSocketOptions;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;

/**
 * A small chat program by events, line by line what {@code chat.js} is in a browser; {@link
 * ChatStream} is the same by streams. Start {@link ChatServer} first.
 */
public final class ChatEvents {
  private ChatEvents() {}

  /** Takes a name, and the server's URL if it is another. */
  public static void main(String[] arguments) throws InterruptedException {
    run(
        arguments.length > 1 ? arguments[1] : "ws://127.0.0.1:8090/chat",
        arguments.length > 0 ? arguments[0] : "Robin",
        System.out);
  }

  static void run(String url, String name, PrintStream screen) throws InterruptedException {
    var left = new CountDownLatch(1);
    new WebSocket(
        url,
        // Added before it connects, so that no event is missed.
        WebSocketOptions.DEFAULT.withListeners(
            socket ->
                socket
                    .onOpen(
                        event -> {
                          socket.send(name);
                          socket.send("hello");
                          socket.send("bye");
                        })
                    .onMessage(
                        event -> {
                          screen.println(event.data());
                          if (event.data().equals(name + ": bye")) {
                            socket.close(1000, "that was all");
                          }
                        })
                    .onError(event -> screen.println("failed: " + event.message()))
                    .onClose(
                        event -> {
                          screen.println("closed: " + event.code() + " " + event.reason());
                          left.countDown();
                        })));
    left.await();
  }
}
