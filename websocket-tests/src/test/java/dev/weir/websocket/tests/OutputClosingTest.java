package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.streams.InvalidStateError;
import dev.weir.streams.ReadableStreamDefaultReader;
import dev.weir.testkit.InMemoryTransport;
import dev.weir.testkit.ManualEventLoop;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketStream;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code closeOutput}: this side says its last word and goes on to listen. */
class OutputClosingTest {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ALMOST = CLOSE_TIMEOUT.minusMillis(1);
  private static final int RECEIVE_BUFFER = 4096;

  private final ManualEventLoop loop = new ManualEventLoop();
  private final InMemoryTransport transport = new InMemoryTransport(loop);
  private final WebSocketClient client =
      WebSocketClient.builder()
          .transport(transport)
          .closeTimeout(CLOSE_TIMEOUT)
          .receiveBuffer(RECEIVE_BUFFER)
          .build();
  private final WebSocketStream stream = client.connect("ws://example.com/");
  private final ScriptedPeer peer = transport.nextOpening().accept();
  private final WebSocketConnection connection = loop.runUntil(stream.opened());

  @AfterEach
  void leavesNothingBehind() {
    peer.expectNothingMore();
    client.close();
    loop.assertIdle();
  }

  private String read(ReadableStreamDefaultReader<Message> reader) {
    return loop.runUntil(reader.read()).orElseThrow().toString();
  }

  private void endCleanly() {
    peer.sendClose(1000, "bye");
    loop.runPending();
    peer.close();
    assertThat(loop.runUntil(connection.closed())).isEqualTo(new WebSocketCloseInfo(1000, "bye"));
    peer.expectEnd();
  }

  @Test
  @Rule("H3")
  void deliversWhatThePeerSendsBeforeItsOwnClose() {
    connection.sendAsync(Message.of("question"));
    connection.closeOutput(1000, "no more");
    peer.expectText("question").expectClose(1000, "no more");
    var reader = connection.readable().getReader();
    peer.sendText("answer").sendText("another");
    assertThat(read(reader)).isEqualTo("answer");
    assertThat(read(reader)).isEqualTo("another");
    endCleanly();
    assertThat(loop.runUntil(reader.read()).done()).isTrue();
  }

  @Test
  @Rule("S13a")
  void sendsNothingAfterIt() {
    connection.closeOutput(1000, "");
    assertThat(loop.runUntilFailed(connection.sendAsync(Message.of("late"))))
        .isInstanceOf(InvalidStateError.class);
    peer.expectClose(1000, "");
    endCleanly();
  }

  @Test
  @Rule("S8")
  void holdsThePeerBackAsLongAsNobodyReadsAndLosesNothing() {
    connection.closeOutput(1000, "");
    peer.expectClose(1000, "");
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      peer.sendText(Integer.toString(i));
    }
    loop.runPending();
    assertThat(peer.unsentBytes()).as("held back").isPositive();
    loop.advance(CLOSE_TIMEOUT.multipliedBy(3));
    assertThat(connection.closed()).isNotDone();
    var reader = connection.readable().getReader();
    for (int i = 0; i < count; i++) {
      assertThat(read(reader)).isEqualTo(Integer.toString(i));
    }
    endCleanly();
  }

  @Test
  void givesThePeerTimeAnewWhileMessagesCome() {
    connection.closeOutput(1000, "");
    peer.expectClose(1000, "");
    var reader = connection.readable().getReader();
    for (int i = 0; i < 3; i++) {
      loop.advance(ALMOST);
      peer.sendText("message " + i);
      assertThat(read(reader)).isEqualTo("message " + i);
    }
    endCleanly();
  }

  @Test
  @Rule("H5")
  void givesUpAPeerThatSendsNothingMore() {
    connection.closeOutput(1000, "");
    peer.expectClose(1000, "");
    loop.advance(CLOSE_TIMEOUT.multipliedBy(2));
    assertThat(loop.runUntilFailed(connection.closed()))
        .isInstanceOfSatisfying(
            WebSocketError.class, error -> assertThat(error.closeCode()).isEqualTo(1006));
    peer.expectEnd();
  }

  @Test
  @Rule({"H4", "H6"})
  void isTurnedIntoACloseByACloseThatFollows() {
    connection.closeOutput(1000, "");
    peer.expectClose(1000, "");
    for (int i = 0; i < 1000; i++) {
      peer.sendText("x".repeat(1000));
    }
    loop.runPending();
    assertThat(peer.unsentBytes()).as("held back").isPositive();
    connection.close();
    loop.runPending();
    assertThat(peer.unsentBytes()).as("still held back").isZero();
    endCleanly();
  }

  @Test
  void hasNoEffectOnAConnectionThatIsClosing() {
    connection.close(4001, "first");
    connection.closeOutput(1000, "second");
    peer.expectClose(4001, "first");
    peer.sendText("dropped");
    endCleanly();
    assertThat(loop.runUntil(connection.readable().getReader().read()).done()).isTrue();
  }
}
