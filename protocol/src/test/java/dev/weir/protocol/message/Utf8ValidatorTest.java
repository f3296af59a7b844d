package dev.weir.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.protocol.close.ProtocolViolation;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The validator against the JDK's strict decoder. */
@Rule({"P1", "6455-8.1-1"})
class Utf8ValidatorTest {
  /** Both sides of every border of Unicode's table 3-7. */
  private static final int[] BORDERS = {
    0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec,
    0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xf8, 0xff
  };

  private static final byte[][] TAILS = {
    HexFormat.of().parseHex("80"),
    HexFormat.of().parseHex("8080"),
    HexFormat.of().parseHex("a080"),
    HexFormat.of().parseHex("808080"),
    HexFormat.of().parseHex("908080"),
  };

  @Test
  void everySequenceOfOneToThreeBytesIsJudgedAsByTheJdk() {
    for (int a = 0; a < 256; a++) {
      assertJudgedAsByTheJdk((byte) a);
      for (int b = 0; b < 256; b++) {
        assertJudgedAsByTheJdk((byte) a, (byte) b);
        for (int c : BORDERS) {
          assertJudgedAsByTheJdk((byte) a, (byte) b, (byte) c);
        }
      }
    }
  }

  @Test
  void everySequenceOfFourBorderBytesIsJudgedAsByTheJdk() {
    for (int a : BORDERS) {
      for (int b : BORDERS) {
        for (int c : BORDERS) {
          for (int d : BORDERS) {
            assertJudgedAsByTheJdk((byte) a, (byte) b, (byte) c, (byte) d);
          }
        }
      }
    }
  }

  @Test
  void everyCharacterIsTakenAtEverySplit() {
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        continue;
      }
      byte[] bytes = Character.toString(c).getBytes(StandardCharsets.UTF_8);
      for (int split = 0; split <= bytes.length; split++) {
        if (firstBad(bytes, split) != GOOD) {
          throw new AssertionError("U+%04X, split at %d".formatted(c, split));
        }
      }
    }
  }

  @Test
  void aBadByteIsFoundAtEveryPlaceInTextOfAnyAlignment() {
    for (int length = 1; length <= 40; length++) {
      for (int bad = 0; bad < length; bad++) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'x');
        bytes[bad] = (byte) 0xff;
        for (int split = 0; split <= length; split++) {
          assertThat(firstBad(bytes, split)).isEqualTo(bad);
        }
      }
    }
  }

  @Test
  void randomMixturesAreJudgedAsByTheJdk() {
    for (long seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = new byte[random.nextInt(60)];
      int i = 0;
      while (i < bytes.length) {
        byte[] next =
            switch (random.nextInt(8)) {
              case 0 -> new byte[] {(byte) BORDERS[random.nextInt(BORDERS.length)]};
              case 1 -> "€".getBytes(StandardCharsets.UTF_8);
              case 2 -> "😀".getBytes(StandardCharsets.UTF_8);
              default -> "plain ascii".getBytes(StandardCharsets.UTF_8);
            };
        int fits = Math.min(next.length, bytes.length - i);
        System.arraycopy(next, 0, bytes, i, fits);
        i += fits;
      }
      assertJudgedAsByTheJdk(bytes);
    }
  }

  /** The place of the first byte that is wrong: none, or the end for text that is cut off. */
  private static final int GOOD = Integer.MAX_VALUE;

  private static void assertJudgedAsByTheJdk(byte... bytes) {
    int expected = firstBadOfTheJdk(bytes);
    for (int split = 0; split <= bytes.length; split++) {
      int actual = firstBad(bytes, split);
      if (actual != expected) {
        throw new AssertionError(
            "%s, split at %d: expected the first bad byte at %d but was %d"
                .formatted(HexFormat.of().formatHex(bytes), split, expected, actual));
      }
    }
  }

  private static int firstBad(byte[] bytes, int split) {
    Utf8Validator validator = new Utf8Validator();
    validator.reset();
    try {
      validator.accept(bytes, 0, split);
      validator.accept(bytes, split, bytes.length - split);
    } catch (ProtocolViolation violation) {
      assertThat(violation.closeCode()).isEqualTo(1007);
      String message = violation.getMessage();
      int at = message.indexOf("offset ") + 7;
      int offset = Integer.parseInt(message.substring(at, message.indexOf(' ', at)));
      assertThat(message)
          .startsWith("expected UTF-8 but was byte 0x" + Integer.toHexString(bytes[offset] & 0xff));
      return offset;
    }
    try {
      validator.end();
      return GOOD;
    } catch (ProtocolViolation violation) {
      assertThat(violation.closeCode()).isEqualTo(1007);
      return bytes.length;
    }
  }

  /**
   * The first byte up to which no prefix can still become text, found by decoding ever longer
   * prefixes. The JDK puts off judging an unfinished character, so that is finished for it in every
   * way that makes a difference.
   */
  private static int firstBadOfTheJdk(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer out = CharBuffer.allocate(bytes.length + 8);
    int unfinished = 0;
    for (int length = 1; length <= bytes.length; length++) {
      ByteBuffer prefix = ByteBuffer.wrap(bytes, 0, length);
      CoderResult result = decoder.reset().decode(prefix, out.clear(), false);
      unfinished = prefix.remaining();
      if (result.isMalformed() || (unfinished > 0 && !canBeFinished(decoder, prefix, out))) {
        return length - 1;
      }
    }
    return unfinished > 0 ? bytes.length : GOOD;
  }

  private static boolean canBeFinished(CharsetDecoder decoder, ByteBuffer begun, CharBuffer out) {
    for (byte[] tail : TAILS) {
      ByteBuffer finished = ByteBuffer.allocate(begun.remaining() + tail.length);
      finished.put(begun.duplicate()).put(tail).flip();
      if (!decoder.reset().decode(finished, out.clear(), true).isError()) {
        return true;
      }
    }
    return false;
  }
}
