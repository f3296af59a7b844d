package dev.weir.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Masking against its definition, octet i with octet i modulo 4 of the key (RFC 6455 §5.3). */
class MaskTest {
  private static final int MASK = 0x81c2_037f;
  private static final byte[] RANDOM = new byte[64];

  static {
    new Random(1).nextBytes(RANDOM);
  }

  @Test
  void anArrayIsMaskedAtEveryOffsetLengthAndPhase() {
    for (int from = 0; from < 9; from++) {
      for (int length = 0; length <= 40; length++) {
        for (int phase = 0; phase < 6; phase++) {
          byte[] bytes = RANDOM.clone();
          Mask.apply(bytes, from, length, MASK, phase);
          assertThat(bytes)
              .as("from %d, length %d, phase %d", from, length, phase)
              .isEqualTo(expected(from, length, phase));
        }
      }
    }
  }

  @Test
  void aPhaseBeyondAnIntCountsByItsLowestBits() {
    byte[] bytes = RANDOM.clone();
    Mask.apply(bytes, 0, 64, MASK, (int) 0x1_0000_0002L);
    assertThat(bytes).isEqualTo(expected(0, 64, 2));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBufferIsMaskedInPlaceAndKeepsItsPositionAndOrder(boolean direct) {
    for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
      for (int from = 0; from < 9; from++) {
        for (int length = 0; length <= 40; length++) {
          ByteBuffer buffer = buffer(direct).put(RANDOM).position(5).order(order);
          Mask.apply(buffer, from, length, MASK);
          assertThat(buffer.position()).isEqualTo(5);
          assertThat(buffer.order()).isEqualTo(order);
          assertThat(content(buffer))
              .as("from %d, length %d", from, length)
              .isEqualTo(expected(from, length, 0));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bytesAreCopiedMaskedAndTheSourceStays(boolean direct) {
    for (int from = 0; from < 9; from++) {
      for (int length = 0; length <= 40; length++) {
        byte[] source = RANDOM.clone();
        ByteBuffer buffer = buffer(direct).position(from);
        Mask.copy(source, from, length, buffer, MASK);
        assertThat(source).isEqualTo(RANDOM);
        assertThat(buffer.position()).isEqualTo(from + length);
        assertThat(buffer.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        byte[] copied = new byte[length];
        buffer.get(from, copied);
        byte[] wanted = new byte[length];
        System.arraycopy(expected(from, length, 0), from, wanted, 0, length);
        assertThat(copied).as("from %d, length %d", from, length).isEqualTo(wanted);
      }
    }
  }

  private static byte[] expected(int from, int length, int phase) {
    byte[] key = ByteBuffer.allocate(4).putInt(MASK).array();
    byte[] bytes = RANDOM.clone();
    for (int i = 0; i < length; i++) {
      bytes[from + i] ^= key[(phase + i) % 4];
    }
    return bytes;
  }

  /** A slice that begins at an odd place. */
  private static ByteBuffer buffer(boolean direct) {
    ByteBuffer whole = direct ? ByteBuffer.allocateDirect(67) : ByteBuffer.allocate(67);
    return whole.slice(3, 64);
  }

  private static byte[] content(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.capacity()];
    buffer.get(0, bytes);
    return bytes;
  }
}
