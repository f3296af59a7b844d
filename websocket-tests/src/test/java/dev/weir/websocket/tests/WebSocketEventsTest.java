package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.protocol.close.ProtocolViolation;
import dev.weir.protocol.connection.Limits;
import dev.weir.streams.InvalidAccessError;
import dev.weir.streams.SyntaxError;
import dev.weir.testkit.ScriptedOpening;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.websocket.CloseEvent;
import dev.weir.websocket.ObservedFrame;
import dev.weir.websocket.WebSocket;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WireObserver;
import dev.weir.websocket.opening.OpeningFailure;
import dev.weir.websocket.opening.OpeningFailure.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The events of a client's socket, from open to close. */
class WebSocketEventsTest {
  private final EventClient client = new EventClient();

  @Test
  @Rule({"W4", "S19", "C6"})
  void tellsOpenMessagesAndCloseInOrder() {
    WebSocket socket = client.connect(EventClient.DEFAULT);
    EventLog log = new EventLog(socket);
    ScriptedPeer peer = client.base.transport.nextOpening().accept();
    // All of it has come before the open event is delivered.
    peer.sendText("a").sendBinary(new byte[2]).sendText("b").sendClose(4000, "bye");
    client.run();
    assertThat(log.take())
        .containsExactly("open @1", "message @1 a", "message @1 2 bytes: 00 00", "message @1 b");
    peer.expectClose(4000, "bye").shutdownOutput();
    assertThat(socket.readyState()).isEqualTo(WebSocket.CLOSING);
    client.run();
    assertThat(log.take()).containsExactly("close @3 4000 \"bye\" clean");
    client.new Open(socket, log, peer).assertOver();
  }

  @Test
  @Rule({"W4", "W3", "S17"})
  void failsFromCloseWhileConnectingOnlyAfterTheCallHasReturned() {
    WebSocket socket = client.connect(EventClient.DEFAULT);
    EventLog log = new EventLog(socket);
    ScriptedOpening opening = client.base.transport.nextOpening();
    client.onLoop(
        () -> {
          socket.close(3000, "changed my mind");
          assertThat(socket.readyState()).isEqualTo(WebSocket.CLOSING);
          assertThat(log.take()).isEmpty();
        });
    assertThat(log.take()).containsExactly("error @3", "close @3 1006 \"\" unclean");
    assertThat(opening.cancellation()).isNotNull();
    assertThat(log.error.message()).contains("close()");
    socket.close();
    client.run();
    assertThat(log.take()).isEmpty();
    client.base.loop.assertIdle();
  }

  @Test
  @Rule({"W3", "S17"})
  void failsFromCloseAlsoWhenItIsOpenAndTheEventHasNotComeYet() {
    ManualExecutor executor = new ManualExecutor();
    WebSocket socket = client.connect(EventClient.DEFAULT.withExecutor(executor));
    EventLog log = new EventLog(socket);
    ScriptedPeer peer = client.base.transport.nextOpening().accept();
    client.run();
    assertThat(socket.readyState()).isEqualTo(WebSocket.CONNECTING);
    socket.close();
    client.run();
    executor.runAll();
    assertThat(log.take()).containsExactly("error @3", "close @3 1006 \"\" unclean");
    client.new Open(socket, log, peer).assertOver();
  }

  @Test
  @Rule({"W3", "W4", "S17"})
  void failsFromCloseAlsoWhenThePeerHasClosedAndTheEventsHaveNotComeYet() {
    ManualExecutor executor = new ManualExecutor();
    WebSocket socket = client.connect(EventClient.DEFAULT.withExecutor(executor));
    EventLog log = new EventLog(socket);
    ScriptedPeer peer = client.base.transport.nextOpening().accept();
    peer.sendText("a").sendClose(1000, "bye");
    client.base.loop.runPending();
    peer.expectClose(1000, "bye").shutdownOutput();
    client.base.loop.runPending();
    assertThat(socket.readyState()).isEqualTo(WebSocket.CONNECTING);
    socket.close();
    executor.runAll();
    assertThat(log.take()).containsExactly("error @3", "close @3 1006 \"\" unclean");
    assertThat(log.error.message()).contains("close()");
    client.new Open(socket, log, peer).assertOver();
  }

  @ParameterizedTest
  @Rule({"W3", "S15", "C1"})
  @ValueSource(ints = {-1, 0, 999, 1001, 1005, 1006, 1011, 1015, 2999, 5000, 70000})
  void refusesCodesThatAnApplicationMayNotSend(int code) {
    EventClient.Open open = client.open();
    assertThatThrownBy(() -> open.socket.close(code, "x")).isInstanceOf(InvalidAccessError.class);
    assertThat(open.socket.readyState()).isEqualTo(WebSocket.OPEN);
    open.finish();
  }

  @Test
  @Rule({"W3", "S15", "C3"})
  void refusesReasonsOver123BytesAndClosesNothing() {
    EventClient.Open open = client.open();
    assertThatThrownBy(() -> open.socket.close(1000, "é".repeat(62)))
        .isInstanceOf(SyntaxError.class)
        .hasMessageContaining("124");
    assertThat(open.socket.readyState()).isEqualTo(WebSocket.OPEN);
    open.peer.expectNothingMore();
    open.finish();
  }

  @ParameterizedTest
  @Rule({"W3", "S16"})
  @CsvSource({",'',88 80", ",why,88 85", "3456,'',88 82"})
  void sendsTheCodeAndReasonThatItIsGiven(Integer code, String reason, String frameBegins) {
    EventClient.Open open = client.open();
    open.socket.close(code, reason);
    client.run();
    open.peer.expect(frameBegins);
    open.peer.reset();
    client.run();
    assertThat(open.log.take()).containsExactly("error @3", "close @3 1006 \"\" unclean");
  }

  @Test
  @Rule({"W3", "W4", "H4", "S17"})
  void deliversNoMessageAfterClose() {
    EventClient.Open open = client.open();
    open.socket.onMessage(event -> open.socket.close(1000, "enough"));
    open.peer.sendText("a").sendText("b").sendText("c");
    client.run();
    assertThat(open.log.take()).containsExactly("message @1 a");
    open.socket.close(4000, "again");
    open.peer.sendText("d").expectClose(1000, "enough").sendClose(4001, "peer's").shutdownOutput();
    client.run();
    assertThat(open.log.take()).containsExactly("close @3 4001 \"peer's\" clean");
    open.assertOver();
  }

  @Test
  @Rule({"W2", "W3", "W4"})
  void doesNothingWhenUsedInsideItsCloseListener() {
    EventClient.Open open = client.open();
    open.socket.onClose(
        event -> {
          open.socket.send("late");
          open.socket.close(1000);
          open.socket.abort();
          open.socket.addEventListener("close", another -> open.log.entries.add("added too late"));
        });
    open.peer.sendClose(1000, "").expectClose(1000, "").shutdownOutput();
    client.run();
    assertThat(open.log.take()).containsExactly("close @3 1000 \"\" clean");
    assertThat(open.socket.bufferedAmount()).isEqualTo(4);
    open.assertOver();
  }

  @Test
  @Rule({"W4", "H1"})
  void tellsErrorAndThenCloseWhenThePeerVanishes() {
    EventClient.Open open = client.open();
    open.peer.sendText("last").close();
    client.run();
    assertThat(open.log.take())
        .containsExactly("message @1 last", "error @3", "close @3 1006 \"\" unclean");
    assertThat(open.log.error.error()).isInstanceOf(WebSocketError.class);
    assertThat(open.log.error.cause()).hasMessageContaining("end of the input");
    client.base.loop.assertIdle();
  }

  @Test
  @Rule({"W4", "C2"})
  void tellsTheViolationThatFailedTheConnection() {
    EventClient.Open open = client.open();
    open.peer.sendText("ok").send("83 00").expectClose(1002, "protocol error");
    open.peer.close();
    client.run();
    assertThat(open.log.take())
        .containsExactly("message @1 ok", "error @3", "close @3 1006 \"\" unclean");
    assertThat(open.log.error.message()).contains("opcode");
    client.base.loop.assertIdle();
  }

  @Test
  @Rule({"W4", "H1", "H2"})
  void tellsErrorAndTheCodeOfACloseThatWasNotClean() {
    EventClient.Open open = client.open();
    open.peer.sendClose(4000, "so long");
    // The Close has arrived, but the loop has not seen it yet.
    open.socket.send("too late");
    open.peer.expectClose(4000, "so long").shutdownOutput();
    client.run();
    assertThat(open.log.take()).containsExactly("error @3", "close @3 4000 \"so long\" unclean");
    assertThat(open.log.error.message()).contains("accepted data");
    assertThat(open.socket.bufferedAmount()).isEqualTo(8);
    open.assertOver();
  }

  @Test
  @Rule({"W4", "H5"})
  void givesUpAPeerThatDoesNotAnswerItsClose() {
    EventClient.Open open = client.open();
    open.socket.close();
    open.peer.expectClose();
    client.base.loop.advance(Duration.ofSeconds(10));
    assertThat(open.log.take()).containsExactly("error @3", "close @3 1006 \"\" unclean");
    assertThat(open.log.error.cause()).isInstanceOf(TimeoutException.class);
    open.assertOver();
  }

  @Test
  @Rule({"W4", "H7"})
  void givesUpAPeerThatAnswersNoPing() {
    EventClient quick =
        new EventClient(
            builder -> builder.keepAlive(Duration.ofSeconds(20), Duration.ofSeconds(5)));
    EventClient.Open open = quick.open();
    quick.base.loop.advance(Duration.ofSeconds(25));
    assertThat(open.log.take()).containsExactly("error @3", "close @3 1006 \"\" unclean");
    assertThat(open.log.error.cause()).hasMessageContaining("ping");
    quick.base.loop.assertIdle();
  }

  @Test
  @Rule({"W4", "P4"})
  void closesAnIdleConnection() {
    EventClient quick = new EventClient(builder -> builder.idleTimeout(Duration.ofSeconds(30)));
    EventClient.Open open = quick.open();
    quick.base.loop.advance(Duration.ofSeconds(20));
    open.peer.sendText("in use");
    quick.base.loop.advance(Duration.ofSeconds(20));
    open.socket.send("in use");
    quick.base.loop.advance(Duration.ofSeconds(29));
    assertThat(open.log.take()).containsExactly("message @1 in use");
    quick.base.loop.advance(Duration.ofSeconds(1));
    assertThat(open.socket.readyState()).isEqualTo(WebSocket.CLOSING);
    open.peer.expectText("in use").expectClose(1001, "idle").sendClose(1001, "").shutdownOutput();
    quick.run();
    assertThat(open.log.take()).containsExactly("close @3 1001 \"\" clean");
    open.assertOver();
  }

  @Test
  @Rule({"W4", "P4", "C4"})
  void failsForAMessageOverTheLimit() {
    EventClient small =
        new EventClient(builder -> builder.limits(Limits.client().withMaxMessageBytes(10)));
    EventClient.Open open = small.open();
    open.peer.sendText("0123456789").sendText("0123456789+");
    assertThat(open.peer.nextFrame().closeCode()).isEqualTo(1009);
    open.peer.close();
    small.run();
    assertThat(open.log.take())
        .containsExactly("message @1 0123456789", "error @3", "close @3 1006 \"\" unclean");
    assertThat(open.log.error.cause()).isInstanceOf(ProtocolViolation.class);
    small.base.loop.assertIdle();
  }

  @Test
  void showsItsFramesToAnObserver() {
    List<String> frames = new ArrayList<>();
    EventClient watched =
        new EventClient(
            builder ->
                builder.observer(
                    new WireObserver() {
                      @Override
                      public void frameSent(ObservedFrame frame) {
                        frames.add("> " + frame.kind());
                      }

                      @Override
                      public void frameReceived(ObservedFrame frame) {
                        frames.add("< " + frame.kind());
                      }
                    }));
    EventClient.Open open = watched.open();
    open.socket.onMessage(event -> open.socket.send(event.message()));
    open.peer.sendText("a").expectText("a");
    open.log.take();
    open.finish();
    assertThat(frames).containsExactly("< TEXT", "> TEXT", "> CLOSE", "< CLOSE");
  }

  @Test
  @Rule({"W4", "C5", "C4"})
  void reports1015WithItsCauseWhenTheTlsHandshakeFails() {
    WebSocket socket = client.connect(EventClient.DEFAULT);
    EventLog log = new EventLog(socket);
    client.base.transport.nextOpening().fail(Stage.TLS, "no trust");
    client.run();
    assertThat(log.take()).containsExactly("error @3", "close @3 1015 \"\" unclean");
    assertThat(log.error.cause())
        .isInstanceOfSatisfying(
            OpeningFailure.class, failure -> assertThat(failure.stage()).isEqualTo(Stage.TLS));
    client.base.loop.assertIdle();
  }

  @Test
  @Rule({"W4", "K1"})
  void tellsWhatTheServerAnsweredInsteadOfOpening() {
    WebSocket socket = client.connect(EventClient.DEFAULT);
    EventLog log = new EventLog(socket);
    client.base.transport.nextOpening().refuse(403, "members only");
    client.run();
    assertThat(log.take()).containsExactly("error @3", "close @3 1006 \"\" unclean");
    var response = ((WebSocketError) log.error.error()).response();
    assertThat(response).isNotNull();
    assertThat(response.status()).isEqualTo(403);
    client.base.loop.assertIdle();
  }

  @Test
  @Rule({"W4", "K4"})
  void failsForABlockedPortAfterTheConstructorHasReturned() {
    List<String> seen = new ArrayList<>();
    ManualExecutor executor = new ManualExecutor();
    WebSocket socket =
        client.base.client.webSocket(
            "ws://example.com:25/",
            EventClient.DEFAULT
                .withExecutor(executor)
                .withListeners(
                    added ->
                        added
                            .onError(event -> seen.add("error " + event.message()))
                            .onClose(event -> seen.add("close " + event.code()))));
    assertThat(seen).isEmpty();
    assertThat(socket.readyState()).isEqualTo(WebSocket.CONNECTING);
    executor.runAll();
    assertThat(seen)
        .containsExactly(
            "error the connection could not be opened: port 25 is blocked", "close 1006");
    assertThat(client.base.transport.waitingOpenings()).isZero();
  }

  @Test
  @Rule("K4")
  void failsForABlockedPortWithoutAnExecutorToo() {
    List<String> seen = new ArrayList<>();
    var socket =
        client.base.client.webSocket(
            "ws://example.com:25/",
            EventClient.DEFAULT.withListeners(
                added -> {
                  Thread caller = Thread.currentThread();
                  added.onClose(
                      event -> {
                        seen.add(event.code() + " " + (Thread.currentThread() == caller));
                        client.base.loop.execute(() -> {});
                      });
                }));
    client.base.loop.runUntil(() -> socket.readyState() == WebSocket.CLOSED && !seen.isEmpty());
    assertThat(seen).containsExactly("1006 false");
  }

  @Test
  @Rule("W4")
  void missesNothingWithListenersThatAreAddedBeforeItConnects() {
    List<String> seen = new ArrayList<>();
    client.connect(
        EventClient.DEFAULT.withListeners(
            socket ->
                socket
                    .onOpen(event -> socket.send("hi"))
                    .onMessage(event -> seen.add(event.text()))));
    ScriptedPeer peer = client.base.transport.nextOpening().accept();
    peer.sendText("first");
    peer.expectText("hi");
    assertThat(seen).containsExactly("first");
    peer.reset();
    client.base.loop.assertIdle();
  }

  @Test
  @Rule({"W3", "S17"})
  void attemptsNothingWhenItIsClosedBeforeItConnects() {
    List<String> seen = new ArrayList<>();
    ManualExecutor executor = new ManualExecutor();
    client.connect(
        EventClient.DEFAULT
            .withExecutor(executor)
            .withListeners(
                socket -> {
                  socket.onError(event -> seen.add(event.type()));
                  socket.onClose(event -> seen.add(event.type() + event.code()));
                  socket.close();
                }));
    assertThat(seen).isEmpty();
    executor.runAll();
    assertThat(seen).containsExactly("error", "close1006");
    assertThat(client.base.transport.waitingOpenings()).isZero();
    client.base.loop.assertIdle();
  }

  @Test
  @Rule({"W4", "W3"})
  void abortsAtOnce() {
    EventClient.Open open = client.open();
    client.onLoop(
        () -> {
          open.socket.abort();
          assertThat(open.socket.readyState()).isEqualTo(WebSocket.CLOSING);
          assertThat(open.log.take()).isEmpty();
        });
    assertThat(open.log.take()).containsExactly("error @3", "close @3 1006 \"\" unclean");
    open.assertOver();
  }

  @Test
  @Rule("W4")
  void endsWithItsClient() {
    EventClient.Open open = client.open();
    client.base.client.close();
    client.run();
    open.peer.expectClose(1001, "").sendClose(1001, "").shutdownOutput();
    client.run();
    assertThat(open.log.take()).containsExactly("close @3 1001 \"\" clean");
    open.assertOver();
  }

  @Test
  @Rule("W5")
  void makesCloseEventsWithThePlatformsDefaults() {
    CloseEvent event = new CloseEvent("close");
    assertThat(event.type()).isEqualTo("close");
    assertThat(event.code()).isZero();
    assertThat(event.reason()).isEmpty();
    assertThat(event.wasClean()).isFalse();
    CloseEvent full = new CloseEvent("x", 65535, "r", true);
    assertThat(full.code()).isEqualTo(65535);
    assertThat(full.reason()).isEqualTo("r");
    assertThat(full.wasClean()).isTrue();
    for (int code : new int[] {-1, 65536}) {
      assertThatThrownBy(() -> new CloseEvent("close", code, "", true))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(String.valueOf(code));
    }
  }

  @Test
  @Rule({"W5", "W6"})
  void dispatchesCloseEventsOfOthersLikeItsOwn() {
    EventClient.Open open = client.open();
    List<String> seen = new ArrayList<>();
    open.socket.removeEventListener("close", null);
    WebSocket other = open.socket;
    other.onClose(event -> seen.add(event.code() + " " + event.isTrusted()));
    CloseEvent made = new CloseEvent("close", 4321, "", true);
    // The log insists on trusted events, which this is not: its complaint is reported.
    List<Throwable> reported = new ArrayList<>();
    other.onListenerError((event, thrown) -> reported.add(thrown));
    assertThat(other.dispatchEvent(made)).isTrue();
    assertThat(seen).containsExactly("4321 false");
    assertThat(reported).hasSize(1);
    assertThat(other.readyState()).isEqualTo(WebSocket.OPEN);
    other.onClose(null);
    open.peer.reset();
    client.base.loop.assertIdle();
  }
}
