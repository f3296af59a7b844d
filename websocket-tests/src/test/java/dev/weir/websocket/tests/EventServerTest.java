package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.protocol.handshake.Headers;
import dev.weir.streams.InvalidAccessError;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.websocket.EventWebSocketHandler;
import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.WebSocket;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketStream;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The event-style socket on a server. */
class EventServerTest {
  private final List<WebSocket> sockets = new ArrayList<>();
  private final List<EventLog> logs = new ArrayList<>();

  private final EventWebSocketHandler keeps =
      (socket, request) -> {
        sockets.add(socket);
        logs.add(new EventLog(socket));
      };

  private static Server serve(EventWebSocketHandler handler) {
    return new Server(builder -> builder.route(Route.events("/chat/{room}", handler)));
  }

  @Test
  @Rule({"W1", "W4", "S7"})
  void handsOverAnOpenSocketOnTheEventLoopBeforeItsFirstMessage() {
    List<String> seen = new ArrayList<>();
    List<Server> self = new ArrayList<>();
    Server server =
        serve(
            (socket, request) -> {
              seen.add(
                  socket.readyState()
                      + " "
                      + socket.url()
                      + " "
                      + request.parameters().get("room")
                      + " "
                      + self.get(0).loop.inEventLoop());
              socket.onMessage(
                  event ->
                      seen.add(
                          event.text() + " " + event.origin() + self.get(0).loop.inEventLoop()));
            });
    self.add(server);
    ScriptedPeer client = server.connect("/chat/den?x=1");
    client.sendText("hello");
    server.loop.runPending();
    assertThat(seen).hasSize(2).first().asString().matches("1 ws://[^/]+/chat/den\\?x=1 den true");
    assertThat(seen.get(1)).matches("hello ws://[^/]+true");
    client.sendClose().expectClose().expectEnd().close();
    server.finish();
  }

  @Test
  @Rule({"W2", "W4", "C6"})
  void echoesAndTellsThePeersCode() {
    Server server =
        serve(
            (socket, request) -> {
              keeps.opened(socket, request);
              socket.onMessage(event -> socket.send(event.message()));
            });
    ScriptedPeer client = server.connect("/chat/a");
    client.sendText("one").sendBinary(new byte[] {2}).sendText("");
    client.expectText("one").expectBinary(new byte[] {2}).expectText("");
    assertThat(sockets.get(0).bufferedAmount()).isZero();
    client.sendClose(4321, "enough").expectClose(4321, "enough").expectEnd().close();
    server.loop.runPending();
    assertThat(logs.get(0).take())
        .containsExactly(
            "message @1 one",
            "message @1 1 bytes: 02",
            "message @1 ",
            "close @3 4321 \"enough\" clean");
    server.finish();
  }

  @Test
  @Rule({"W3", "C1"})
  void closesWithAServersCodes() {
    Server server = serve(keeps);
    ScriptedPeer client = server.connect("/chat/a");
    server.loop.runPending();
    WebSocket socket = sockets.get(0);
    for (int code : new int[] {999, 1002, 1005, 1006, 1010, 1015, 2000, 5000}) {
      assertThatThrownBy(() -> socket.close(code, "")).isInstanceOf(InvalidAccessError.class);
    }
    assertThat(socket.readyState()).isEqualTo(WebSocket.OPEN);
    socket.close(1012, "be back");
    client.expectClose(1012, "be back").sendClose(1012, "be back").expectEnd().close();
    server.loop.runPending();
    assertThat(logs.get(0).take()).containsExactly("close @3 1012 \"be back\" clean");
    server.finish();
  }

  @ParameterizedTest
  @Rule({"C1", "W3"})
  @ValueSource(ints = {1000, 1001, 1003, 1007, 1008, 1009, 1011, 1012, 1013, 1014, 3000, 4999})
  void mayCloseWithEachCodeOfAServer(int code) {
    Server server = serve((socket, request) -> socket.close(code));
    ScriptedPeer client = server.connect("/chat/a");
    client.expectClose(code, "").sendClose(code, "").expectEnd().close();
    server.finish();
  }

  @Test
  @Rule({"W6", "C4"})
  void closesWith1011WhenTheHandlerThrows() {
    try (LogRecords logged = LogRecords.record()) {
      Server server =
          serve(
              (socket, request) -> {
                keeps.opened(socket, request);
                throw new Exception("no room");
              });
      ScriptedPeer client = server.connect("/chat/a");
      client.expectClose(1011, "").sendClose(1011, "").expectEnd().close();
      server.loop.runPending();
      assertThat(logs.get(0).take()).containsExactly("close @3 1011 \"\" clean");
      assertThat(logged.all())
          .singleElement()
          .satisfies(logRecord -> assertThat(logRecord.getLevel()).isEqualTo(Level.WARNING));
      server.finish();
    }
  }

  @Test
  @Rule("W6")
  void staysOpenWhenAListenerThrows() {
    List<Throwable> reported = new ArrayList<>();
    Server server =
        serve(
            (socket, request) -> {
              socket.onListenerError((event, thrown) -> reported.add(thrown));
              socket.onMessage(
                  event -> {
                    socket.send("got " + event.text());
                    throw new Exception(event.text());
                  });
            });
    ScriptedPeer client = server.connect("/chat/a");
    client.sendText("a").sendText("b").expectText("got a").expectText("got b");
    assertThat(reported).extracting(Throwable::getMessage).containsExactly("a", "b");
    client.sendClose().expectClose().expectEnd().close();
    server.finish();
  }

  @Test
  @Rule({"W2", "H3"})
  void sendsToOthersFromAListener() {
    Server server =
        serve(
            (socket, request) -> {
              keeps.opened(socket, request);
              socket.onMessage(event -> sockets.forEach(other -> other.send(event.message())));
              socket.onClose(event -> sockets.remove(socket));
            });
    List<ScriptedPeer> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      clients.add(server.connect("/chat/a"));
    }
    clients.get(1).sendText("hi all");
    clients.forEach(client -> client.expectText("hi all"));
    clients.get(0).sendClose().expectClose().expectEnd().close();
    server.loop.runPending();
    clients.get(2).sendText("bye");
    clients.get(1).expectText("bye");
    clients.get(2).expectText("bye");
    assertThat(sockets).hasSize(2);
    for (ScriptedPeer client : clients.subList(1, 3)) {
      client.sendClose().expectClose().expectEnd().close();
    }
    server.finish();
  }

  @Test
  @Rule({"W4", "C4"})
  void endsWithItsServer() {
    Server server = serve(keeps);
    ScriptedPeer client = server.connect("/chat/a");
    client.onFrame(frame -> client.sendClose(1001, "").shutdownOutput());
    server.loop.runPending();
    server.finish();
    assertThat(logs.get(0).take()).containsExactly("close @3 1001 \"\" clean");
    assertThat(sockets.get(0).readyState()).isEqualTo(WebSocket.CLOSED);
  }

  @Test
  @Rule({"S8", "H6"})
  void slowsAClientWhileItIsPaused() {
    Server server =
        serve(
            (socket, request) -> {
              keeps.opened(socket, request);
              socket.pause();
            });
    ScriptedPeer client = server.connect("/chat/a");
    for (int i = 0; i < 20; i++) {
      client.sendBinary(new byte[64 * 1024]);
    }
    server.loop.runPending();
    assertThat(client.unsentBytes()).isPositive();
    assertThat(logs.get(0).take()).isEmpty();
    sockets.get(0).resume();
    server.loop.runPending();
    assertThat(logs.get(0).take()).hasSize(20);
    client.sendClose().expectClose().expectEnd().close();
    server.finish();
  }

  @Test
  @Rule("S2")
  void tellsTheSubprotocolThatTheRouteSelected() {
    Server server =
        new Server(builder -> builder.route(Route.events("/", keeps).withProtocols("v2", "v1")));
    ScriptedPeer client =
        server.transport.request("/", List.of("v1", "v2"), Headers.empty()).awaitPeer();
    server.loop.runPending();
    assertThat(sockets.get(0).protocol()).isEqualTo("v2");
    client.sendClose().expectClose().expectEnd().close();
    server.finish();
  }

  @Test
  @Rule({"W4", "S7", "H1"})
  void talksWithEitherStyleOfClient() {
    Server server =
        serve((socket, request) -> socket.onMessage(event -> socket.send(event.message())));
    try (WebSocketClient client = WebSocketClient.builder().transport(server.transport).build()) {
      WebSocket events = client.webSocket(server.server.url("/chat/a"));
      EventLog log = new EventLog(events);
      events.onOpen(event -> events.send("by events"));
      server.loop.runPending();
      assertThat(log.take()).containsExactly("open @1", "message @1 by events");
      events.close(1000, "done");
      server.loop.runPending();
      assertThat(log.take()).containsExactly("close @3 1000 \"done\" clean");

      WebSocketStream stream = client.connect(server.server.url("/chat/b"));
      WebSocketConnection connection = server.loop.runUntil(stream.opened());
      var unused = connection.sendAsync(Message.of("by streams"));
      assertThat(server.loop.runUntil(connection.readable().getReader().read()).value())
          .isEqualTo(Message.of("by streams"));
      stream.close();
      assertThat(server.loop.runUntil(stream.closed()).closeCode()).isEqualTo(1005);
    }
    server.finish();
  }
}
