package dev.weir.protocol.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.protocol.close.CloseStatus;
import org.junit.jupiter.api.Test;

/** A close of this side's output alone: what the peer sends before its own Close still counts. */
class OutputClosingTest {
  private static final CloseStatus BYE = new CloseStatus(4001, "bye");
  private static final String BYE_FRAME = "888537fa213d385b434452";

  private final DrivenConnection client = DrivenConnection.client();

  private void closeOutput() {
    client.connection.closeOutput(BYE);
    client.settle();
    assertThat(client.sent()).isEqualTo(BYE_FRAME);
    assertThat(client.events()).containsExactly("closing");
  }

  private void assertEndsClean() {
    client.receive("88020fa2");
    assertThat(client.events()).containsExactly("close 4002 ''");
    client.inputShut();
    assertThat(client.events())
        .containsExactly("shutdownOutput", "closeTransport", "closed clean 4002 ''");
    client.assertNothingUnread();
  }

  @Test
  void messagesBeforeThePeersCloseAreReported() {
    closeOutput();
    assertThat(client.connection.isReceiving()).isTrue();
    client.receive("810161 820162");
    assertThat(client.events()).containsExactly("text a", "binary 62");
    assertEndsClean();
    assertThat(client.connection.isReceiving()).isFalse();
  }

  @Test
  void aMessageThatHadBegunIsReportedWhole() {
    client.receive("010161");
    assertThat(client.connection.isMidMessage()).isTrue();
    closeOutput();
    client.receive("800162");
    assertThat(client.events()).containsExactly("text ab");
    assertThat(client.connection.isMidMessage()).isFalse();
    assertEndsClean();
  }

  @Test
  @Rule("H3")
  void nothingIsSentAfterTheCloseFrame() {
    closeOutput();
    client.connection.sendText("late", client.delivery("late"));
    assertThat(client.events()).containsExactly("dropped late");
    client.receive("8900");
    assertThat(client.events()).containsExactly("ping ");
    assertThat(client.sent()).isEmpty();
    assertEndsClean();
  }

  @Test
  @Rule("H4")
  void aCloseAfterItDropsWhatFollows() {
    closeOutput();
    client.receive("010161");
    client.connection.close(CloseStatus.NONE);
    client.receive("800162 810163");
    assertThat(client.events()).isEmpty();
    assertEndsClean();
  }

  @Test
  void aPeerThatBreaksTheProtocolAfterItEndsTheConnectionUnclean() {
    closeOutput();
    client.receive("830161");
    assertThat(client.connection.isReceiving()).isFalse();
    assertThat(client.events()).containsExactly("shutdownOutput");
    client.inputShut();
    assertThat(client.events())
        .containsExactly(
            "closeTransport",
            "closed unclean 1006 '': expected opcode 0, 1, 2, 8, 9 or 10 but was reserved opcode"
                + " 3");
    client.assertNothingUnread();
  }
}
