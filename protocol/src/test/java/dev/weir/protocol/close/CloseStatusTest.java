package dev.weir.protocol.close;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.weir.conformance.Rule;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloseStatusTest {
  private static final HexFormat HEX = HexFormat.of();

  @Test
  @Rule("6455-5.5.1-1")
  void theBodyIsTheCodeInNetworkOrderAndTheReason() {
    assertThat(new CloseStatus(1001, "bye").encode())
        .asHexString()
        .isEqualToIgnoringCase("03E9627965");
  }

  @Test
  @Rule("6455-7.4.1-1")
  void noStatusIsAnEmptyBody() {
    assertThat(CloseStatus.NONE.encode()).isEmpty();
    assertThat(CloseStatus.decode(new byte[0])).isEqualTo(CloseStatus.NONE);
  }

  @Test
  void noStatusHasNoReason() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CloseStatus(1005, "why"))
        .withMessage("expected no reason without a code but was a reason of 3 bytes");
  }

  @Test
  @Rule({"C2", "6455-7.4.1-1", "6455-7.4.1-2", "6455-7.4.1-3"})
  void everyCodeOfTwoBytesIsTakenIfItMayTravelAndRefusedOtherwise() {
    for (int code = 0; code <= 0xffff; code++) {
      byte[] body = {(byte) (code >> 8), (byte) code};
      int candidate = code;
      if (CloseCode.mayTravel(code)) {
        assertThat(CloseStatus.decode(body)).isEqualTo(new CloseStatus(code, ""));
        assertThat(new CloseStatus(code, "").encode()).isEqualTo(body);
      } else {
        assertThatExceptionOfType(ProtocolViolation.class)
            .as("receiving %d", code)
            .isThrownBy(() -> CloseStatus.decode(body))
            .withMessage(
                "expected a close code of 1000-1003, 1007-1014 or 3000-4999 but was " + code)
            .satisfies(violation -> assertThat(violation.closeCode()).isEqualTo(1002));
        if (code != 1005) {
          assertThatIllegalArgumentException()
              .as("making %d", code)
              .isThrownBy(() -> new CloseStatus(candidate, ""))
              .withMessage("expected a code of 1000-1003, 1007-1014 or 3000-4999 but was " + code);
        }
      }
    }
  }

  @Test
  @Rule("C2")
  void aBodyOfOneByteIsAProtocolError() {
    assertThatExceptionOfType(ProtocolViolation.class)
        .isThrownBy(() -> CloseStatus.decode(new byte[] {3}))
        .withMessage("expected a Close body of 0 or at least 2 bytes but was a body of 1 byte")
        .satisfies(violation -> assertThat(violation.closeCode()).isEqualTo(1002));
  }

  @ParameterizedTest
  @ValueSource(strings = {"03e8ff", "03e8c3", "03e8eda080", "03e8c080", "03e8616280"})
  @Rule("C2")
  void aReasonThatIsNotUtf8IsAnInvalidPayload(String body) {
    assertThatExceptionOfType(ProtocolViolation.class)
        .isThrownBy(() -> CloseStatus.decode(HEX.parseHex(body)))
        .withMessage("expected a close reason of UTF-8 but was other bytes")
        .satisfies(violation -> assertThat(violation.closeCode()).isEqualTo(1007));
  }

  @ParameterizedTest
  @CsvSource({"a, 123", "é, 61", "€, 41", "😀, 30"})
  @Rule("C3")
  void aReasonIsMeasuredInBytes(String character, int most) {
    String longest = character.repeat(most);
    CloseStatus status = new CloseStatus(1000, longest);
    assertThat(status.encode()).hasSizeLessThanOrEqualTo(125);
    assertThat(CloseStatus.decode(status.encode())).isEqualTo(status);

    String tooLong = longest + character;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CloseStatus(1000, tooLong))
        .withMessage(
            "reason is %d bytes of UTF-8, the limit is 123", CloseStatus.reasonBytes(tooLong));
  }

  @Test
  @Rule("C3")
  void aReasonOf124BytesSaysSo() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new CloseStatus(1000, "x".repeat(124)))
        .withMessage("reason is 124 bytes of UTF-8, the limit is 123");
  }

  @ParameterizedTest
  @CsvSource({"\\ud800, efbfbd", "a\\udc00b, 61efbfbd62", "\\ud83d\\ud83d\\ude00, efbfbdf09f9880"})
  void aLoneSurrogateInAReasonTravelsAsTheReplacementCharacter(String escaped, String bytes) {
    String reason = unescape(escaped);
    assertThat(HEX.formatHex(new CloseStatus(1000, reason).encode())).isEqualTo("03e8" + bytes);
    assertThat(CloseStatus.reasonBytes(reason)).isEqualTo(bytes.length() / 2);
  }

  @Test
  void failuresCarryFixedTexts() {
    assertThat(CloseStatus.failure(1002)).isEqualTo(new CloseStatus(1002, "protocol error"));
    assertThat(CloseStatus.failure(1007)).isEqualTo(new CloseStatus(1007, "invalid UTF-8"));
    assertThat(CloseStatus.failure(1009)).isEqualTo(new CloseStatus(1009, "message too big"));
    assertThat(CloseStatus.failure(1011)).isEqualTo(new CloseStatus(1011, ""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CloseStatus.failure(1005))
        .withMessage("expected a code that may travel but was 1005");
  }

  private static String unescape(String escaped) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < escaped.length(); i++) {
      if (escaped.charAt(i) == '\\') {
        text.append((char) Integer.parseInt(escaped.substring(i + 2, i + 6), 16));
        i += 5;
      } else {
        text.append(escaped.charAt(i));
      }
    }
    return text.toString();
  }
}
