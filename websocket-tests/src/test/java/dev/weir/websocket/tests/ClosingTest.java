package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.streams.InvalidAccessError;
import dev.weir.streams.InvalidStateError;
import dev.weir.streams.SyntaxError;
import dev.weir.testkit.Chunking;
import dev.weir.testkit.Direction;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketError;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a client's connection ends; section 2 of the platform's rules. */
class ClosingTest {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(7);

  private final Client client = new Client(builder -> builder.closeTimeout(CLOSE_TIMEOUT));

  @ParameterizedTest
  @Rule({"H1", "S19", "C6"})
  @CsvSource({"1000, ''", "1000, bye", "1001, ''", "1011, oops", "3000, x", "4999, y"})
  void isCleanAfterThePeersCloseAndTheEndOfTheTransport(int code, String reason) {
    Client.Open open = client.open();
    open.peer.sendClose(code, reason).expectClose(code, reason).shutdownOutput();
    assertThat(open.closed()).isEqualTo(new WebSocketCloseInfo(code, reason));
    open.assertOver();
  }

  @Test
  @Rule({"S19", "C6"})
  void is1005WhenThePeersCloseHasNoBody() {
    Client.Open open = client.open();
    open.peer.sendClose().expectClose().shutdownOutput();
    assertThat(open.closed()).isEqualTo(new WebSocketCloseInfo(1005, ""));
    open.assertOver();
  }

  @Test
  @Rule("C6")
  void tellsThePeersCodeAlsoWhenThisSideClosedFirstWithAnother() {
    Client.Open open = client.open();
    open.stream.close(4000, "mine");
    open.peer.expectClose(4000, "mine").sendClose(4001, "theirs").shutdownOutput();
    assertThat(open.closed()).isEqualTo(new WebSocketCloseInfo(4001, "theirs"));
    open.assertOver();
  }

  @Test
  @Rule({"H1", "H5"})
  void waitsForTheServerToEndTheTransport() {
    Client.Open open = client.open();
    open.stream.close(1000, "");
    open.peer.expectClose(1000, "").sendClose(1000, "");
    client.loop.runPending();
    assertThat(open.stream.closed()).isNotDone();
    assertThat(open.peer.hasEnded()).isFalse();

    open.peer.shutdownOutput();
    assertThat(open.closed().closeCode()).isEqualTo(1000);
    open.assertOver();
  }

  @Test
  @Rule("H5")
  void endsTheTransportItselfWhenTheServerDoesNot() {
    Client.Open open = client.open();
    open.stream.close(1000, "");
    open.peer.expectClose(1000, "").sendClose(1000, "bye");
    client.loop.advance(CLOSE_TIMEOUT.minusNanos(1));
    assertThat(open.peer.hasEnded()).isFalse();
    client.loop.advance(Duration.ofNanos(1));
    open.peer.expectEnd();
    assertThat(open.stream.closed()).isDone();
    open.assertOver();
  }

  @Test
  @Rule({"H5", "K5"})
  void is1006WhenThePeerNeverAnswersTheClose() {
    Client.Open open = client.open();
    open.stream.close(1000, "");
    open.peer.expectClose(1000, "");
    client.loop.advance(CLOSE_TIMEOUT.minusNanos(1));
    assertThat(open.stream.closed()).isNotDone();
    client.loop.advance(Duration.ofNanos(1));
    WebSocketError error = open.error();
    assertThat(error.closeCode()).isEqualTo(1006);
    assertThat(error.getCause()).isInstanceOf(TimeoutException.class).hasMessageContaining("7 s");
    open.assertOver();
  }

  @Test
  @Rule("H1")
  void is1006WhenTheTransportEndsWithoutAClose() {
    Client.Open open = client.open();
    open.peer.shutdownOutput();
    WebSocketError error = open.error();
    assertThat(error.closeCode()).isEqualTo(1006);
    assertThat(error.reason()).isEmpty();
    assertThat(error.getCause()).isNotNull();
    open.assertOver();
  }

  @Test
  @Rule("H1")
  void is1006WhenTheConnectionIsReset() {
    Client.Open open = client.open();
    open.peer.reset();
    WebSocketError error = open.error();
    assertThat(error.closeCode()).isEqualTo(1006);
    assertThat(error.getCause()).hasMessageContaining("Connection reset by peer");
    client.loop.assertIdle();
  }

  @Test
  @Rule("H1")
  void is1006WhenTheTransportEndsInTheMiddleOfAFrame() {
    Client.Open open = client.open();
    open.peer.send("81 05 48 65").shutdownOutput();
    assertThat(open.error().closeCode()).isEqualTo(1006);
    open.assertOver();
  }

  @Test
  @Rule({"H1", "S19"})
  void isUncleanWithThePeersCodeWhenTheAnsweringCloseCanNotBeSent() {
    Client.Open open = client.open();
    open.peer.link().toServer().window(0);
    open.peer.sendClose(4000, "bye");
    client.loop.advance(CLOSE_TIMEOUT);
    WebSocketError error = open.error();
    assertThat(error.closeCode()).isEqualTo(4000);
    assertThat(error.reason()).isEqualTo("bye");
    client.loop.assertIdle();
  }

  @Test
  @Rule("H1")
  void isUncleanWithThePeersCodeWhenTheConnectionIsResetRightAfterTheClose() {
    Client.Open open = client.open();
    open.peer.link().toServer().window(0);
    open.peer.sendClose(4000, "bye");
    client.loop.runPending();
    open.peer.reset();
    WebSocketError error = open.error();
    assertThat(error.closeCode()).isEqualTo(4000);
    assertThat(error.reason()).isEqualTo("bye");
    client.loop.assertIdle();
  }

  @Test
  @Rule("H3")
  void sendsWhatWasAcceptedBeforeTheCloseAndNothingAfterIt() {
    Client.Open open = client.open();
    for (int i = 0; i < 100; i++) {
      open.connection.sendAsync(Message.of("message " + i));
    }
    open.stream.close(1000, "done");
    assertThat(client.loop.runUntilFailed(open.connection.sendAsync(Message.of("too late"))))
        .isInstanceOf(InvalidStateError.class);
    for (int i = 0; i < 100; i++) {
      open.peer.expectText("message " + i);
    }
    open.peer.expectClose(1000, "done").sendClose(1000, "").shutdownOutput();
    open.closed();
    open.assertOver();
  }

  @Test
  @Rule("H4")
  void dropsDataAfterItsOwnCloseAndStillEndsClean() {
    Client.Open open = client.open();
    open.stream.close(1000, "");
    open.peer
        .expectClose(1000, "")
        .sendText("late")
        .sendPing(new byte[] {1})
        .sendClose(1000, "")
        .shutdownOutput();
    assertThat(open.closed().closeCode()).isEqualTo(1000);
    assertThat(open.read()).isNull();
    open.assertOver();
  }

  @Test
  @Rule({"H6", "S8"})
  void findsThePeersCloseBehindDataThatNobodyReads() {
    Client.Open open = client.open();
    byte[] payload = new byte[64 * 1024];
    for (int i = 0; i < 20; i++) {
      open.peer.sendBinary(payload);
    }
    client.loop.runPending();
    assertThat(open.peer.unsentBytes()).as("reading is paused").isPositive();

    open.stream.close(1000, "");
    open.peer.expectClose(1000, "").sendClose(1000, "bye").shutdownOutput();
    assertThat(open.closed()).isEqualTo(new WebSocketCloseInfo(1000, "bye"));
    open.assertOver();
  }

  @Test
  @Rule("H1")
  void isCleanForBothWhenBothCloseAtTheSameMoment() {
    Client.Open open = client.open();
    open.stream.close(4000, "client");
    open.peer.sendClose(4001, "server");
    open.peer.expectClose(4000, "client").expectNothingMore().shutdownOutput();
    assertThat(open.closed()).isEqualTo(new WebSocketCloseInfo(4001, "server"));
    open.assertOver();
  }

  @Test
  @Rule("S16")
  void sendsNoBodyWithoutCodeAndReason() {
    Client.Open open = client.open();
    open.stream.close();
    open.peer.expect("88 80").awaitBytes(4);
    open.peer.sendClose().shutdownOutput();
    assertThat(open.closed().closeCode()).isEqualTo(1005);
    open.assertOver();
  }

  @Test
  @Rule("S16")
  void sendsCode1000WithAReasonAlone() {
    Client.Open open = client.open();
    open.stream.close("just a reason");
    open.peer.expectClose(1000, "just a reason").sendClose(1000, "").shutdownOutput();
    open.closed();
    open.assertOver();
  }

  @ParameterizedTest
  @Rule({"S15", "C1"})
  @ValueSource(
      ints = {-1, 0, 999, 1001, 1002, 1003, 1004, 1005, 1006, 1011, 1015, 2999, 5000, 66_536})
  void refusesOtherCodesAndClosesNothing(int code) {
    Client.Open open = client.open();
    assertThatThrownBy(() -> open.stream.close(code, ""))
        .isInstanceOf(InvalidAccessError.class)
        .hasMessageContaining(String.valueOf(code));
    assertThatThrownBy(() -> open.connection.close(code)).isInstanceOf(InvalidAccessError.class);
    open.peer.expectNothingMore();
    open.finish();
  }

  @Test
  @Rule({"S15", "C3"})
  void countsTheReasonInBytes() {
    Client.Open open = client.open();
    String tooLong = "ü".repeat(61) + "ab";
    assertThatThrownBy(() -> open.stream.close(1000, tooLong))
        .isInstanceOf(SyntaxError.class)
        .hasMessage("reason is 124 bytes of UTF-8, the limit is 123");
    open.peer.expectNothingMore();

    String longest = "ü".repeat(61) + "a";
    open.stream.close(1000, longest);
    open.peer.expectClose(1000, longest).sendClose(1000, longest).shutdownOutput();
    assertThat(open.closed().reason()).isEqualTo(longest);
    open.assertOver();
  }

  @Test
  @Rule({"S15", "S17"})
  void checksItsArgumentsAlsoWhenClosingAndElseDoesNothing() {
    Client.Open open = client.open();
    open.stream.close(4000, "first");
    open.stream.close(4001, "second");
    assertThatThrownBy(() -> open.stream.close(1001, "")).isInstanceOf(InvalidAccessError.class);
    open.peer.expectClose(4000, "first").expectNothingMore();
    open.peer.sendClose(4000, "").shutdownOutput();
    open.closed();
    open.stream.close(4002, "third");
    assertThatThrownBy(() -> open.stream.close(1001, "")).isInstanceOf(InvalidAccessError.class);
    open.assertOver();
  }

  @Test
  @Rule("B2")
  void reportsThePeersCloseEarlyThoughMessagesBeforeItWait() {
    Client.Open open = client.open();
    open.peer.sendText("before").sendClose(4000, "bye");
    assertThat(client.loop.runUntil(open.stream.closing()))
        .isEqualTo(new WebSocketCloseInfo(4000, "bye"));
    assertThat(open.stream.closed()).isNotDone();
    open.peer.expectClose(4000, "bye").shutdownOutput();
    assertThat(open.closed().closeCode()).isEqualTo(4000);
    assertThat(open.read()).isEqualTo(Message.of("before"));
    assertThat(open.read()).isNull();
    open.assertOver();
  }

  @Test
  @Rule("H1")
  void is1006OnBothSidesAfterAnAbort() {
    Client.Open open = client.open();
    open.stream.abort();
    assertThat(open.error().closeCode()).isEqualTo(1006);
    open.peer.expectEnd();
    open.assertOver();
  }

  @Test
  @Rule("H5")
  void endsWithinTheCloseTimeoutHoweverTheLinkIsStalled() {
    Client.Open open = client.open();
    open.stream.close(1000, "");
    client.loop.runPending();
    open.peer.link().stall();
    client.loop.advance(CLOSE_TIMEOUT);
    assertThat(open.error().closeCode()).isEqualTo(1006);
    client.loop.assertIdle();
  }

  @Test
  @Rule("H1")
  void losesNoByteOfTheHandshakeHoweverTheBytesAreCut() {
    for (int cut = 1; cut <= 12; cut++) {
      Client cutClient = new Client();
      Client.Open open = cutClient.open();
      for (Direction direction :
          new Direction[] {open.peer.link().toClient(), open.peer.link().toServer()}) {
        direction.chunking(Chunking.pieces(cut));
      }
      open.send("hello");
      open.peer.expectText("hello").sendText("hello").sendClose(4000, "bye");
      open.peer.expectClose(4000, "bye").shutdownOutput();
      assertThat(open.closed())
          .as("pieces of %d", cut)
          .isEqualTo(new WebSocketCloseInfo(4000, "bye"));
      assertThat(open.read()).isEqualTo(Message.of("hello"));
      open.assertOver();
    }
  }
}
