package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.protocol.handshake.HandshakeRequest;
import dev.weir.protocol.handshake.Headers;
import dev.weir.streams.InvalidStateError;
import dev.weir.testkit.Frame;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.websocket.Message;
import dev.weir.websocket.ObservedFrame;
import dev.weir.websocket.Route;
import dev.weir.websocket.Topic;
import dev.weir.websocket.Topics;
import dev.weir.websocket.UpgradeRequest;
import dev.weir.websocket.WebSocket;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WireObserver;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Topics and broadcasts where everybody keeps up. */
class TopicTest {
  private static final CompressionOptions OFF = CompressionOptions.off();

  private final Topics topics = new Topics();
  private final Topic topic = topics.topic("news");
  private final List<WebSocket> sockets = new ArrayList<>();
  private final Server server =
      new Server(
          builder ->
              builder
                  .route(Route.events("/", (socket, request) -> sockets.add(socket)))
                  .route(
                      Route.events(
                          "/member",
                          (socket, request) -> {
                            sockets.add(socket);
                            topic.subscribe(socket);
                          }))
                  .route(
                      "/blocking",
                      connection -> {
                        topic.subscribe(connection);
                        for (Message message : connection.readable()) {
                          topic.publish(message, connection).get();
                        }
                      }));

  private ScriptedPeer member() {
    ScriptedPeer peer = server.connect("/member");
    server.loop.runPending();
    return peer;
  }

  private void onLoop(Runnable task) {
    server.loop.execute(task);
    server.loop.runPending();
  }

  private static void leave(ScriptedPeer peer) {
    peer.sendClose(1000, "").expectClose(1000, "").expectEnd().close();
  }

  @Test
  void publishesToAllMembersAndToNobodyElse() {
    ScriptedPeer first = member();
    ScriptedPeer second = member();
    ScriptedPeer other = server.connect("/");
    CompletableFuture<Void> text = topic.publish("é");
    CompletableFuture<Void> binary = topic.publish(Message.of(new byte[] {7}));
    server.loop.runPending();
    for (ScriptedPeer peer : List.of(first, second)) {
      peer.expect("81 02 c3 a9").expect("82 01 07").expectNothingMore();
      leave(peer);
    }
    other.expectNothingMore();
    leave(other);
    assertThat(text).isCompleted();
    assertThat(binary).isCompleted();
    assertThat(topic.stats().published()).isEqualTo(2);
    assertThat(topic.stats().delivered()).isEqualTo(4);
    server.finish();
  }

  @Test
  void leavesOneOutWhereWanted() {
    ScriptedPeer first = member();
    ScriptedPeer second = member();
    topic.publish(Message.of("to the second"), sockets.get(0));
    topic.publish(Message.of("to the first"), sockets.get(1));
    first.expectText("to the first").expectNothingMore();
    second.expectText("to the second").expectNothingMore();
    leave(first);
    leave(second);
    server.finish();
  }

  @Test
  void joinsBothStylesOfServingAndAnyThread() {
    ScriptedPeer events = member();
    ScriptedPeer first = server.connect("/blocking");
    ScriptedPeer second = server.connect("/blocking");
    server.loop.runUntil(() -> topic.stats().members() == 3);
    first.sendText("hello");
    second.expectText("hello").expectNothingMore();
    events.expectText("hello").expectNothingMore();
    first.expectNothingMore();
    for (ScriptedPeer peer : List.of(events, first, second)) {
      leave(peer);
    }
    server.finish();
    assertThat(topic.stats().members()).isZero();
  }

  @Test
  void joinsClientsConnectionsTooOnceTheyAreOpen() {
    WebSocketClient client = WebSocketClient.builder().transport(server.transport).build();
    WebSocket socket = client.webSocket(server.server.url("/"));
    assertThatThrownBy(() -> topic.subscribe(socket)).isInstanceOf(InvalidStateError.class);
    assertThat(topic.publish(Message.of("not to this one"), socket)).isCompleted();
    server.loop.runUntil(() -> socket.readyState() == WebSocket.OPEN);
    List<Object> received = new ArrayList<>();
    sockets.get(0).onMessage(event -> received.add(event.data()));
    topic.subscribe(socket);
    topic.publish("up");
    server.loop.runUntil(() -> received.contains("up"));
    socket.close();
    server.loop.runUntil(() -> socket.readyState() == WebSocket.CLOSED);
    topic.subscribe(socket);
    server.loop.runPending();
    assertThat(topic.stats().members()).isZero();
    server.loop.run(client::close);
    server.finish();
  }

  @Test
  void takesTheBytesAtTheTimeOfTheCall() {
    ScriptedPeer peer = member();
    byte[] bytes = {1, 2};
    topic.publish(Message.of(bytes));
    bytes[0] = 9;
    peer.expectBinary(new byte[] {1, 2});
    topic.publish("\ud800");
    peer.expect("81 03 ef bf bd");
    leave(peer);
    server.finish();
  }

  @Test
  void countsAMemberOnceHoweverOftenItIsSubscribed() {
    ScriptedPeer peer = member();
    topic.subscribe(sockets.get(0));
    onLoop(() -> topic.subscribe(sockets.get(0)));
    topic.publish("once");
    peer.expectText("once").expectNothingMore();
    assertThat(topic.stats().members()).isOne();
    topic.unsubscribe(sockets.get(0));
    topic.unsubscribe(sockets.get(0));
    topic.publish("never");
    peer.expectNothingMore();
    assertThat(topic.stats().members()).isZero();
    topic.subscribe(sockets.get(0));
    topic.publish("again");
    peer.expectText("again").expectNothingMore();
    leave(peer);
    server.finish();
  }

  @Test
  void takesWhatOneThreadDoesInItsOrder() {
    ScriptedPeer peer = server.connect("/");
    server.loop.runPending();
    WebSocket socket = sockets.get(0);
    Topic other = topics.topic("other");
    socket.send("1");
    topic.subscribe(socket);
    topic.publish("2");
    other.subscribe(socket);
    other.publish("3");
    topic.publish("4");
    topic.unsubscribe(socket);
    topic.publish("not this");
    other.publish("5");
    for (int i = 1; i <= 5; i++) {
      peer.expectText(Integer.toString(i));
    }
    peer.expectNothingMore();
    leave(peer);
    server.finish();
  }

  @Test
  void keepsItsPlaceAmongMessagesThatAreSentOnTheEventLoop() {
    ScriptedPeer peer = member();
    onLoop(
        () -> {
          sockets.get(0).send("1");
          topic.publish("2");
          sockets.get(0).send("3");
          topic.publish("4");
        });
    for (int i = 1; i <= 4; i++) {
      peer.expectText(Integer.toString(i));
    }
    leave(peer);
    server.finish();
  }

  @Test
  @Rule("H3")
  void sendsNothingBehindACloseAndAllThatCameBeforeIt() {
    ScriptedPeer closing = member();
    ScriptedPeer staying = member();
    onLoop(
        () -> {
          topic.publish("before");
          sockets.get(0).close(1000, "");
          topic.publish("after");
        });
    closing.expectText("before").expectClose(1000, "").expectNothingMore();
    topic.publish("later");
    closing.expectNothingMore();
    assertThat(topic.stats().members()).isOne();
    closing.sendClose(1000, "").expectEnd().close();
    staying.expectText("before").expectText("after").expectText("later");
    leave(staying);
    server.finish();
    assertThat(topic.stats().members()).isZero();
  }

  @Test
  @Rule("H3")
  void sendsWhatWasPublishedBeforeTheSameThreadCloses() {
    ScriptedPeer peer = member();
    topic.publish("before");
    sockets.get(0).close(1000, "");
    peer.expectText("before").expectClose(1000, "").sendClose(1000, "").expectEnd().close();
    assertThat(topic.stats().delivered()).isOne();
    server.finish();
  }

  @Test
  @Rule("H3")
  void sendsWhatWasPublishedBeforeTheServerIsShutDown() {
    ScriptedPeer peer = server.connect("/");
    server.loop.runPending();
    sockets.get(0).send("sent");
    server.server.broadcast(Message.of("back in five minutes"));
    CompletableFuture<Void> stopped = server.server.shutdown(1001, "");
    peer.expectText("sent").expectText("back in five minutes").expectClose(1001, "");
    peer.sendClose(1001, "").expectEnd().close();
    server.loop.runUntil(stopped);
    server.finish();
  }

  @Test
  void countsWhatIsDeliveredForEachTopicOfAMember() {
    ScriptedPeer peer = member();
    Topic other = topics.topic("other");
    other.subscribe(sockets.get(0));
    onLoop(
        () -> {
          topic.publish("1");
          other.publish("2");
        });
    peer.expectText("1").expectText("2");
    assertThat(topic.stats().delivered()).isOne();
    assertThat(other.stats().delivered()).isOne();
    leave(peer);
    server.finish();
  }

  @Test
  void keepsTheOrderWhereSomebodySendsBecauseOfWhatIsSent() {
    Server own =
        observed(
            text -> {
              if (text.equals("1")) {
                topic.publish("4");
                sockets.get(0).send("5");
                topic.publish("6");
              }
            });
    ScriptedPeer peer = own.connect("/");
    own.loop.runPending();
    topic.publish("1");
    topic.publish("2");
    topic.publish("3");
    for (int i = 1; i <= 6; i++) {
      peer.expectText(Integer.toString(i));
    }
    assertThat(topic.stats().delivered()).isEqualTo(5);
    leave(peer);
    own.finish();
    server.finish();
  }

  @Test
  void goesOnAfterAnErrorInTheMiddleOfWhatIsSent() {
    Server own =
        observed(
            text -> {
              if (text.equals("1")) {
                throw new AssertionError("one");
              }
            });
    ScriptedPeer first = own.connect("/");
    own.loop.runPending();
    topic.publish("1");
    CompletableFuture<Void> second = topic.publish("2");
    assertThatThrownBy(own.loop::runPending).hasMessage("one");
    topic.publish("3");
    first.expectText("2").expectText("3");
    assertThat(second).isCompleted();
    leave(first);
    own.finish();
    server.finish();
  }

  /** A server whose connections are all members, and that shows the texts that it sends. */
  private Server observed(Consumer<String> texts) {
    WireObserver observer =
        new WireObserver() {
          @Override
          public void frameSent(ObservedFrame frame) {
            texts.accept(new String(frame.preview(), StandardCharsets.UTF_8));
          }
        };
    return new Server(
        builder ->
            builder
                .observer(observer)
                .route(
                    Route.events(
                        "/",
                        (socket, request) -> {
                          sockets.add(socket);
                          topic.subscribe(socket);
                        })));
  }

  @Test
  void publishesFromInsideListenersAndLeavesThere() {
    ScriptedPeer first = member();
    ScriptedPeer second = member();
    sockets
        .get(0)
        .onMessage(
            event -> {
              topic.publish(event.message());
              topic.unsubscribe(sockets.get(1));
              topic.publish("without the second");
              sockets.get(0).close();
              topic.publish("without the first");
            });
    sockets.get(1).onClose(event -> topic.publish("the second has left"));
    first.sendText("hello");
    first.expectText("hello").expectText("without the second").expectClose();
    second.expectText("hello").expectNothingMore();
    first.sendClose().expectEnd().close();
    leave(second);
    assertThat(topic.stats().members()).isZero();
    server.finish();
  }

  @Test
  @Rule({"B1", "P1"})
  void waitsBehindAMessageUnderWayAndLetsControlFramesPass() {
    ScriptedPeer peer = member();
    peer.stopReading().link().toClient().window(1000);
    byte[] large = new byte[1 << 20];
    onLoop(
        () -> {
          sockets.get(0).send(large);
          topic.publish("behind");
        });
    peer.sendPing(new byte[] {5});
    server.loop.runPending();
    peer.resumeReading();
    List<Integer> opcodes = new ArrayList<>();
    int bytes = 0;
    Frame frame = peer.nextFrame();
    while (frame.opcode() != Frame.TEXT) {
      opcodes.add(frame.opcode());
      bytes += frame.isControl() ? 0 : frame.payload().length;
      frame = peer.nextFrame();
    }
    assertThat(frame.text()).isEqualTo("behind");
    assertThat(bytes).isEqualTo(large.length);
    assertThat(opcodes).contains(Frame.PONG).startsWith(Frame.BINARY).endsWith(Frame.CONTINUATION);
    leave(peer);
    server.finish();
  }

  @Test
  @Rule("P3")
  void compressesForEachAsItAgreedTo() {
    CompressionOptions takeover = CompressionOptions.server().withTakeover(true, true);
    Server own =
        new Server(
            builder ->
                builder
                    .route(Route.events("/none", this::join).withCompression(OFF))
                    .route(Route.events("/takeover", this::join).withCompression(takeover))
                    .route(Route.events("/**", this::join)));
    String offer = "permessage-deflate";
    List<ScriptedPeer> peers =
        List.of(
            deflating(own, "/none", offer),
            deflating(own, "/takeover", offer),
            deflating(own, "/a", offer),
            deflating(own, "/b", offer),
            deflating(own, "/c", offer + "; server_max_window_bits=10"));
    own.loop.runPending();
    String text = "{\"symbol\":\"EUR\",\"rate\":1.0842},".repeat(20);
    topic.publish(text);
    topic.publish("short");
    topic.publish(text);
    own.loop.runPending();
    List<Frame> first = peers.stream().map(ScriptedPeer::nextFrame).toList();
    peers.forEach(peer -> peer.expectText("short"));
    List<Frame> second = peers.stream().map(ScriptedPeer::nextFrame).toList();

    assertThat(first.get(0).text()).isEqualTo(text);
    for (int i = 1; i < first.size(); i++) {
      assertThat(first.get(i).rsv()).isEqualTo(4);
      assertThat(Deflated.text(first.get(i).payload())).isEqualTo(text);
    }
    assertThat(second.get(1).payload().length)
        .as("refers back to the first")
        .isLessThan(first.get(1).payload().length / 2);
    for (int i = 2; i < first.size(); i++) {
      assertThat(second.get(i)).isEqualTo(first.get(i));
    }
    assertThat(first.get(3)).isEqualTo(first.get(2));
    peers.forEach(TopicTest::leave);
    own.finish();
    server.finish();
  }

  @Test
  @Rule("P3")
  void compressesNothingOfAMessageThatIsToGoAsItIs() {
    CompressionOptions takeover = CompressionOptions.server().withTakeover(true, true);
    Server own =
        new Server(
            builder ->
                builder
                    .route(Route.events("/takeover", this::join).withCompression(takeover))
                    .route(Route.events("/**", this::join)));
    List<ScriptedPeer> peers =
        List.of(
            deflating(own, "/takeover", "permessage-deflate"),
            deflating(own, "/a", "permessage-deflate"));
    own.loop.runPending();
    String text = "secret=1&guess=secret".repeat(20);
    // The second waits behind the first, which takes more than one turn.
    byte[] large = new byte[300_000];
    topic.publish(Message.of(large), false);
    topic.publish(Message.of(text), false);
    topic.publish(Message.of(text), true);
    own.loop.runPending();
    for (ScriptedPeer peer : peers) {
      int bytes = 0;
      while (bytes < large.length) {
        Frame frame = peer.nextFrame();
        assertThat(frame.rsv()).isZero();
        bytes += frame.payload().length;
        own.loop.runPending();
      }
      Frame plain = peer.nextFrame();
      assertThat(plain.rsv()).isZero();
      assertThat(plain.text()).isEqualTo(text);
      assertThat(peer.nextFrame().rsv()).isEqualTo(4);
    }
    peers.forEach(TopicTest::leave);
    own.finish();
    server.finish();
  }

  private static ScriptedPeer deflating(Server server, String path, String extensions) {
    return server
        .transport
        .request(
            new HandshakeRequest(
                "GET",
                path,
                Headers.of(
                    "Host",
                    "example.com",
                    "Upgrade",
                    "websocket",
                    "Connection",
                    "Upgrade",
                    "Sec-WebSocket-Key",
                    "dGhlIHNhbXBsZSBub25jZQ==",
                    "Sec-WebSocket-Version",
                    "13",
                    "Sec-WebSocket-Extensions",
                    extensions)))
        .awaitPeer();
  }

  private void join(WebSocket socket, UpgradeRequest request) {
    topic.subscribe(socket);
  }

  @Test
  void broadcastsToAllThatAreOpenWhenItIsCalled() {
    ScriptedPeer early = server.connect("/");
    server.loop.runPending();
    CompletableFuture<Void> first = server.server.broadcast(Message.of("first"));
    ScriptedPeer late = server.connect("/blocking");
    server.loop.runUntil(() -> topic.stats().members() == 1);
    server.server.broadcast(Message.of("second"));
    early.expectText("first").expectText("second").expectNothingMore();
    late.expectText("second").expectNothingMore();
    assertThat(first).isCompleted();
    assertThat(server.server.everyone().stats().members()).isEqualTo(2);

    server.server.everyone().publish(Message.of("to others"), sockets.get(0));
    late.expectText("to others");
    server.server.everyone().unsubscribe(sockets.get(0));
    server.server.broadcast(Message.of("third"));
    late.expectText("third");
    early.expectNothingMore();

    leave(early);
    leave(late);
    server.loop.runPending();
    assertThat(server.server.everyone().stats().members()).isZero();
    assertThat(server.server.everyone().stats().delivered()).isEqualTo(5);
    server.finish();
    assertThat(server.server.broadcast(Message.of("to nobody"))).isCompleted();
  }

  @Test
  void countsWhatIsPublishedInTheBufferedAmount() {
    ScriptedPeer peer = member();
    peer.stopReading().link().toClient().window(1);
    onLoop(() -> topic.publish("x".repeat(1000)));
    assertThat(sockets.get(0).bufferedAmount()).isEqualTo(1000);
    peer.resumeReading().expectText("x".repeat(1000));
    server.loop.runPending();
    assertThat(sockets.get(0).bufferedAmount()).isZero();
    leave(peer);
    server.finish();
  }

  @Test
  void leavesOutConnectionsThatEndWithoutAClose() {
    ScriptedPeer reset = member();
    ScriptedPeer staying = member();
    reset.reset();
    topic.publish("one");
    staying.expectText("one");
    assertThat(topic.stats().members()).isOne();
    topic.subscribe(sockets.get(0));
    server.loop.runPending();
    assertThat(topic.stats().members()).isOne();
    leave(staying);
    server.finish();
  }
}
