package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.testkit.Direction;
import dev.weir.websocket.Message;
import dev.weir.websocket.MessageEvent;
import dev.weir.websocket.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Listeners that are slower than the peer: on a slow executor, or paused. */
class WebSocketBackpressureTest {
  private static final int BUFFER = 256 * 1024;
  private static final int MESSAGE = 64 * 1024;

  private final EventClient client = new EventClient();
  private final ManualExecutor executor = new ManualExecutor();

  private static byte[] numbered(int number) {
    return ByteBuffer.allocate(MESSAGE).putInt(number).array();
  }

  private static int numberOf(MessageEvent event) {
    return switch (event.message()) {
      case Message.Binary(byte[] bytes) -> ByteBuffer.wrap(bytes).getInt();
      case Message.Text text -> throw new AssertionError(text);
    };
  }

  private EventClient.Open onExecutor() {
    return client.open(EventClient.DEFAULT.withExecutor(executor));
  }

  @Test
  @Rule({"W4", "S8"})
  void slowsThePeerWhileTheExecutorIsSlowAndLosesNothing() {
    EventClient.Open open = onExecutor();
    List<Integer> numbers = new ArrayList<>();
    open.socket.onMessage(event -> numbers.add(numberOf(event)));
    Direction toClient = open.peer.link().toClient();
    int count = 100;
    for (int i = 0; i < count; i++) {
      open.peer.sendBinary(numbered(i));
    }
    client.run();
    assertThat(toClient.delivered()).isBetween((long) BUFFER, 2L * BUFFER);
    assertThat(open.peer.unsentBytes()).isGreaterThan(90 * MESSAGE);
    assertThat(executor.waiting())
        .as("one for all that waits, one that asks for the state")
        .isEqualTo(2);
    assertThat(numbers).isEmpty();
    while (numbers.size() < count) {
      executor.runAll();
      client.run();
    }
    for (int i = 0; i < count; i++) {
      assertThat(numbers.get(i)).isEqualTo(i);
    }
    assertThat(open.peer.unsentBytes()).isZero();
    open.log.take();
    open.socket.close();
    open.peer.expectClose().sendClose().shutdownOutput();
    client.run();
    executor.runAll();
    assertThat(open.log.take()).containsExactly("close @3 1005 \"\" clean");
    open.assertOver();
  }

  @Test
  @Rule({"W4", "W1"})
  void showsEachEventTheStateOfItsTime() {
    WebSocket socket = client.connect(EventClient.DEFAULT.withExecutor(executor));
    EventLog log = new EventLog(socket);
    var peer = client.base.transport.nextOpening().accept();
    peer.sendText("a").sendClose(1000, "").expectClose(1000, "").shutdownOutput();
    client.run();
    assertThat(socket.readyState()).isEqualTo(WebSocket.CONNECTING);
    assertThat(log.take()).isEmpty();
    executor.runAll();
    assertThat(log.take()).containsExactly("open @1", "message @1 a", "close @3 1000 \"\" clean");
    client.new Open(socket, log, peer).assertOver();
  }

  @Test
  @Rule({"W4", "W3"})
  void dropsWhatWaitsForTheExecutorOnceItIsClosed() {
    EventClient.Open open = onExecutor();
    open.peer.sendText("a").sendText("b");
    client.run();
    open.socket.close(1000);
    executor.runAll();
    assertThat(open.log.take()).isEmpty();
    open.peer.expectClose(1000, "").sendClose(1000, "").shutdownOutput();
    client.run();
    executor.runAll();
    assertThat(open.log.take()).containsExactly("close @3 1000 \"\" clean");
    open.assertOver();
  }

  @Test
  @Rule({"H6", "W3"})
  void findsThePeersCloseThoughTheExecutorDoesNothing() {
    EventClient.Open open = onExecutor();
    for (int i = 0; i < 20; i++) {
      open.peer.sendBinary(numbered(i));
    }
    client.run();
    assertThat(open.peer.unsentBytes()).isPositive();
    open.socket.close();
    client.run();
    open.peer.expectClose().sendClose().shutdownOutput();
    client.run();
    assertThat(open.peer.hasEnded()).isTrue();
    executor.runAll();
    assertThat(open.log.take()).containsExactly("close @3 1005 \"\" clean");
    open.assertOver();
  }

  @Test
  @Rule({"B1", "B2"})
  void answersPingsWhileTheExecutorDoesNothing() {
    EventClient.Open open = onExecutor();
    open.peer.sendText("waits").sendPing(new byte[] {4});
    open.peer.expectPong(new byte[] {4});
    executor.runAll();
    assertThat(open.log.take()).containsExactly("message @1 waits");
    open.peer.reset();
    client.run();
    executor.runAll();
    client.base.loop.assertIdle();
  }

  @Test
  @Rule("W4")
  void letsOthersHaveTheirTurnOnTheExecutor() {
    EventClient.Open open = onExecutor();
    for (int i = 0; i < 1000; i++) {
      open.peer.sendText("m");
    }
    client.run();
    List<Integer> seen = new ArrayList<>();
    executor.execute(() -> seen.add(open.log.entries.size()));
    executor.runOne();
    executor.runOne();
    assertThat(seen).singleElement().satisfies(size -> assertThat(size).isBetween(1, 100));
    executor.runAll();
    assertThat(open.log.take()).hasSize(1000);
    open.peer.reset();
    client.run();
    executor.runAll();
    client.base.loop.assertIdle();
  }

  @Test
  void endsTheConnectionWhoseExecutorRefusesItsEvents() {
    List<Runnable> refused = new ArrayList<>();
    WebSocket socket =
        client.connect(
            EventClient.DEFAULT.withExecutor(
                task -> {
                  refused.add(task);
                  throw new RejectedExecutionException("shut down");
                }));
    EventLog log = new EventLog(socket);
    var peer = client.base.transport.nextOpening().accept();
    client.run();
    for (int i = 0; i < 20; i++) {
      peer.sendBinary(numbered(i));
    }
    client.run();
    assertThat(refused).hasSize(1);
    assertThat(socket.readyState()).isEqualTo(WebSocket.CLOSED);
    assertThat(log.take()).isEmpty();
    assertThat(peer.hasEnded()).isTrue();
    client.base.loop.assertIdle();
  }

  @Test
  @Rule({"W1", "W2"})
  void isClosedInTheEndThoughItsExecutorWasShutDown() {
    EventClient.Open open = onExecutor();
    executor.shutDown();
    open.socket.send("sent");
    client.run();
    open.peer.expectText("sent");
    client.run();
    assertThat(open.socket.readyState()).isEqualTo(WebSocket.CLOSED);
    assertThat(open.socket.bufferedAmount()).isZero();
    open.assertOver();
  }

  @Test
  @Rule("W1")
  void isClosedInTheEndThoughItsExecutorDroppedWhatItHadTaken() {
    EventClient.Open open = onExecutor();
    open.peer.sendText("taken");
    client.run();
    assertThat(executor.waiting()).isEqualTo(1);
    executor.shutDownNow();
    open.peer.reset();
    client.run();
    assertThat(open.socket.readyState()).isEqualTo(WebSocket.CLOSED);
    assertThat(open.log.take()).isEmpty();
    client.base.loop.assertIdle();
  }

  @Test
  @Rule({"W1", "S8"})
  void endsTheConnectionWhoseExecutorDroppedWhatItHadTakenOnceTheBufferIsFull() {
    EventClient.Open open = onExecutor();
    open.peer.sendText("taken");
    client.run();
    executor.shutDownNow();
    for (int i = 0; i < 20; i++) {
      open.peer.sendBinary(numbered(i));
    }
    client.run();
    assertThat(open.socket.readyState()).isEqualTo(WebSocket.CLOSED);
    assertThat(open.peer.hasEnded()).isTrue();
    client.base.loop.assertIdle();
  }

  @Test
  void isClosedWhenItCouldNotBeOpenedAndItsExecutorWasShutDown() {
    executor.shutDown();
    WebSocket socket = client.connect(EventClient.DEFAULT.withExecutor(executor));
    socket.close();
    client.run();
    assertThat(socket.readyState()).isEqualTo(WebSocket.CLOSED);
  }

  // Pausing.

  @Test
  @Rule("S8")
  void holdsMessagesBackWhilePaused() {
    EventClient.Open open = client.open();
    open.socket.onMessage(event -> open.socket.pause());
    for (int i = 0; i < 20; i++) {
      open.peer.sendBinary(numbered(i));
    }
    client.run();
    assertThat(open.log.take()).as("the rest of the burst waits").hasSize(1);
    assertThat(open.socket.isPaused()).isTrue();
    assertThat(open.peer.link().toClient().delivered()).isLessThan(2L * BUFFER);
    assertThat(open.peer.unsentBytes()).isPositive();

    open.socket.resume();
    client.run();
    assertThat(open.log.take()).hasSize(1);

    open.socket.onMessage(null);
    client.onLoop(
        () -> {
          open.socket.resume();
          assertThat(open.log.entries).as("not from inside the call").isEmpty();
        });
    assertThat(open.log.take()).hasSize(18);
    assertThat(open.peer.unsentBytes()).isZero();
    open.finish();
  }

  @Test
  @Rule({"W4", "B4"})
  void keepsErrorAndCloseBehindTheMessagesThatAPauseHoldsBack() {
    EventClient.Open open = client.open();
    open.socket.pause();
    open.peer.sendText("held").close();
    client.run();
    assertThat(open.log.take()).isEmpty();
    open.socket.resume();
    client.run();
    assertThat(open.log.take())
        .containsExactly("message @1 held", "error @3", "close @3 1006 \"\" unclean");
    client.base.loop.assertIdle();
  }

  @Test
  @Rule("W4")
  void closesAtOnceWhilePausedWithNothingHeldBack() {
    EventClient.Open open = client.open();
    open.socket.pause();
    open.peer.sendClose(1001, "").expectClose(1001, "").shutdownOutput();
    client.run();
    assertThat(open.log.take()).containsExactly("close @3 1001 \"\" clean");
    open.assertOver();
  }

  @Test
  @Rule({"W3", "H6"})
  void dropsWhatAPauseHeldBackOnceItIsClosed() {
    EventClient.Open open = client.open();
    open.socket.pause();
    for (int i = 0; i < 20; i++) {
      open.peer.sendBinary(numbered(i));
    }
    client.run();
    open.finish();
  }

  @Test
  @Rule({"B3", "H7"})
  void takesAPeerForLivingThatAPauseKeepsFromBeingHeard() {
    EventClient quick =
        new EventClient(
            builder -> builder.keepAlive(Duration.ofSeconds(20), Duration.ofSeconds(5)));
    EventClient.Open open = quick.open();
    open.socket.pause();
    for (int i = 0; i < 20; i++) {
      open.peer.sendBinary(numbered(i));
    }
    quick.base.loop.advance(Duration.ofMinutes(5));
    assertThat(open.socket.readyState()).isEqualTo(WebSocket.OPEN);
    open.socket.resume();
    quick.run();
    assertThat(open.log.take()).hasSize(20);
    open.peer.reset();
    quick.run();
    quick.base.loop.assertIdle();
  }
}
