package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.streams.InvalidStateError;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.websocket.Blob;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an event-style socket sends, and how it counts what has not gone yet. */
class WebSocketSendingTest {
  private final EventClient client = new EventClient();

  @Test
  @Rule("W2")
  void throwsWhileConnecting() {
    WebSocket socket = client.connect(EventClient.DEFAULT);
    assertThatThrownBy(() -> socket.send("early")).isInstanceOf(InvalidStateError.class);
    assertThatThrownBy(() -> socket.send(new byte[1])).isInstanceOf(InvalidStateError.class);
    assertThat(socket.bufferedAmount()).isZero();
    ScriptedPeer peer = client.base.transport.nextOpening().accept();
    client.run();
    peer.expectNothingMore();
    client.new Open(socket, new EventLog(socket), peer).finish();
  }

  @Test
  @Rule("W2")
  void sendsTextAndBytesInOrder() {
    EventClient.Open open = client.open();
    byte[] bytes = {1, 2};
    ByteBuffer buffer = ByteBuffer.wrap(new byte[] {9, 3, 4, 9}, 1, 2);
    open.socket.send("héllo \ud800");
    open.socket.send(bytes);
    bytes[0] = 7;
    open.socket.send(buffer);
    open.socket.send(Blob.of(new byte[] {5}));
    open.socket.send(Message.of(""));
    client.run();
    open.peer
        .expectText("héllo \ufffd")
        .expectBinary(new byte[] {1, 2})
        .expectBinary(new byte[] {3, 4})
        .expectBinary(new byte[] {5})
        .expectText("");
    assertThat(buffer.remaining()).as("the buffer's position stays").isEqualTo(2);
    open.finish();
  }

  @Test
  @Rule("W2")
  void countsTextInBytesOfUtf8UntilItHasGone() {
    EventClient.Open open = client.open();
    open.socket.send("aé€\ud83d\ude00\ud800");
    assertThat(open.socket.bufferedAmount()).isEqualTo(1 + 2 + 3 + 4 + 3);
    open.socket.send(new byte[100]);
    assertThat(open.socket.bufferedAmount()).isEqualTo(113);
    client.run();
    assertThat(open.socket.bufferedAmount()).isZero();
    open.peer.nextFrame();
    open.peer.nextFrame();
    open.finish();
  }

  @Test
  @Rule("W2")
  void countsWhatAListenerSendsOnTheEventLoopUntilItReturns() {
    EventClient.Open open = client.open();
    List<Long> amounts = new ArrayList<>();
    open.socket.onMessage(
        event -> {
          open.socket.send("é");
          amounts.add(open.socket.bufferedAmount());
          open.socket.send(new byte[300_000]);
          amounts.add(open.socket.bufferedAmount());
          open.socket.close(3000, "over");
          amounts.add(open.socket.bufferedAmount());
        });
    open.peer.sendText("go");
    client.run();
    assertThat(amounts).containsExactly(2L, 300_002L, 300_002L);
    assertThat(open.socket.bufferedAmount()).isZero();
    open.peer.expectText("é");
    assertThat(open.peer.nextMessage().payload()).hasSize(300_000);
    open.peer.expectClose(3000, "over").sendClose(3000, "over").shutdownOutput();
    client.run();
    assertThat(open.log.take()).containsExactly("message @1 go", "close @3 3000 \"over\" clean");
    open.assertOver();
  }

  @Test
  @Rule({"W2", "S12"})
  void fallsAsBytesGoToTheNetwork() {
    EventClient.Open open = client.open();
    open.peer.stopReading();
    int size = 4 * 1024 * 1024;
    open.socket.send(new byte[size]);
    client.run();
    long stuck = open.socket.bufferedAmount();
    assertThat(stuck).isLessThan(size).isGreaterThan(size - 1024 * 1024);
    client.run();
    assertThat(open.socket.bufferedAmount()).as("as long as nobody reads").isEqualTo(stuck);
    open.peer.resumeReading();
    client.run();
    assertThat(open.socket.bufferedAmount()).isZero();
    assertThat(open.peer.nextMessage().payload()).hasSize(size);
    open.finish();
  }

  @Test
  @Rule("W2")
  void dropsAndCountsWhatIsSentWhileClosing() {
    EventClient.Open open = client.open();
    open.socket.send("gone");
    client.run();
    open.socket.close();
    assertThat(open.socket.readyState()).isEqualTo(WebSocket.CLOSING);
    open.socket.send("né");
    open.socket.send(new byte[7]);
    assertThat(open.socket.bufferedAmount()).isEqualTo(10);
    client.run();
    open.peer.expectText("gone").expectClose().sendClose().shutdownOutput();
    client.run();
    assertThat(open.log.take()).containsExactly("close @3 1005 \"\" clean");
    assertThat(open.socket.bufferedAmount()).as("it never resets").isEqualTo(10);
    open.socket.send(ByteBuffer.allocate(5));
    assertThat(open.socket.bufferedAmount()).isEqualTo(15);
    client.run();
    assertThat(open.socket.bufferedAmount()).isEqualTo(15);
    open.assertOver();
  }

  @Test
  @Rule("W2")
  void countsWhatIsSentAfterAConnectionThatNeverOpened() {
    WebSocket socket = client.connect(EventClient.DEFAULT);
    client.base.transport.nextOpening().refuse(403, "no");
    client.run();
    socket.send("abc");
    assertThat(socket.bufferedAmount()).isEqualTo(3);
    client.base.loop.assertIdle();
  }

  @Test
  @Rule({"W2", "H2"})
  void keepsCountingWhatTheEndOfTheConnectionTook() {
    EventClient.Open open = client.open();
    open.peer.stopReading();
    int size = 1024 * 1024;
    open.socket.send(new byte[size]);
    client.run();
    long stuck = open.socket.bufferedAmount();
    assertThat(stuck).isPositive();
    open.peer.reset();
    client.run();
    assertThat(open.log.take()).containsExactly("error @3", "close @3 1006 \"\" unclean");
    assertThat(open.socket.bufferedAmount()).isBetween(stuck, (long) size);
    client.base.loop.assertIdle();
  }

  @Test
  @Rule({"W2", "P4"})
  void failsTheConnectionWhenMoreIsBufferedThanItsBound() {
    EventClient.Open open = client.open();
    open.socket.maxBufferedAmount(1000);
    open.peer.stopReading();
    open.socket.send(new byte[2_000_000]);
    assertThat(open.socket.readyState()).as("one message always goes").isEqualTo(WebSocket.OPEN);
    open.socket.send("one more");
    assertThat(open.socket.readyState()).isEqualTo(WebSocket.CLOSING);
    assertThat(open.socket.bufferedAmount()).isEqualTo(2_000_008);
    client.run();
    assertThat(open.log.take()).containsExactly("error @3", "close @3 1006 \"\" unclean");
    assertThat(open.log.error.cause()).hasMessageContaining("the limit is 1000");
    client.base.loop.assertIdle();
  }

  @Test
  @Rule("W2")
  void fallsOnlyBetweenTheEventsOfItsExecutor() {
    ManualExecutor executor = new ManualExecutor();
    EventClient.Open open = client.open(EventClient.DEFAULT.withExecutor(executor));
    open.socket.send("four");
    client.run();
    open.peer.expectText("four");
    assertThat(open.socket.bufferedAmount()).as("nothing may change under a task").isEqualTo(4);
    executor.runAll();
    assertThat(open.socket.bufferedAmount()).isZero();
    open.socket.close();
    open.peer.expectClose().sendClose().shutdownOutput();
    client.run();
    executor.runAll();
    assertThat(open.log.take()).containsExactly("close @3 1005 \"\" clean");
    open.assertOver();
  }
}
