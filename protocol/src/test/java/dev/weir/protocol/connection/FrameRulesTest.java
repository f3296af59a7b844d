package dev.weir.protocol.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.weir.conformance.Rule;
import dev.weir.protocol.close.ProtocolViolation;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each breach of RFC 6455 §5, in bytes, and the bytes that answer it. */
@Rule("P1")
class FrameRulesTest {
  /** Close frames of a server: 1002 "protocol error" and 1007 "invalid UTF-8". */
  private static final String CLOSE_1002 = "881003ea70726f746f636f6c206572726f72";

  private static final String CLOSE_1007 = "880f03ef696e76616c6964205554462d38";

  static Stream<Arguments> breachesByAClient() {
    return Stream.of(
        arguments("RSV1", "c180", "reserved bits that were negotiated but was bits 0x40"),
        arguments("RSV2", "a180", "reserved bits that were negotiated but was bits 0x20"),
        arguments("RSV3", "9180", "reserved bits that were negotiated but was bits 0x10"),
        arguments("RSV1 in a ping", "c980", "reserved bits that were negotiated but was bits 0x40"),
        arguments(
            "RSV1 in a continuation",
            "018000000000 c080",
            "reserved bits that were negotiated but was bits 0x40"),
        arguments(
            "an unmasked text",
            "810548656c6c6f",
            "a masked frame from the client but was an unmasked one"),
        arguments(
            "an unmasked empty ping",
            "8900",
            "a masked frame from the client but was an unmasked one"),
        arguments(
            "an unmasked Close",
            "880203e8",
            "a masked frame from the client but was an unmasked one"),
        arguments(
            "a ping of 126 bytes",
            "89fe007e",
            "at most 125 bytes in a control frame but was length field 126 in PING"),
        arguments(
            "a pong with a 64-bit length",
            "8aff",
            "at most 125 bytes in a control frame but was length field 127 in PONG"),
        arguments(
            "a Close of 126 bytes",
            "88fe007e",
            "at most 125 bytes in a control frame but was length field 126 in CLOSE"),
        arguments(
            "a fragment of a ping",
            "0980",
            "a control frame in one piece but was a fragment of opcode PING"),
        arguments(
            "a fragment of a pong",
            "0a80",
            "a control frame in one piece but was a fragment of opcode PONG"),
        arguments(
            "a fragment of a Close",
            "0880",
            "a control frame in one piece but was a fragment of opcode CLOSE"),
        arguments(
            "125 in 16 bits",
            "82fe007d",
            "the shortest encoding of the payload length but was 125 in 16 bits"),
        arguments(
            "0 in 16 bits",
            "82fe0000",
            "the shortest encoding of the payload length but was 0 in 16 bits"),
        arguments(
            "65535 in 64 bits",
            "82ff000000000000ffff",
            "the shortest encoding of the payload length but was 65535 in 64 bits"),
        arguments(
            "1 in 64 bits",
            "82ff0000000000000001",
            "the shortest encoding of the payload length but was 1 in 64 bits"),
        arguments(
            "a length of 64 bits",
            "82ff80",
            "a payload length of at most 63 bits but was one with the highest bit set"),
        arguments(
            "a continuation of nothing",
            "808000000000",
            "a text or binary frame to begin a message but was a continuation frame"),
        arguments(
            "a continuation after a whole message",
            "818000000000 808000000000",
            "a text or binary frame to begin a message but was a continuation frame"),
        arguments(
            "a continuation after the last fragment",
            "018000000000 808000000000 008000000000",
            "a text or binary frame to begin a message but was a continuation frame"),
        arguments(
            "a text inside a text",
            "018000000000 818000000000",
            "a continuation frame of the message that has begun but was a frame of opcode TEXT"),
        arguments(
            "a binary inside a text",
            "018000000000 028000000000",
            "a continuation frame of the message that has begun but was a frame of opcode BINARY"),
        arguments(
            "a Close with one byte of body",
            "888100000000 03",
            "a Close body of 0 or at least 2 bytes but was a body of 1 byte"),
        arguments(
            "a Close with 1005",
            "888200000000 03ed",
            "a close code of 1000-1003, 1007-1014 or 3000-4999 but was 1005"),
        arguments(
            "a Close with 999",
            "888200000000 03e7",
            "a close code of 1000-1003, 1007-1014 or 3000-4999 but was 999"),
        arguments(
            "a Close with 5000",
            "888200000000 1388",
            "a close code of 1000-1003, 1007-1014 or 3000-4999 but was 5000"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("breachesByAClient")
  @Rule({
    "6455-5.1-2",
    "6455-5.2-2",
    "6455-5.2-4",
    "6455-5.2-5",
    "6455-5.4-1",
    "6455-5.4-3",
    "6455-5.4-9",
    "6455-5.5-1",
    "6455-5.5-2",
    "6455-7.1.7-2",
    "6455-10.7-1"
  })
  void aServerAnswersABreachWith1002AndEndsTheConnection(
      String name, String bytes, String expectation) {
    DrivenConnection server = DrivenConnection.server();
    assertFails(server, bytes, CLOSE_1002, 1002, expectation);
  }

  static Stream<Arguments> breachesByAServer() {
    return Stream.of(
        arguments(
            "a masked text",
            "818537fa213d7f9f4d5158",
            "an unmasked frame from the server but was a masked one"),
        arguments(
            "a masked empty ping",
            "898000000000",
            "an unmasked frame from the server but was a masked one"),
        arguments("RSV1", "c100", "reserved bits that were negotiated but was bits 0x40"),
        arguments(
            "125 in 16 bits",
            "827e007d",
            "the shortest encoding of the payload length but was 125 in 16 bits"),
        arguments(
            "a continuation of nothing",
            "8000",
            "a text or binary frame to begin a message but was a continuation frame"),
        arguments(
            "a Close with one byte of body",
            "880103",
            "a Close body of 0 or at least 2 bytes but was a body of 1 byte"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("breachesByAServer")
  @Rule({"6455-5.1-4", "6455-5.5.1-3", "6455-7.1.7-1"})
  void aClientAnswersABreachWithAMasked1002AndEndsTheConnection(
      String name, String bytes, String expectation) {
    DrivenConnection client = DrivenConnection.client();
    assertFails(
        client, bytes, "889037fa213d 3410514f 588e4e5e 58960158 45884e4f", 1002, expectation);
  }

  static IntStream reservedOpcodes() {
    return IntStream.of(3, 4, 5, 6, 7, 11, 12, 13, 14, 15);
  }

  @ParameterizedTest
  @MethodSource("reservedOpcodes")
  @Rule("6455-5.2-3")
  void aReservedOpcodeFailsAtItsFirstByte(int opcode) {
    DrivenConnection server = DrivenConnection.server();
    assertFails(
        server,
        DrivenConnection.HEX.toHexDigits((byte) (0x80 | opcode)),
        CLOSE_1002,
        1002,
        "opcode 0, 1, 2, 8, 9 or 10 but was reserved opcode " + opcode);
  }

  static Stream<Arguments> textsThatAreNotUtf8() {
    return Stream.of(
        arguments("a lone continuation byte", "818180", "byte 0x80 at offset 0 of the message"),
        arguments("ff inside ASCII", "818461ff", "byte 0xff at offset 1 of the message"),
        arguments("an overlong slash", "8182c0", "byte 0xc0 at offset 0 of the message"),
        arguments("a surrogate", "8183eda0", "byte 0xa0 at offset 1 of the message"),
        arguments("beyond U+10FFFF", "8184f490", "byte 0x90 at offset 1 of the message"),
        arguments(
            "far before the frame's end",
            "81ff0000000000100000 61ff",
            "byte 0xff at offset 1 of" + " the message"),
        arguments(
            "a character cut off by the message's end",
            "8182e282",
            "a message that ends at byte 2, inside a character"),
        arguments(
            "a character cut off across fragments",
            "0181c3 8080",
            "a message that ends at byte 1, inside a character"),
        arguments(
            "a bad byte in the second fragment",
            "0181e2 8001ff",
            "byte 0xff at offset 1 of the message"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("textsThatAreNotUtf8")
  @Rule({"6455-8.1-1", "6455-5.6-1"})
  void aTextThatIsNotUtf8FailsAtItsFirstBadByte(String name, String frames, String actual) {
    DrivenConnection server = DrivenConnection.server();
    assertFails(server, withZeroMasks(frames), CLOSE_1007, 1007, "UTF-8 but was " + actual);
  }

  @Test
  @Rule("C2")
  void aCloseReasonThatIsNotUtf8Is1007() {
    DrivenConnection server = DrivenConnection.server();
    assertFails(
        server,
        "888300000000 03e8ff",
        CLOSE_1007,
        1007,
        "a close reason of UTF-8 but was other bytes");
  }

  @Test
  @Rule("6455-7.1.7-3")
  void nothingIsProcessedAfterABreachNotEvenAClose() {
    DrivenConnection server = DrivenConnection.server();
    server.receive("c180 888200000000 03e8").receive("898000000000 888200000000 03e8");
    assertThat(server.events()).containsExactly("closing", "shutdownOutput");
    assertThat(server.sent()).isEqualTo(CLOSE_1002);
    server.connection.deadlinePassed();
    assertThat(server.events())
        .containsExactly(
            "closeTransport",
            "closed unclean 1006 '': expected reserved bits that were negotiated but was bits"
                + " 0x40");
    server.assertNothingUnread();
  }

  @Test
  void theTextOfTheViolationDoesNotReachThePeer() {
    DrivenConnection server = DrivenConnection.server();
    server.receive("83");
    assertThat(server.sent()).isEqualTo(CLOSE_1002);
    server.connection.abort(null);
    assertThat(server.outcome().cause()).isInstanceOf(ProtocolViolation.class);
  }

  /** Puts a mask of zeros behind the length of each frame, as a client's frames have it. */
  private static String withZeroMasks(String frames) {
    StringBuilder masked = new StringBuilder();
    for (String frame : frames.split(" (?=[08]|80)")) {
      String hex = frame.replace(" ", "");
      int second = Integer.parseInt(hex.substring(2, 4), 16) | 0x80;
      int header = (second & 0x7f) == 127 ? 20 : (second & 0x7f) == 126 ? 8 : 4;
      masked
          .append(hex, 0, 2)
          .append(Integer.toHexString(second))
          .append(hex, 4, header)
          .append("00000000")
          .append(hex.substring(header));
    }
    return masked.toString();
  }

  private static void assertFails(
      DrivenConnection connection, String bytes, String answer, int code, String expectation) {
    connection.receive(bytes);
    assertThat(connection.events()).contains("closing", "shutdownOutput");
    assertThat(connection.sent()).endsWith(answer.replace(" ", ""));
    connection.inputShut();
    assertThat(connection.events())
        .containsExactly("closeTransport", "closed unclean 1006 '': expected " + expectation);
    assertThat(connection.outcome().cause())
        .isInstanceOfSatisfying(
            ProtocolViolation.class,
            violation -> assertThat(violation.closeCode()).isEqualTo(code));
    connection.assertNothingUnread();
  }
}
