package dev.weir.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Encoding against the JDK's, applied to text whose lone surrogates were replaced by hand. */
@Rule("S11")
class TextEncoderTest {
  private static final String ALPHABET =
      "a?\u007f\u0080é\u07ff\u0800€\uffff\ud800\udbff\udc00\udfff";

  @Test
  void everyUnitBetweenEveryPairOfNeighboursIsEncoded() {
    for (char before : ALPHABET.toCharArray()) {
      for (int unit = 0; unit <= Character.MAX_VALUE; unit += unit < 0x900 ? 1 : 7) {
        assertEncoded("" + before + (char) unit + 'z');
        assertEncoded("" + (char) unit + before);
      }
    }
  }

  @Test
  void randomTextsAreEncoded() {
    for (long seed = 0; seed < 5000; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(30); i > 0; i--) {
        text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      assertEncoded(text.toString());
    }
  }

  @Test
  void aLoneSurrogateIsTheReplacementCharacterAndNoQuestionMark() {
    assertThat(HexFormat.of().formatHex(TextEncoder.encode("?\ud800?"))).isEqualTo("3fefbfbd3f");
  }

  private static void assertEncoded(String text) {
    byte[] expected = wellFormed(text).getBytes(StandardCharsets.UTF_8);
    assertThat(TextEncoder.encodedLength(text)).isEqualTo(expected.length);
    assertThat(TextEncoder.encode(text)).isEqualTo(expected);
    ByteBuffer buffer = ByteBuffer.allocate(expected.length);
    TextEncoder.encode(text, buffer);
    assertThat(buffer.array()).isEqualTo(expected);
  }

  private static String wellFormed(String text) {
    StringBuilder good = new StringBuilder();
    text.codePoints()
        .forEach(
            c ->
                good.appendCodePoint(
                    c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c));
    return good.toString();
  }
}
