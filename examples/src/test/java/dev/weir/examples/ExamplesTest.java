package dev.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.WebSocketStream;
import dev.weir.websocket.WebSocketStreamOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs each example to its end. */
@Timeout(60)
class ExamplesTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream screen = new PrintStream(written, true, StandardCharsets.UTF_8);

  private List<String> lines() {
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void thePingClientTellsEachStepAndHowItWasDisconnected() throws Exception {
    try (WebSocketServer server = PingClient.answering(2)) {
      PingClient.run(server.url("/"), Duration.ZERO, screen);
    }
    assertThat(lines())
        .containsExactly(
            "CONNECTED",
            "SENT: ping",
            "RECEIVED: ping",
            "SENT: ping",
            "RECEIVED: ping",
            "SENT: ping",
            "DISCONNECTED: code 1000, message \"That's all folks\"");
  }

  @Test
  void thePingClientTellsAlsoOfAnEndThatIsNotClean() throws Exception {
    try (WebSocketServer server =
        WebSocketServer.builder()
            .route(
                "/",
                connection -> {
                  connection.readable().iterator().next();
                  connection.abort();
                })
            .start()) {
      PingClient.run(server.url("/"), Duration.ZERO, screen);
    }
    assertThat(lines())
        .startsWith("CONNECTED", "SENT: ping", "DISCONNECTED: code 1006, message \"\"");
  }

  @Test
  void theRoutesServerEchoesChatsAndTellsTheTime() throws Exception {
    try (WebSocketServer server = RoutesServer.start(0)) {
      try (var echo = new WebSocketStream(server.url("/echo"))) {
        var connection = echo.awaitOpened();
        connection.send("hello");
        assertThat(connection.readable().getReader().readBlocking()).hasToString("hello");
      }
      try (var ann = new WebSocketStream(server.url("/rooms/blue"));
          var bob = new WebSocketStream(server.url("/rooms/blue"))) {
        var annReads = ann.awaitOpened().readable().getReader();
        assertThat(annReads.readBlocking()).hasToString("welcome to blue");
        var bobReads = bob.awaitOpened().readable().getReader();
        assertThat(bobReads.readBlocking()).hasToString("welcome to blue");
        ann.awaitOpened().send("hi");
        assertThat(bobReads.readBlocking()).hasToString("hi");
      }
      try (var time =
          new WebSocketStream(
              server.url("/time"), WebSocketStreamOptions.DEFAULT.withProtocols("iso"))) {
        var now = time.awaitOpened().readable().getReader().readBlocking();
        assertThat(Instant.parse(String.valueOf(now))).isBefore(Instant.now().plusSeconds(1));
      }
    }
  }

  @Test
  void backpressureHoldsTheSenderAndLosesNothing() throws Exception {
    Backpressure.run(screen);
    assertThat(lines())
        .containsExactly(
            "the sender waits, long before it has sent all",
            "the reader begins: 65536",
            "sent 1000, received 1000, lost none");
  }

  @Test
  void aRefusedUpgradeSaysWhy() throws Exception {
    RefusedUpgrade.run(screen);
    assertThat(lines()).containsExactly("401 Who are you?", "Bearer", "come in");
  }

  @Test
  void signalsAbortAndClose() throws Exception {
    Aborting.run(screen);
    assertThat(lines()).containsExactly("not opened: TimeoutError", "closed with 1005");
  }

  @Test
  void theChatServerTellsWhoJoinsSaysSomethingAndLeaves() throws Exception {
    try (WebSocketServer server = ChatServer.start(0);
        var ann = new WebSocketStream(server.url("/chat"))) {
      ann.awaitOpened().send("Ann");
      var annReads = ann.awaitOpened().readable().getReader();
      assertThat(annReads.readBlocking()).hasToString("Ann joined");

      ChatEvents.run(server.url("/chat"), "Eve", screen);
      for (String what : List.of("Eve joined", "Eve: hello", "Eve: bye", "Eve left")) {
        assertThat(annReads.readBlocking()).hasToString(what);
      }
      ChatStream.run(server.url("/chat"), "Sam", screen);
      for (String what : List.of("Sam joined", "Sam: hello", "Sam: bye", "Sam left")) {
        assertThat(annReads.readBlocking()).hasToString(what);
      }
    }
    assertThat(lines())
        .containsExactly(
            "Eve joined",
            "Eve: hello",
            "Eve: bye",
            "closed: 1000 that was all",
            "Sam joined",
            "Sam: hello",
            "Sam: bye",
            "closed: 1000 that was all");
  }

  @Test
  void theGatewayPassesOnMessagesAndHowTheServerBehindClosed() throws Exception {
    try (WebSocketServer behind =
            WebSocketServer.builder()
                .route(
                    "/once",
                    connection -> {
                      connection.send(connection.readable().iterator().next());
                      connection.close(4321, "that was it");
                    })
                .start();
        WebSocketServer gateway = Gateway.start(0, behind.url(""));
        var stream = new WebSocketStream(gateway.url("/once?x=1"))) {
      var connection = stream.awaitOpened();
      connection.send("hello");
      assertThat(connection.readable().getReader().readBlocking()).hasToString("hello");
      assertThat(stream.awaitClosed()).isEqualTo(new WebSocketCloseInfo(4321, "that was it"));
    }
  }

  @Test
  @Rule("C4")
  void theGatewayIsABadOneWhereTheServerBehindHasNoWebSocketOrBreaksOff() throws Exception {
    try (WebSocketServer behind =
            WebSocketServer.builder().route("/breaks", connection -> connection.abort()).start();
        WebSocketServer gateway = Gateway.start(0, behind.url(""))) {
      for (String path : List.of("/none", "/breaks")) {
        try (var stream = new WebSocketStream(gateway.url(path))) {
          assertThat(stream.awaitClosed().closeCode()).isEqualTo(1014);
        }
      }
    }
  }

  @Test
  void theChatProgramsTellThatThereIsNoServer() throws Exception {
    String url;
    try (WebSocketServer gone = ChatServer.start(0)) {
      url = gone.url("/nowhere");
      ChatEvents.run(url, "Eve", screen);
      ChatStream.run(url, "Sam", screen);
    }
    assertThat(lines()).hasSize(4);
    assertThat(lines().get(0)).startsWith("failed: ").contains("404");
    assertThat(lines().get(1)).isEqualTo("closed: 1006 ");
    assertThat(lines().subList(2, 4)).isEqualTo(lines().subList(0, 2));
  }
}
