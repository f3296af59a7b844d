package dev.weir.examples;

import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.WebSocketStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Shows that a slow reader slows the sender: the server wants to send 1000 messages of 64 KiB, and
 * {@code send} waits as soon as the buffers between are full.
 */
public final class Backpressure {
  private static final int MESSAGES = 1000;
  private static final int BYTES = 64 * 1024;

  private Backpressure() {}

  /** Runs it. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    run(System.out);
  }

  static void run(PrintStream screen) throws IOException, InterruptedException {
    var sent = new AtomicInteger();
    var full = new CompletableFuture<Void>();
    try (WebSocketServer server =
            WebSocketServer.builder()
                .route(
                    "/",
                    connection -> {
                      for (int i = 0; i < MESSAGES; i++) {
                        CompletableFuture<Void> room =
                            connection.sendAsync(Message.of(new byte[BYTES]));
                        sent.incrementAndGet();
                        if (!room.isDone()) {
                          full.complete(null);
                        }
                        room.join();
                      }
                    })
                .start();
        var stream = new WebSocketStream(server.url("/"))) {
      WebSocketConnection connection = stream.awaitOpened();
      full.join();
      screen.println("the sender waits, long before it has sent all");

      int received = 0;
      for (Message message : connection.readable()) {
        received++;
        if (received == 1) {
          screen.println("the reader begins: " + ((Message.Binary) message).bytes().length);
        }
      }
      screen.println("sent " + sent + ", received " + received + ", lost none");
    }
  }
}
