package dev.weir.examples;

import dev.weir.protocol.handshake.Headers;
import dev.weir.protocol.handshake.Refusal;
import dev.weir.websocket.Route;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.opening.HandshakeResponse;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;

/** A server that asks who is there, and a client that finds out why it was not let in. */
public final class RefusedUpgrade {
  private RefusedUpgrade() {}

  /** Runs it. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    run(System.out);
  }

  static void run(PrintStream screen) throws IOException, InterruptedException {
    Route guarded =
        Route.of("/", connection -> connection.send("come in"))
            .withCheck(
                request ->
                    request.headers().first("Authorization").isPresent()
                        ? Optional.empty()
                        : Optional.of(
                            new Refusal(
                                401, Headers.of("WWW-Authenticate", "Bearer"), "Who are you?")));
    try (WebSocketServer server = WebSocketServer.builder().route(guarded).start()) {
      try (WebSocketClient client = WebSocketClient.create()) {
        client.connect(server.url("/")).awaitOpened();
      } catch (WebSocketError error) {
        HandshakeResponse response = error.response();
        if (response != null) {
          screen.println(response.status() + " " + response.bodyText());
          screen.println(response.headers().first("WWW-Authenticate").orElse("no way in"));
        }
      }
      try (WebSocketClient client =
          WebSocketClient.builder().header("Authorization", "Bearer abc").build()) {
        var connection = client.connect(server.url("/")).awaitOpened();
        connection.readable().forEach(screen::println);
      }
    }
  }
}
