package dev.weir.protocol.handshake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptKeyTest {
  /** The example of RFC 6455 §1.3. */
  @Test
  void answersTheExampleOfTheStandard() {
    byte[] nonce = "the sample nonce".getBytes(StandardCharsets.US_ASCII);
    assertThat(AcceptKey.keyFor(nonce)).isEqualTo("dGhlIHNhbXBsZSBub25jZQ==");
    assertThat(AcceptKey.acceptFor("dGhlIHNhbXBsZSBub25jZQ=="))
        .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  }

  @Test
  void refusesANonceOfAnotherLength() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AcceptKey.keyFor(new byte[15]))
        .withMessage("expected a nonce of 16 bytes but was 15");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "16 bytes, dGhlIHNhbXBsZSBub25jZQ==, true",
    "without padding, dGhlIHNhbXBsZSBub25jZQ, false",
    "half the padding, dGhlIHNhbXBsZSBub25jZQ=, false",
    "15 bytes, dGhlIHNhbXBsZSBub25j, false",
    "17 bytes, dGhlIHNhbXBsZSBub25jZVg=, false",
    "18 bytes, dGhlIHNhbXBsZSBub25jZVhY, false",
    "24 characters that are not base64, dGhlIHNhbXBsZSBub25jZ$==, false",
    "base64 for URLs, _-hlIHNhbXBsZSBub25jZQ==, false",
    "padding within, dGhlIHNhbXBs=SBub25jZQ==, false",
    "empty, '', false"
  })
  void tellsKeysFromOtherText(String name, String value, boolean key) {
    assertThat(AcceptKey.isKey(value)).isEqualTo(key);
  }
}
