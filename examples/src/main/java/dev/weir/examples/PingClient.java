package dev.weir.examples;

import dev.weir.streams.InvalidStateError;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.WebSocketStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;

/**
 * Sends "ping", waits for the answer, and sends the next one some seconds later, until the server
 * closes: the usual first program with a WebSocketStream.
 *
 * <p>Run with a URL it talks to that server, without one to a server of its own.
 */
public final class PingClient {
  private PingClient() {}

  /** Runs it: the URL, if any, is the one argument. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length > 0) {
      run(arguments[0], Duration.ofSeconds(5), System.out);
      return;
    }
    try (WebSocketServer server = answering(3)) {
      run(server.url("/"), Duration.ofSeconds(1), System.out);
    }
  }

  static void run(String url, Duration pause, PrintStream screen) throws InterruptedException {
    try (var stream = new WebSocketStream(url)) {
      try {
        talk(stream.awaitOpened(), pause, screen);
        WebSocketCloseInfo info = stream.awaitClosed();
        screen.println(
            "DISCONNECTED: code " + info.closeCode() + ", message \"" + info.reason() + '"');
      } catch (WebSocketError error) {
        screen.println(
            "DISCONNECTED: code " + error.closeCode() + ", message \"" + error.reason() + '"');
        screen.println("It was not clean: " + error.getMessage());
      }
    }
  }

  private static void talk(WebSocketConnection connection, Duration pause, PrintStream screen)
      throws InterruptedException {
    screen.println("CONNECTED");
    try {
      connection.send("ping");
      screen.println("SENT: ping");
      for (Message message : connection.readable()) {
        screen.println("RECEIVED: " + message);
        Thread.sleep(pause);
        connection.send("ping");
        screen.println("SENT: ping");
      }
    } catch (InvalidStateError closing) {
      // The server closed meanwhile, so there was nothing to send to.
      return;
    }
  }

  /** A server that answers so many pings, then closes in answer to the next. */
  static WebSocketServer answering(int pings) throws IOException {
    return WebSocketServer.builder()
        .route(
            "/",
            connection -> {
              int answered = 0;
              for (Message message : connection.readable()) {
                if (answered == pings) {
                  break;
                }
                connection.send(message);
                answered++;
              }
              connection.close(1000, "That's all folks");
            })
        .start();
  }
}
