package dev.weir.examples;

import dev.weir.streams.AbortController;
import dev.weir.streams.AbortSignal;
import dev.weir.streams.TimeoutError;
import dev.weir.websocket.Route;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.WebSocketStream;
import dev.weir.websocket.WebSocketStreamOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;

/** Two ways to change one's mind: a time limit on opening, and a signal that closes. */
public final class Aborting {
  private Aborting() {}

  /** Runs it. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    run(System.out);
  }

  static void run(PrintStream screen) throws IOException, InterruptedException {
    // A server that accepts TCP and never says a word.
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var stream =
          new WebSocketStream(
              "ws://127.0.0.1:" + silent.getLocalPort() + "/",
              WebSocketStreamOptions.DEFAULT.withSignal(
                  AbortSignal.timeout(Duration.ofMillis(200))));
      try {
        stream.awaitOpened();
      } catch (TimeoutError error) {
        screen.println("not opened: " + error.name());
      }
    }

    try (WebSocketServer server =
        WebSocketServer.builder()
            .route(Route.async("/", connection -> connection.closed()))
            .start()) {
      var controller = new AbortController();
      var stream =
          new WebSocketStream(
              server.url("/"), WebSocketStreamOptions.DEFAULT.withCloseSignal(controller.signal()));
      stream.awaitOpened();
      controller.abort();
      screen.println("closed with " + stream.awaitClosed().closeCode());
    }
  }
}
