package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.protocol.handshake.Headers;
import dev.weir.protocol.handshake.Refusal;
import dev.weir.streams.InvalidAccessError;
import dev.weir.streams.SyntaxError;
import dev.weir.testkit.Frame;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.testkit.ScriptedRequest;
import dev.weir.websocket.Message;
import dev.weir.websocket.MessageKinds;
import dev.weir.websocket.Route;
import dev.weir.websocket.ServerConnection;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTest {
  @Test
  void servesAHandlerOnAVirtualThreadWithTheRequest() {
    Server server =
        new Server(
            builder ->
                builder.route(
                    "/rooms/{room}",
                    connection -> {
                      assertThat(Thread.currentThread().isVirtual()).isTrue();
                      connection.send(
                          connection.request().parameters().get("room")
                              + " "
                              + connection.request().query()
                              + " "
                              + connection.request().headers().first("X-Own").orElse(""));
                      for (Message message : connection.readable()) {
                        connection.send("echo " + message);
                      }
                    }));
    ScriptedPeer client =
        server
            .transport
            .request("/rooms/a%20b?x=1", List.of(), Headers.of("X-Own", "own"))
            .awaitPeer();
    client.expectText("a b x=1 own").sendText("1").expectText("echo 1").sendText("2");
    client.expectText("echo 2").sendClose(1000, "").expectClose(1000, "").expectEnd().close();
    server.finish();
  }

  @Test
  @Rule("S10")
  void closesWithoutACodeWhereAPipeHandsOnOneThatOnlyAClientMaySend() {
    List<ServerConnection> connections = new ArrayList<>();
    Server server =
        new Server(
            builder ->
                builder.route(
                    Route.async(
                        "/",
                        connection -> {
                          connections.add(connection);
                          return connection.closed();
                        })));
    ScriptedPeer from = server.connect("/");
    ScriptedPeer to = server.connect("/");
    server.loop.runPending();
    assertThat(connections).hasSize(2);
    CompletableFuture<Void> pipe =
        connections.get(0).readable().pipeTo(connections.get(1).writable());
    from.sendClose(1010, "");
    // Lost, which makes an error of the close.
    assertThat(connections.get(0).sendAsync(Message.of("too late"))).isCompleted();
    from.expectClose(1010, "").expectEnd().close();
    to.expectClose().sendClose(1000, "").expectEnd().close();
    assertThat(server.loop.runUntilFailed(pipe))
        .isInstanceOfSatisfying(
            WebSocketError.class, error -> assertThat(error.closeCode()).isEqualTo(1010));
    server.finish();
  }

  @Test
  @Rule("S10")
  void endsAPipeOfAConnectionThatEndsUncleanlyWithItsError() {
    var pipe = new AtomicReference<CompletableFuture<Void>>();
    Server server =
        new Server(
            builder ->
                builder.route(
                    Route.async(
                        "/",
                        connection -> {
                          pipe.set(connection.readable().pipeTo(connection.writable()));
                          return pipe.get();
                        })));
    ScriptedPeer client = server.connect("/");
    client.sendText("echo").expectText("echo").reset();

    assertThat(server.loop.runUntilFailed(pipe.get()))
        .isInstanceOfSatisfying(
            WebSocketError.class, error -> assertThat(error.closeCode()).isEqualTo(1006));
    server.finish();
  }

  @Test
  @Rule({"C4", "H5"})
  void closesWith1000WhenTheHandlerReturnsAndEndsTheTransportFirst() {
    Server server = new Server(builder -> builder.route("/", connection -> connection.send("hi")));
    ScriptedPeer client = server.connect("/");
    client.expectText("hi").expectClose(1000, "").sendClose(1000, "").expectEnd().close();
    server.finish();
  }

  @Test
  @Rule("C4")
  void closesWith1011WithoutTheExceptionsTextWhenTheHandlerThrows() {
    Server server =
        new Server(
            builder ->
                builder
                    .route(
                        "/blocking",
                        connection -> {
                          throw new IOException("secret");
                        })
                    .route(
                        Route.async(
                            "/async",
                            connection ->
                                CompletableFuture.failedFuture(new IOException("secret"))))
                    .route(
                        Route.async(
                            "/throws",
                            connection -> {
                              throw new IllegalStateException("secret");
                            }))
                    .route(Route.async("/null", connection -> null)));
    try (LogRecords records = LogRecords.record()) {
      for (String path : List.of("/blocking", "/async", "/throws", "/null")) {
        ScriptedPeer client = server.connect(path);
        client.expectClose(1011, "").sendClose(1011, "").expectEnd().close();
      }
      assertThat(records.all()).as("the operator sees them").hasSize(4);
    }
    server.finish();
  }

  @Test
  void servesAnAsyncHandlerOnTheEventLoop() {
    Server server =
        new Server(
            builder ->
                builder.route(
                    Route.async(
                        "/",
                        connection -> {
                          var reader = connection.readable().getReader();
                          return reader
                              .read()
                              .thenCompose(result -> connection.sendAsync(result.value()));
                        })));
    ScriptedPeer client = server.connect("/");
    client.expectNothingMore().sendText("once").expectText("once");
    client.expectClose(1000, "").sendClose(1000, "").expectEnd().close();
    server.finish();
  }

  @Test
  @Rule("C4")
  void closesAllWith1001WhenItIsClosed() {
    Server server =
        new Server(builder -> builder.route("/", connection -> connection.awaitClosed()));
    ScriptedPeer first = server.connect("/");
    ScriptedPeer second = server.connect("/");
    assertThat(server.server.connections()).isEqualTo(2);
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    server.loop.start(
        () -> {
          server.server.close();
          return true;
        },
        closed);
    first.expectClose(1001, "").sendClose(1001, "").expectEnd().close();
    assertThat(closed).isNotDone();
    second.expectClose(1001, "").sendClose(1001, "").expectEnd().close();
    server.loop.runUntil(closed);
    server.finish();
  }

  @Test
  @Rule("C1")
  void closesAllWithAnotherCodeOfAServer() {
    Server server =
        new Server(builder -> builder.route("/", connection -> connection.awaitClosed()));
    ScriptedPeer client = server.connect("/");
    assertThatThrownBy(() -> server.server.close(1006, "")).isInstanceOf(InvalidAccessError.class);
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    server.loop.start(
        () -> {
          server.server.close(1012, "restart");
          return true;
        },
        closed);
    client.expectClose(1012, "restart").sendClose(1012, "").expectEnd().close();
    server.loop.runUntil(closed);
    server.finish();
  }

  @ParameterizedTest
  @Rule({"C1", "C4"})
  @ValueSource(ints = {1000, 1001, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 1014, 3000, 4999})
  void letsAHandlerCloseWithAServersCodes(int code) {
    Server server =
        new Server(builder -> builder.route("/", connection -> connection.close(code, "why")));
    ScriptedPeer client = server.connect("/");
    client.expectClose(code, "why").sendClose(code, "").expectEnd().close();
    server.finish();
  }

  @ParameterizedTest
  @Rule("C1")
  @ValueSource(ints = {0, 999, 1002, 1004, 1005, 1006, 1010, 1015, 1016, 2999, 5000})
  void refusesOtherCodesOfAHandlerAndClosesNothing(int code) {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Server server =
        new Server(
            builder ->
                builder.route(
                    "/",
                    connection -> {
                      try {
                        connection.close(code, "");
                      } catch (InvalidAccessError e) {
                        thrown.set(e);
                      }
                      connection.send("still open");
                    }));
    ScriptedPeer client = server.connect("/");
    client.expectText("still open").expectClose(1000, "").sendClose(1000, "").expectEnd().close();
    assertThat(thrown.get()).hasMessageContaining("but was " + code);
    server.finish();
  }

  @Test
  @Rule("C3")
  void refusesALongReasonOfAHandler() {
    Server server =
        new Server(
            builder ->
                builder.route(
                    "/",
                    connection -> {
                      assertThatThrownBy(() -> connection.close(1000, "x".repeat(124)))
                          .isInstanceOf(SyntaxError.class);
                      connection.send("still open");
                    }));
    ScriptedPeer client = server.connect("/");
    client.expectText("still open").expectClose(1000, "").sendClose(1000, "").expectEnd().close();
    server.finish();
  }

  @Test
  void refusesAPathWithoutARoute() {
    Server server = new Server(builder -> builder.route("/a", connection -> {}));
    assertThat(status(server, "/b")).isEqualTo(404);
    server.finish();
  }

  @Test
  void refusesAnotherOriginAndTakesNone() {
    Server server =
        new Server(
            builder ->
                builder.route(Route.of("/", connection -> {}).withOrigins("https://example.com")));
    assertThat(
            server
                .transport
                .request("/", List.of(), Headers.of("Origin", "https://evil.example"))
                .awaitResponse()
                .status())
        .isEqualTo(403);
    for (Headers headers : List.of(Headers.empty(), Headers.of("Origin", "HTTPS://EXAMPLE.com"))) {
      ScriptedPeer client = server.transport.request("/", List.of(), headers).awaitPeer();
      client.expectClose(1000, "").sendClose(1000, "").expectEnd().close();
    }
    server.finish();
  }

  @Test
  void asksItsChecksOnAVirtualThread() {
    Server server =
        new Server(
            builder ->
                builder.route(
                    Route.of("/{who}", connection -> {})
                        .withCheck(
                            request -> {
                              assertThat(Thread.currentThread().isVirtual()).isTrue();
                              return switch (request.parameters().get("who")) {
                                case "bad" -> Optional.of(Refusal.of(401, "who are you?"));
                                case "worse" -> throw new IOException("secret");
                                default -> Optional.empty();
                              };
                            })));
    ScriptedRequest bad = server.transport.request("/bad", List.of(), Headers.empty());
    assertThat(bad.awaitResponse().status()).isEqualTo(401);
    assertThat(bad.awaitResponse().bodyText()).isEqualTo("who are you?");
    try (LogRecords records = LogRecords.record()) {
      ScriptedRequest worse = server.transport.request("/worse", List.of(), Headers.empty());
      assertThat(worse.awaitResponse().status()).isEqualTo(500);
      assertThat(worse.awaitResponse().bodyText()).doesNotContain("secret");
      assertThat(records.all()).hasSize(1);
    }
    ScriptedPeer client = server.connect("/good");
    client.expectClose(1000, "").sendClose(1000, "").expectEnd().close();
    server.finish();
  }

  @Test
  void selectsTheFirstOfItsSubprotocolsThatTheClientOffers() {
    AtomicReference<String> seen = new AtomicReference<>();
    Server server =
        new Server(
            builder ->
                builder.route(
                    Route.of("/", connection -> seen.set(connection.protocol()))
                        .withProtocols("v2", "v1")));
    ScriptedPeer client =
        server.transport.request("/", List.of("v1", "v2", "v3"), Headers.empty()).awaitPeer();
    assertThat(client.protocol()).isEqualTo("v2");
    client.expectClose(1000, "").sendClose(1000, "").expectEnd().close();
    assertThat(seen.get()).isEqualTo("v2");
    server.finish();
  }

  @Test
  @Rule("C4")
  void failsABinaryMessageWith1003WhereOnlyTextIsTaken() {
    Server server =
        new Server(
            builder ->
                builder.route(
                    Route.of(
                            "/",
                            connection -> {
                              for (Message message : connection.readable()) {
                                connection.send(message);
                              }
                            })
                        .withMessages(MessageKinds.TEXT)));
    ScriptedPeer client = server.connect("/");
    client.sendText("a").expectText("a").sendBinary(new byte[] {1});
    assertThat(client.nextFrame().closeCode()).isEqualTo(1003);
    client.expectEnd().close();
    server.finish();
  }

  @Test
  @Rule({"C4", "P1"})
  void failsAnUnmaskedFrameWith1002() {
    Server server =
        new Server(builder -> builder.route("/", connection -> connection.awaitClosed()));
    ScriptedPeer client = server.connect("/");
    client.send("81 00");
    assertThat(client.nextFrame().closeCode()).isEqualTo(1002);
    client.expectEnd().close();
    server.finish();
  }

  @Test
  @Rule("H1")
  void tellsItsHandlerThatTheClientWentAway() {
    AtomicReference<WebSocketError> error = new AtomicReference<>();
    Server server =
        new Server(
            builder ->
                builder.route(
                    "/",
                    connection -> {
                      try {
                        for (Message message : connection.readable()) {
                          throw new AssertionError("unexpected " + message);
                        }
                      } catch (WebSocketError e) {
                        error.set(e);
                        throw e;
                      }
                    }));
    try (LogRecords records = LogRecords.record()) {
      server.connect("/").close();
      server.loop.runUntil(() -> error.get() != null);
      server.loop.runPending();
      assertThat(records.all()).as("a client that goes away is no failure of the server").isEmpty();
    }
    assertThat(error.get().closeCode()).isEqualTo(1006);
    server.finish();
  }

  @Test
  @Rule({"H1", "C6"})
  void tellsItsHandlerWithWhatTheClientClosed() {
    AtomicReference<WebSocketCloseInfo> info = new AtomicReference<>();
    Server server =
        new Server(builder -> builder.route("/", connection -> info.set(connection.awaitClosed())));
    ScriptedPeer client = server.connect("/");
    client.sendClose(4000, "bye").expectClose(4000, "bye").expectEnd().close();
    server.loop.runUntil(() -> info.get() != null);
    assertThat(info.get()).isEqualTo(new WebSocketCloseInfo(4000, "bye"));
    server.finish();
  }

  @Test
  @Rule("H7")
  void pingsSilentClientsByDefaultAndGivesThemUp() throws Exception {
    Server server =
        new Server(
            builder ->
                builder
                    .keepAlive(Duration.ofSeconds(20), Duration.ofSeconds(20))
                    .route("/", ServerConnection::awaitClosed));
    ScriptedPeer client = server.connect("/");
    server.loop.runPending();
    server.loop.advance(Duration.ofSeconds(20));
    client.expectPing();
    server.loop.advance(Duration.ofSeconds(20));
    client.expectEnd();
    assertThat(server.server.connections()).isZero();
    client.close();
    server.finish();
  }

  @Test
  @Rule("H6")
  void endsAConnectionWhoseHandlerDoesNotRead() {
    Server server =
        new Server(builder -> builder.route("/", connection -> connection.awaitClosed()));
    ScriptedPeer client = server.connect("/");
    client.link().toServer().window(1 << 22);
    for (int i = 0; i < 20; i++) {
      client.sendBinary(new byte[64 * 1024]);
    }
    server.loop.runPending();
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    server.loop.start(
        () -> {
          server.server.close();
          return true;
        },
        closed);
    client.expectClose(1001, "").sendClose(1001, "").expectEnd().close();
    server.loop.runUntil(closed);
    server.finish();
  }

  @Test
  @Rule("C4")
  void mayBeClosedByAHandlerWhichDoesNotWaitForItself() {
    var handled = new CompletableFuture<Boolean>();
    var holder = new AtomicReference<WebSocketServer>();
    Server server =
        new Server(
            builder ->
                builder.route(
                    "/",
                    connection -> {
                      holder.get().close();
                      handled.complete(true);
                    }));
    holder.set(server.server);
    ScriptedPeer client = server.connect("/");
    server.loop.runUntil(handled);
    // What came first counts: the handler's return, which says 1000, came later.
    client.expectClose(1001, "").sendClose(1001, "").expectEnd().close();
    server.loop.runUntil(server.server.shutdown(1012, ""));
    server.finish();
  }

  @Test
  @Rule("C4")
  void closesAConnectionThatIsAcceptedButNotYetOpenToo() {
    Server server =
        new Server(builder -> builder.route("/", connection -> connection.awaitClosed()));
    ScriptedRequest asking = server.transport.request("/", List.of(), Headers.empty());
    var end = new AtomicReference<CompletableFuture<Void>>();
    // After the request has been accepted, before its connection is handed over.
    server.loop.execute(() -> end.set(server.server.shutdown(1012, "restart")));
    ScriptedPeer client = asking.awaitPeer();
    client.expectClose(1012, "restart").sendClose(1012, "").expectEnd().close();
    server.loop.runUntil(end.get());
    server.finish();
  }

  @Test
  void doesNotWaitForItsEndWhereItIsShutDown() {
    Server server =
        new Server(builder -> builder.route("/", connection -> connection.awaitClosed()));
    ScriptedPeer client = server.connect("/");
    CompletableFuture<Void> end = server.server.shutdown(1012, "restart");
    client.expectClose(1012, "restart");
    assertThat(end).isNotDone();
    assertThat(server.server.shutdown(1001, "")).as("the first call counts").isNotDone();
    client.sendClose(1012, "").expectEnd().close();
    server.loop.runUntil(end);
    server.finish();
  }

  @Test
  void refusesNewConnectionsOnceItIsClosing() {
    Server server =
        new Server(builder -> builder.route("/", connection -> connection.awaitClosed()));
    ScriptedPeer client = server.connect("/");
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    server.loop.start(
        () -> {
          server.server.close();
          return true;
        },
        closed);
    client.expectClose(1001, "");
    assertThatThrownBy(() -> server.transport.request("/", List.of(), Headers.empty()))
        .as("no one listens any more")
        .isInstanceOf(IllegalStateException.class);
    client.sendClose(1001, "").expectEnd().close();
    server.loop.runUntil(closed);
    server.finish();
  }

  @Test
  @Rule("S12")
  void holdsAHandlerBackWhoseClientDoesNotRead() {
    Server server =
        new Server(
            builder ->
                builder.route(
                    "/",
                    connection -> {
                      for (int i = 0; i < 1_000; i++) {
                        connection.send("message " + i + "x".repeat(10_000));
                      }
                    }));
    ScriptedPeer client = server.connect("/");
    client.stopReading();
    server.loop.runUntil(() -> client.link().toClient().underWay() == 65_536);
    server.loop.runPending();
    client.resumeReading();
    for (int i = 0; i < 1_000; i++) {
      Frame message = client.nextMessage();
      assertThat(message.text()).startsWith("message " + i + "x");
    }
    client.expectClose(1000, "").sendClose(1000, "").expectEnd().close();
    server.finish();
  }

  private static int status(Server server, String target) {
    return server.transport.request(target, List.of(), Headers.empty()).awaitResponse().status();
  }
}
