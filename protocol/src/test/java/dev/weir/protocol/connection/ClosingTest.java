package dev.weir.protocol.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weir.conformance.Rule;
import dev.weir.protocol.close.CloseStatus;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The closing handshake, row by row of section 2 of the platform's rules. */
class ClosingTest {
  private static final CloseStatus BYE = new CloseStatus(4001, "bye");

  @Test
  @Rule({"H1", "H5", "C6", "6455-7.1.2-1", "6455-5.5.1-6"})
  void aClientThatClosesWaitsForTheServerToEndTheTransport() {
    DrivenConnection client = DrivenConnection.client();
    client.connection.close(BYE);
    client.settle();
    assertThat(client.sent()).isEqualTo("888537fa213d385b434452");
    assertThat(client.events()).containsExactly("closing");
    client.receive("8805 0fa2 616263");
    assertThat(client.events()).containsExactly("close 4002 'abc'");
    client.inputShut();
    assertThat(client.events())
        .containsExactly("shutdownOutput", "closeTransport", "closed clean 4002 'abc'");
    client.assertNothingUnread();
  }

  @Test
  @Rule({"H1", "H5", "6455-5.5.1-5", "6455-5.5.1-7"})
  void aServerAnswersACloseEndsItsOutputAndThrowsInputAwayUntilItEnds() {
    DrivenConnection server = DrivenConnection.server();
    server.receive("888500000000 0fa1 627965");
    assertThat(server.sent()).isEqualTo("88050fa1627965");
    assertThat(server.events()).containsExactly("close 4001 'bye'", "closing", "shutdownOutput");
    server.receive("ffffff");
    server.inputShut();
    assertThat(server.events()).containsExactly("closeTransport", "closed clean 4001 'bye'");
    server.assertNothingUnread();
  }

  @Test
  @Rule("C6")
  void aCloseWithoutABodyIsReportedAs1005AndAnsweredWithoutABody() {
    DrivenConnection server = DrivenConnection.server();
    server.receive("888000000000");
    assertThat(server.sent()).isEqualTo("8800");
    server.inputShut();
    assertThat(server.events())
        .containsExactly(
            "close 1005 ''", "closing", "shutdownOutput", "closeTransport", "closed clean 1005 ''");
    server.assertNothingUnread();
  }

  @Test
  void aCloseWithoutStatusHasNoBody() {
    DrivenConnection server = DrivenConnection.server();
    server.connection.close(CloseStatus.NONE);
    assertThat(server.sent()).isEqualTo("8800");
    assertThat(server.events()).containsExactly("closing");
  }

  @Test
  @Rule({"H1", "C6"})
  void bothSidesClosingAtOnceEndCleanWithTheOthersCode() {
    DrivenConnection server = DrivenConnection.server();
    server.connection.close(new CloseStatus(1001, ""));
    server.settle();
    assertThat(server.sent()).isEqualTo("880203e9");
    server.receive("888200000000 0fa1");
    assertThat(server.sent()).isEmpty();
    server.inputShut();
    assertThat(server.events())
        .containsExactly(
            "closing", "close 4001 ''", "shutdownOutput", "closeTransport", "closed clean 4001 ''");
    server.assertNothingUnread();
  }

  @Test
  @Rule("H1")
  void aCloseThatWasNotWrittenToTheSocketIsUncleanWithTheReceivedCode() {
    DrivenConnection server = DrivenConnection.server().flushingByHand();
    server.receive("888200000000 03e8");
    server.connection.transportClosed(null);
    assertThat(server.sent()).isEqualTo("880203e8");
    assertThat(server.events())
        .containsExactly(
            "close 1000 ''",
            "closing",
            "shutdownOutput",
            "closed unclean 1000 '': the transport ended before the Close frame was written");
  }

  @Test
  @Rule({"H1", "H5"})
  void theTransportIsNotClosedBeforeTheCloseFrameIsWritten() {
    for (Role role : Role.values()) {
      DrivenConnection connection = DrivenConnection.of(role).flushingByHand();
      connection.receiveFrame(0x88, "03e8");
      connection.inputShut();
      assertThat(connection.events()).doesNotContain("closeTransport");
      connection.flush();
      assertThat(connection.events()).contains("closeTransport", "closed clean 1000 ''");
    }
  }

  @Test
  @Rule("H1")
  void aResetAfterBothFramesWentIsStillClean() {
    for (Role role : Role.values()) {
      DrivenConnection connection = DrivenConnection.of(role);
      connection.receiveFrame(0x88, "03e8");
      connection.connection.transportClosed(new IOException("reset by peer"));
      assertThat(connection.events()).contains("closed clean 1000 ''");
      assertThat(connection.outcome().cause()).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  @Rule("H1")
  void theEndOfTheInputWithoutACloseIs1006AndNothingIsWaitedFor(Role role) {
    DrivenConnection connection = DrivenConnection.of(role);
    connection.inputShut();
    assertThat(connection.events())
        .containsExactly(
            "closing",
            "closeTransport",
            "closed unclean 1006 '': expected a Close frame but was the end of the input");
    connection.assertNothingUnread();
  }

  @Test
  void theEndOfTheInputLetsWhatWasCommittedOutFirst() {
    DrivenConnection server = DrivenConnection.server().flushingByHand();
    server.connection.sendText("a", null);
    server.inputShut();
    assertThat(server.events()).containsExactly("closing");
    server.flush();
    assertThat(server.events())
        .containsExactly(
            "closeTransport",
            "closed unclean 1006 '': expected a Close frame but was the end of the input");
    assertThat(server.sent()).isEqualTo("810161");
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  @Rule({"H1", "6455-7.2.1-2"})
  void aLostTransportIs1006WithItsCause(Role role) {
    DrivenConnection connection = DrivenConnection.of(role);
    IOException reset = new IOException("reset by peer");
    connection.connection.transportClosed(reset);
    assertThat(connection.events())
        .containsExactly("closing", "closed unclean 1006 '': reset by peer");
    assertThat(connection.outcome().cause()).isSameAs(reset);
    connection.connection.transportClosed(null);
    connection.inputShut();
    connection.connection.deadlinePassed();
    connection.connection.abort(null);
    connection.connection.fail(1011, reset);
    connection.connection.close(BYE);
    connection.receive("ffff");
    connection.assertNothingUnread();
  }

  @Test
  void aTransportThatEndsWithoutACauseSaysWhatWasExpected() {
    DrivenConnection client = DrivenConnection.client();
    client.connection.transportClosed(null);
    assertThat(client.events())
        .containsExactly(
            "closing",
            "closed unclean 1006 '': expected a Close frame but was the end of the transport");
  }

  @Test
  @Rule("H2")
  void whatIsUnsentWhenThePeersCloseComesIsDroppedAndTheCloseIsUnclean() {
    DrivenConnection server = DrivenConnection.server().unwritable();
    server.connection.sendText("a", server.delivery("a"));
    server.connection.sendText("b", server.delivery("b"));
    server.receive("888200000000 03e8");
    assertThat(server.sent()).isEqualTo("880203e8");
    assertThat(server.connection.queuedBytes()).isZero();
    server.inputShut();
    assertThat(server.events())
        .containsExactly(
            "close 1000 ''",
            "closing",
            "dropped a",
            "dropped b",
            "shutdownOutput",
            "closeTransport",
            "closed unclean 1000 '': the peer closed before all accepted data was sent");
    server.assertNothingUnread();
  }

  @Test
  @Rule("H2")
  void whatIsUnsentWhenTheTransportGoesIsDropped() {
    DrivenConnection server = DrivenConnection.server().unwritable();
    server.connection.sendText("a", server.delivery("a"));
    server.connection.transportClosed(null);
    assertThat(server.events())
        .containsExactly(
            "closing",
            "dropped a",
            "closed unclean 1006 '': expected a Close frame but was the end of the transport");
    server.assertNothingUnread();
  }

  @Test
  @Rule({"H3", "6455-5.5.1-4"})
  void acceptedMessagesGoBeforeTheCloseAndNothingAfterIt() {
    DrivenConnection server = DrivenConnection.server().unwritable();
    server.connection.sendText("a", server.delivery("a"));
    server.connection.sendText("b", server.delivery("b"));
    server.connection.close(new CloseStatus(1000, ""));
    assertThat(server.connection.isOpen()).isFalse();
    server.connection.sendText("c", server.delivery("c"));
    assertThat(server.sent()).isEmpty();
    server.writable();
    assertThat(server.sent()).isEqualTo("810161" + "810162" + "880203e8");
    server.connection.sendBinary(new byte[1], server.delivery("d"));
    server.connection.sendPing(new byte[1]);
    server.connection.sendPong(new byte[1]);
    server.receive("898000000000");
    assertThat(server.events())
        .containsExactly(
            "closing", "dropped c", "handed over a", "handed over b", "dropped d", "ping ");
    server.assertNothingUnread();
  }

  @Test
  @Rule("H3")
  void aCloseBehindNothingGoesAlsoWhereTheOutputIsFull() {
    DrivenConnection server = DrivenConnection.server().unwritable();
    server.connection.close(CloseStatus.NONE);
    assertThat(server.sent()).isEqualTo("8800");
  }

  @Test
  @Rule("H4")
  void afterCloseDataIsDroppedUnreadAndPingsNeedNoAnswer() {
    DrivenConnection client = DrivenConnection.client();
    client.receive("010161");
    client.connection.close(CloseStatus.NONE);
    client.settle().sent();
    client.receive("8001ff 81026162 820100 8900 0101ff 8a0161 8002c3ff 880203e8");
    assertThat(client.events()).containsExactly("closing", "ping ", "pong 61", "close 1000 ''");
    client.inputShut();
    assertThat(client.events())
        .containsExactly("shutdownOutput", "closeTransport", "closed clean 1000 ''");
    client.assertNothingUnread();
  }

  @Test
  @Rule("H6")
  void aMessageBeyondEveryLimitDoesNotHideThePeersClose() {
    DrivenConnection client = DrivenConnection.client(Limits.client().withMaxMessageBytes(10));
    client.connection.close(CloseStatus.NONE);
    client.settle().sent();
    client.receiveFrame(0x82, "00".repeat(100_000)).receive("880203e8").inputShut();
    assertThat(client.events())
        .containsExactly(
            "closing", "close 1000 ''", "shutdownOutput", "closeTransport", "closed clean 1000 ''");
    client.assertNothingUnread();
  }

  @Test
  @Rule("H4")
  void frameRulesHoldAlsoAfterClose() {
    DrivenConnection client = DrivenConnection.client();
    client.connection.close(CloseStatus.NONE);
    client.settle().sent();
    client.receive("c100");
    assertThat(client.events()).containsExactly("closing", "shutdownOutput");
    client.inputShut();
    assertThat(client.events())
        .containsExactly(
            "closeTransport",
            "closed unclean 1006 '': expected reserved bits that were negotiated but was bits"
                + " 0x40");
    client.assertNothingUnread();
  }

  @Test
  @Rule("H4")
  void pingsAreStillAnsweredWhileTheCloseWaitsBehindData() {
    DrivenConnection client = DrivenConnection.client().unwritable();
    client.connection.sendText("a", null);
    client.connection.close(CloseStatus.NONE);
    client.receive("890161");
    client.writable();
    assertThat(FrameText.read(client.sentBytes(), Role.CLIENT))
        .containsExactly("PONG! 61", "TEXT! 61", "CLOSE! ");
    assertThat(client.events()).containsExactly("closing", "ping 61");
  }

  @Test
  @Rule("H5")
  void aClientClosesTheTransportItselfAtTheDeadlineAndThatIsClean() {
    DrivenConnection client = DrivenConnection.client();
    client.receive("880203e8");
    assertThat(client.events()).containsExactly("close 1000 ''", "closing");
    client.connection.deadlinePassed();
    assertThat(client.events()).containsExactly("closeTransport", "closed clean 1000 ''");
  }

  @Test
  @Rule("H5")
  void aServerClosesTheTransportAtTheDeadlineAndThatIsClean() {
    DrivenConnection server = DrivenConnection.server();
    server.receiveFrame(0x88, "03e8");
    server.connection.deadlinePassed();
    assertThat(server.events())
        .containsExactly(
            "close 1000 ''", "closing", "shutdownOutput", "closeTransport", "closed clean 1000 ''");
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  @Rule("H5")
  void aCloseThatIsNotAnsweredIs1006AtTheDeadline(Role role) {
    DrivenConnection connection = DrivenConnection.of(role);
    connection.connection.close(BYE);
    connection.settle();
    connection.connection.deadlinePassed();
    assertThat(connection.events())
        .containsExactly(
            "closing",
            "closeTransport",
            "closed unclean 1006 '': the closing deadline passed while waiting for the peer's"
                + " Close frame");
  }

  @Test
  @Rule("H5")
  void atTheDeadlineTheCauseSaysWhatWasWaitedFor() {
    DrivenConnection stuck = DrivenConnection.server().unwritable();
    stuck.connection.sendText("a", stuck.delivery("a"));
    stuck.connection.close(BYE);
    stuck.connection.deadlinePassed();
    assertThat(stuck.events())
        .containsExactly(
            "closing",
            "dropped a",
            "closeTransport",
            "closed unclean 1006 '': the closing deadline passed while waiting for accepted data to"
                + " be written");

    DrivenConnection unwritten = DrivenConnection.server().flushingByHand();
    unwritten.connection.close(BYE);
    unwritten.connection.deadlinePassed();
    assertThat(unwritten.events())
        .containsExactly(
            "closing",
            "closeTransport",
            "closed unclean 1006 '': the closing deadline passed while waiting for the Close frame"
                + " to be written");

    DrivenConnection unanswered = DrivenConnection.server().flushingByHand();
    unanswered.receiveFrame(0x88, "03e8");
    unanswered.connection.deadlinePassed();
    assertThat(unanswered.events())
        .endsWith(
            "closed unclean 1000 '': the closing deadline passed while waiting for the Close frame"
                + " to be written");
  }

  @Test
  @Rule("6455-7.1.7-3")
  void afterThePeersCloseNothingMoreIsProcessed() {
    DrivenConnection server = DrivenConnection.server();
    server.receive("888200000000 03e8 888200000000 03e9 818100000000 61 ffff");
    assertThat(server.events()).containsExactly("close 1000 ''", "closing", "shutdownOutput");
    assertThat(server.sent()).isEqualTo("880203e8");
    server.inputShut();
    assertThat(server.events()).containsExactly("closeTransport", "closed clean 1000 ''");
    server.assertNothingUnread();
  }

  @Test
  void theSecondCloseHereHasNoEffect() {
    DrivenConnection server = DrivenConnection.server();
    server.connection.close(CloseStatus.NONE);
    server.connection.close(BYE);
    assertThat(server.sent()).isEqualTo("8800");
    assertThat(server.events()).containsExactly("closing");
  }

  @Test
  void failingSendsACloseAheadOfQueuedDataAndIgnoresTheInput() {
    DrivenConnection server = DrivenConnection.server(Limits.server().withFragmentSize(2));
    server.unwritable();
    server.connection.sendText("abc", server.delivery("abc"));
    IllegalStateException cause = new IllegalStateException("too slow");
    server.connection.fail(1008, cause);
    assertThat(server.sent()).isEqualTo("880203f0");
    server.receive("818100000000 61 888200000000 03e8");
    server.settle().inputShut();
    assertThat(server.events())
        .containsExactly(
            "closing",
            "dropped abc",
            "shutdownOutput",
            "closeTransport",
            "closed unclean 1006 '': too slow");
    assertThat(server.outcome().cause()).isSameAs(cause);
    server.assertNothingUnread();
  }

  @Test
  void failingAfterBothClosesWentChangesNothing() {
    DrivenConnection client = DrivenConnection.client();
    client.receive("880203e8");
    client.sent();
    client.connection.fail(1011, new IOException("late"));
    client.inputShut();
    assertThat(client.events())
        .containsExactly(
            "close 1000 ''", "closing", "shutdownOutput", "closeTransport", "closed clean 1000 ''");
    client.assertNothingUnread();
  }

  @Test
  void failingAfterThisSidesCloseSendsNoSecondOne() {
    DrivenConnection server = DrivenConnection.server();
    server.connection.close(CloseStatus.NONE);
    server.settle();
    server.connection.fail(1011, new IOException("broken"));
    assertThat(server.sent()).isEqualTo("8800");
    server.inputShut();
    assertThat(server.events())
        .containsExactly(
            "closing", "shutdownOutput", "closeTransport", "closed unclean 1006 '': broken");
  }

  @Test
  void abortingSendsNothingAndClosesTheTransportAtOnce() {
    DrivenConnection server = DrivenConnection.server().unwritable();
    server.connection.sendText("a", server.delivery("a"));
    server.connection.abort(new IOException("enough"));
    assertThat(server.events())
        .containsExactly(
            "closing", "dropped a", "closeTransport", "closed unclean 1006 '': enough");
    server.assertNothingUnread();

    DrivenConnection client = DrivenConnection.client();
    client.connection.abort(null);
    assertThat(client.events())
        .containsExactly(
            "closing",
            "closeTransport",
            "closed unclean 1006 '': this side aborted the connection");
    client.assertNothingUnread();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000})
  void aCodeThatMayNotTravelCannotFailAConnection(int code) {
    DrivenConnection server = DrivenConnection.server();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> server.connection.fail(code, new IOException("x")));
    assertThat(server.connection.isOpen()).isTrue();
    server.assertNothingUnread();
  }

  @Test
  void onlyAClientSays1010() {
    DrivenConnection server = DrivenConnection.server();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> server.connection.close(new CloseStatus(1010, "")))
        .withMessage("expected a code that a server may send but was 1010");
    server.assertNothingUnread();

    DrivenConnection client = DrivenConnection.client();
    client.connection.fail(1010, new IOException("no extension"));
    assertThat(FrameText.read(client.sentBytes(), Role.CLIENT)).containsExactly("CLOSE! 03f2");
  }

  @Test
  void closingFromInsideAnEventDropsWhatFollowsInTheSameBuffer() {
    DrivenConnection client = DrivenConnection.client();
    client.reacting(
        event -> {
          if (event.equals("text a")) {
            client.connection.close(CloseStatus.NONE);
          }
        });
    client.receive("810161 810162 880203e8");
    assertThat(client.events()).containsExactly("text a", "closing", "close 1000 ''");
    assertThat(FrameText.read(client.sentBytes(), Role.CLIENT)).containsExactly("CLOSE! ");
  }

  @Test
  void abortingFromInsideAnEventEndsEverythingAtOnce() {
    DrivenConnection client = DrivenConnection.client();
    client.reacting(
        event -> {
          if (event.equals("text a")) {
            client.connection.abort(null);
          }
        });
    client.receive("810161 810162 880203e8");
    assertThat(client.events())
        .containsExactly(
            "text a",
            "closing",
            "closeTransport",
            "closed unclean 1006 '': this side aborted the connection");
    client.assertNothingUnread();
  }
}
