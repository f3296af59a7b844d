package dev.weir.protocol.close;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.weir.protocol.close.ClosingHandshake.Step;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What the machine itself refuses or settles; its courses are shown on whole connections. */
class ClosingHandshakeTest {
  private static final CloseStatus BYE = new CloseStatus(1000, "bye");

  @Test
  void aCloseFrameIsDueOnlyBehindTheDataAcceptedBefore() {
    ClosingHandshake closing = ClosingHandshake.client();
    closing.closeRequested(BYE);
    assertThat(closing.closeFrameDue(true)).isNull();
    assertThat(closing.closeFrameDue(false)).isEqualTo(BYE);
  }

  @Test
  void theAnswerToACloseIsDueWhateverWaits() {
    ClosingHandshake closing = ClosingHandshake.client();
    closing.closeFrameReceived(BYE);
    assertThat(closing.closeFrameDue(true)).isEqualTo(BYE);
  }

  @Test
  void theSecondRequestChangesNothing() {
    ClosingHandshake closing = ClosingHandshake.client();
    closing.closeRequested(BYE);
    closing.closeRequested(new CloseStatus(4000, ""));
    assertThat(closing.closeFrameDue(false)).isEqualTo(BYE);
  }

  @Test
  void aServerShutsItsOutputWhenBothFramesWentAndAClientWaits() {
    ClosingHandshake server = ClosingHandshake.server();
    ClosingHandshake client = ClosingHandshake.client();
    for (ClosingHandshake closing : new ClosingHandshake[] {server, client}) {
      closing.closeFrameReceived(BYE);
      closing.committed();
      closing.closeFrameSent();
    }
    assertThat(server.nextStep()).isEqualTo(Step.SHUT_OUTPUT);
    assertThat(client.nextStep()).isEqualTo(Step.WAIT);
  }

  @Test
  void theFirstCauseStands() {
    ClosingHandshake closing = ClosingHandshake.client();
    IOException first = new IOException("first");
    closing.failed(CloseStatus.failure(1011), first);
    closing.transportClosed(new IOException("second"));
    assertThat(closing.outcome()).isEqualTo(new CloseOutcome(false, 1006, "", first));
  }

  @Test
  void impossibleThingsAreNamedWithTheState() {
    ClosingHandshake open = ClosingHandshake.client();
    assertThatIllegalStateException()
        .isThrownBy(open::closeFrameSent)
        .withMessage("a Close frame was sent in state OPEN");
    assertThatIllegalStateException()
        .isThrownBy(open::deadlinePassed)
        .withMessage("the closing deadline passed in state OPEN");
    assertThatIllegalStateException()
        .isThrownBy(open::outcome)
        .withMessage("the outcome was asked for in state OPEN");
    open.closeFrameReceived(BYE);
    assertThatIllegalStateException()
        .isThrownBy(() -> open.closeFrameReceived(BYE))
        .withMessage("a Close frame was read in state RECEIVED");
  }
}
