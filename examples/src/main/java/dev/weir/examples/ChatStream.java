package dev.weir.examples;

import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketStream;
import java.io.PrintStream;

/**
 * A small chat program by streams; {@link ChatEvents} is the same by events. Start {@link
 * ChatServer} first.
 */
public final class ChatStream {
  private ChatStream() {}

  /** Takes a name, and the server's URL if it is another. */
  public static void main(String[] arguments) throws InterruptedException {
    run(
        arguments.length > 1 ? arguments[1] : "ws://127.0.0.1:8090/chat",
        arguments.length > 0 ? arguments[0] : "Robin",
        System.out);
  }

  static void run(String url, String name, PrintStream screen) throws InterruptedException {
    try (var stream = new WebSocketStream(url)) {
      WebSocketConnection connection = stream.awaitOpened();
      connection.send(name);
      connection.send("hello");
      connection.send("bye");
      for (Message message : connection.readable()) {
        screen.println(message);
        if (message.equals(Message.of(name + ": bye"))) {
          stream.close(1000, "that was all");
        }
      }
      WebSocketCloseInfo how = stream.awaitClosed();
      screen.println("closed: " + how.closeCode() + " " + how.reason());
    } catch (WebSocketError error) {
      screen.println("failed: " + error.getMessage());
      screen.println("closed: " + error.closeCode() + " " + error.reason());
    }
  }
}
