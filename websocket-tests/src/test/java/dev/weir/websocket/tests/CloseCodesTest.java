package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.protocol.close.ProtocolViolation;
import dev.weir.protocol.connection.Limits;
import dev.weir.websocket.MessageKinds;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.opening.OpeningFailure.Stage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each close code comes from the situation that it describes, as seen by a client (C4). */
@Rule("C4")
class CloseCodesTest {
  private final Client client = new Client();

  @Test
  void normalClosureWhenTheApplicationIsDone1000() {
    client.open().finish();
  }

  @Test
  void goingAwayWhenTheClientItselfIsClosed1001() {
    Client.Open open = client.open();
    client.client.close();
    open.peer.expectClose(1001, "").sendClose(1001, "").shutdownOutput();
    assertThat(open.closed().closeCode()).isEqualTo(1001);
    open.assertOver();
  }

  @ParameterizedTest
  @Rule({"C2", "P1"})
  @CsvSource({
    "a reserved bit,              C1 00",
    "an unknown opcode,           83 00",
    "an unknown control opcode,   8B 00",
    "a masked frame of a server,  81 80 00 00 00 00",
    "a fragmented ping,           09 00",
    "a ping of 126 bytes,         89 7E 00 7E",
    "a length that is not least,  82 7E 00 05",
    "a continuation of nothing,   80 00",
    "a message within a message,  01 00 81 00",
    "a Close body of one byte,    88 01 03",
    "a Close of 1005,             88 02 03 ED",
    "a Close of 1006,             88 02 03 EE",
    "a Close of 999,              88 02 03 E7",
    "a Close of 5000,             88 02 13 88",
  })
  void protocolErrorWhenThePeerBreaksTheProtocol1002(String what, String bytes) {
    Client.Open open = client.open();
    open.peer.send(bytes);
    expectFailure(open, 1002);
  }

  @Test
  void unsupportedDataWhenOnlyTextIsAccepted1003() {
    Client texts = new Client(builder -> builder.messages(MessageKinds.TEXT));
    Client.Open open = texts.open();
    open.peer.sendBinary(new byte[] {1});
    assertThat(open.peer.nextFrame().closeCode()).isEqualTo(1003);
    open.peer.shutdownOutput();
    assertThat(open.error().closeCode()).isEqualTo(1006);
    open.assertOver();
  }

  @Test
  void noStatusWhenThePeersCloseHasNoBody1005() {
    Client.Open open = client.open();
    open.peer.sendClose().expectClose().shutdownOutput();
    assertThat(open.closed()).isEqualTo(new WebSocketCloseInfo(1005, ""));
    open.assertOver();
  }

  @Test
  void abnormalClosureWithoutAnyClose1006() {
    Client.Open open = client.open();
    open.peer.close();
    assertThat(open.error().closeCode()).isEqualTo(1006);
    client.loop.assertIdle();
  }

  @ParameterizedTest
  @Rule({"C2", "P1"})
  @CsvSource({
    "a text that is not UTF-8,                  81 02 C3 28",
    "a text seen to be wrong before its end,    81 05 FF",
    "a character cut at the end of the message, 81 01 C3",
    "a surrogate,                               81 03 ED A0 80",
    "a Close reason that is not UTF-8,          88 04 03 E8 C3 28",
  })
  void invalidPayloadWhenTextIsNotUtf8With1007(String what, String bytes) {
    Client.Open open = client.open();
    open.peer.send(bytes);
    expectFailure(open, 1007);
  }

  @ParameterizedTest
  @CsvSource({"1001", "1003", "1007", "1008", "1009", "1011", "1012", "1013", "1014"})
  void anyCodeThatAServerSendsIsToldAsItIs(int code) {
    Client.Open open = client.open();
    open.peer.sendClose(code, "why").expectClose(code, "why").shutdownOutput();
    assertThat(open.closed()).isEqualTo(new WebSocketCloseInfo(code, "why"));
    open.assertOver();
  }

  @Test
  @Rule("P4")
  void messageTooBigAsSoonAsItsLengthIsKnown1009() {
    Limits defaults = Limits.client();
    Client small =
        new Client(
            builder ->
                builder.limits(
                    new Limits(
                        1_000,
                        defaults.maxFrameBytes(),
                        defaults.maxFragments(),
                        defaults.fragmentOverhead(),
                        defaults.fragmentSize(),
                        defaults.pendingPongs())));
    Client.Open open = small.open();
    open.peer.sendBinary(new byte[1_000]);
    assertThat(open.read()).isNotNull();
    // The header alone, of 1,001 bytes.
    open.peer.send("82 7E 03 E9");
    assertThat(open.peer.nextFrame().closeCode()).isEqualTo(1009);
    open.peer.shutdownOutput();
    assertThat(open.error().closeCode()).isEqualTo(1006);
    open.assertOver();
  }

  @Test
  void tlsHandshakeWhenItFails1015() {
    var stream = client.client.connect("wss://example.com/");
    client.transport.nextOpening().fail(Stage.TLS, "no trust");
    assertThat(client.error(stream.closed()).closeCode()).isEqualTo(1015);
    client.loop.assertIdle();
  }

  /** The failing side sends the code and, having got no Close, reports 1006 with the violation. */
  private void expectFailure(Client.Open open, int code) {
    var close = open.peer.nextFrame();
    assertThat(close.closeCode()).isEqualTo(code);
    open.peer.expectEnd().shutdownOutput();
    WebSocketError error = open.error();
    assertThat(Arrays.asList(1006, code)).contains(error.closeCode());
    assertThat(error.getCause()).isInstanceOf(ProtocolViolation.class);
    assertThat(open.readFails()).isSameAs(error);
    open.assertOver();
  }
}
