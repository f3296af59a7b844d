package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.streams.InvalidAccessError;
import dev.weir.streams.InvalidStateError;
import dev.weir.streams.SyntaxError;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketError;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** {@code closeOutput}: all questions are asked, and the rest of the answers is to be read. */
class ClosingOutputTest {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final Client client = new Client();

  @Test
  @Rule("H1")
  void deliversWhatThePeerSendsBeforeItsClose() {
    Client.Open open = client.open();
    open.connection.closeOutput(1000, "asked");
    open.peer.expectClose(1000, "asked").sendText("answer").sendClose(1000, "").shutdownOutput();
    assertThat(open.read()).isEqualTo(Message.of("answer"));
    assertThat(open.closed()).isEqualTo(new WebSocketCloseInfo(1000, ""));
    assertThat(open.read()).isNull();
    open.assertOver();
  }

  @Test
  @Rule("S13a")
  void acceptsNoMoreWrites() {
    Client.Open open = client.open();
    open.connection.closeOutput(1000, "");
    assertThat(client.loop.runUntilFailed(open.connection.sendAsync(Message.of("late"))))
        .isInstanceOf(InvalidStateError.class);
    open.peer.expectClose(1000, "").sendClose(1000, "").shutdownOutput();
    open.closed();
    open.assertOver();
  }

  @Test
  @Rule("H5")
  void givesThePeerItsTimeAnewWhileItSends() {
    Client.Open open = client.open();
    open.connection.closeOutput(1000, "");
    open.peer.expectClose(1000, "");
    for (int i = 0; i < 5; i++) {
      client.loop.advance(CLOSE_TIMEOUT.minusMillis(1));
      open.peer.sendText("answer " + i);
      assertThat(open.read()).isEqualTo(Message.of("answer " + i));
    }
    assertThat(open.stream.closed()).isNotDone();
    client.loop.advance(CLOSE_TIMEOUT.multipliedBy(2));
    WebSocketError error = open.error();
    assertThat(error.closeCode()).isEqualTo(1006);
    open.assertOver();
  }

  @Test
  @Rule({"S8", "B3"})
  void keepsReceiveBackpressureAndDoesNotBlameThePeerForIt() {
    Client.Open open = client.open();
    open.connection.closeOutput(1000, "");
    open.peer.expectClose(1000, "");
    for (int i = 0; i < 20; i++) {
      open.peer.sendBinary(new byte[64 * 1024]);
    }
    open.peer.sendClose(1000, "").shutdownOutput();
    client.loop.runPending();
    assertThat(open.peer.unsentBytes()).as("reading is paused").isPositive();
    client.loop.advance(Duration.ofHours(1));
    assertThat(open.stream.closed()).isNotDone();
    for (int i = 0; i < 20; i++) {
      assertThat(open.read()).isNotNull();
    }
    assertThat(open.closed().closeCode()).isEqualTo(1000);
    open.assertOver();
  }

  @Test
  @Rule({"H4", "H6"})
  void dropsTheRestWhenItIsClosedAfterAll() {
    Client.Open open = client.open();
    open.connection.closeOutput(1000, "");
    open.peer.expectClose(1000, "");
    for (int i = 0; i < 20; i++) {
      open.peer.sendBinary(new byte[64 * 1024]);
    }
    client.loop.runPending();
    open.stream.close();
    open.peer.sendClose(1000, "bye").shutdownOutput();
    assertThat(open.closed()).isEqualTo(new WebSocketCloseInfo(1000, "bye"));
    open.peer.expectNothingMore();
    open.assertOver();
  }

  @Test
  @Rule("S15")
  void checksItsArguments() {
    Client.Open open = client.open();
    assertThatThrownBy(() -> open.connection.closeOutput(1001, ""))
        .isInstanceOf(InvalidAccessError.class);
    assertThatThrownBy(() -> open.connection.closeOutput(1000, "x".repeat(124)))
        .isInstanceOf(SyntaxError.class);
    open.peer.expectNothingMore();
    open.finish();
  }
}
