package dev.weir.interop;

import java.util.Arrays;

/**
 * The payload of a compressed message that is about 1032 times as long when inflated, the most that
 * DEFLATE can do: one block in which each pair of bits repeats the byte before 258 times. Only pure
 * functions; thread-safe.
 */
final class Bomb {
  private static final int REPEATED_BYTES = 258;

  /** The header of the block, of 87 bits at most, and its end. */
  private static final int MOST_HEADER_BYTES = 16;

  private final byte[] bytes;
  private int bits;

  private Bomb(int size) {
    bytes = new byte[size];
  }

  /** A payload that inflates to so many zeros, rounded up to one more than a multiple of 258. */
  static byte[] of(long inflatedBytes) {
    long repetitions = (inflatedBytes + REPEATED_BYTES - 2) / REPEATED_BYTES;
    var bomb = new Bomb(Math.toIntExact(repetitions / 4) + 2 * MOST_HEADER_BYTES);
    bomb.header();
    // The first zero, which all others repeat.
    bomb.code("10");
    // Length 258 is "0", distance 1 is "0": nothing but zero bits.
    bomb.bits += Math.toIntExact(2 * repetitions);
    // The end of the block, and the first bits of the empty one whose rest is left away.
    bomb.code("11").number(0, 3);
    return Arrays.copyOf(bomb.bytes, (bomb.bits + 7) / 8);
  }

  /** How many zeros {@link #of} inflates to. */
  static long inflatedBytes(long atLeast) {
    return 1 + (atLeast + REPEATED_BYTES - 2) / REPEATED_BYTES * REPEATED_BYTES;
  }

  /** A block with codes of its own (RFC 1951 §3.2.7): three for bytes and lengths, one distance. */
  private void header() {
    number(0, 1).number(2, 2);
    // 286 codes for bytes and lengths, one distance, 18 lengths of codes in the order 16, 17, 18, …
    number(286 - 257, 5).number(0, 5).number(18 - 4, 4);
    int[] order = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1};
    for (int symbol : order) {
      // "0" is many zeros, "10" is a code of one bit, "11" one of two.
      number(symbol == 18 ? 1 : symbol == 1 || symbol == 2 ? 2 : 0, 3);
    }
    code("11").zeros(138).zeros(117); // the byte 0, and no other byte
    code("11").zeros(28); // the end, and no other length
    code("10").code("10"); // length 258, and distance 1
  }

  private Bomb zeros(int count) {
    return code("0").number(count - 11, 7);
  }

  private Bomb number(int value, int count) {
    for (int i = 0; i < count; i++) {
      bit(value >> i & 1);
    }
    return this;
  }

  private Bomb code(String code) {
    code.chars().forEach(bit -> bit(bit - '0'));
    return this;
  }

  private void bit(int bit) {
    bytes[bits / 8] |= (byte) (bit << bits % 8);
    bits++;
  }
}
