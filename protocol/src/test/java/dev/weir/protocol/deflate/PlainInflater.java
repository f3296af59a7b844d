package dev.weir.protocol.deflate;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * A slow reader of DEFLATE data by RFC 1951, by other code than the code under test, which refuses
 * every reference beyond its window. It reads any number of messages, each with the window that the
 * one before has left. Not thread-safe.
 */
public final class PlainInflater {
  private static final int[] LENGTH_BASE = {
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258
  };
  private static final int[] LENGTH_EXTRA = {
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0
  };
  private static final int[] DISTANCE_BASE = {
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12289, 16385, 24577
  };
  private static final int[] DISTANCE_EXTRA = {
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13
  };
  private static final int[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };

  private final int windowBytes;
  private final boolean takeover;

  private byte[] history = {};
  private byte[] in = {};
  private int bit;
  private byte[] out = new byte[1024];
  private int length;
  private int floor;
  private int farthest;
  private int finalBlocks;

  /** Reads with a window of two to the power of {@code bits}, kept between messages or not. */
  public PlainInflater(int bits, boolean takeover) {
    this.windowBytes = 1 << bits;
    this.takeover = takeover;
  }

  /** The largest distance that any message referred back over. */
  public int farthest() {
    return farthest;
  }

  /** How many final blocks there were. */
  public int finalBlocks() {
    return finalBlocks;
  }

  /** Inflates a payload whose last four bytes were removed. */
  public byte[] message(byte[] payload) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(payload);
    whole.writeBytes(new byte[] {0, 0, (byte) 0xff, (byte) 0xff});
    in = whole.toByteArray();
    bit = 0;
    out = Arrays.copyOf(history, Math.max(1024, history.length * 2));
    length = history.length;
    floor = 0;
    while (bit < in.length * 8) {
      block();
    }
    byte[] message = Arrays.copyOfRange(out, history.length, length);
    if (takeover) {
      history = Arrays.copyOfRange(out, Math.max(0, length - windowBytes), length);
    }
    return message;
  }

  private void block() {
    boolean last = bits(1) == 1;
    switch (bits(2)) {
      case 0 -> stored();
      case 1 -> {
        int[] lengths = new int[288];
        Arrays.fill(lengths, 0, 144, 8);
        Arrays.fill(lengths, 144, 256, 9);
        Arrays.fill(lengths, 256, 280, 7);
        Arrays.fill(lengths, 280, 288, 8);
        int[] distances = new int[30];
        Arrays.fill(distances, 5);
        compressed(new Code(lengths), new Code(distances));
      }
      case 2 -> dynamic();
      default -> throw new AssertionError("block of the reserved type");
    }
    if (last) {
      // What follows a final block begins at a byte, with nothing to refer back to.
      bit = (bit + 7) / 8 * 8;
      floor = length;
      finalBlocks++;
    }
  }

  private void stored() {
    bit = (bit + 7) / 8 * 8;
    int count = bits(16);
    if ((count ^ 0xffff) != bits(16)) {
      throw new AssertionError("length of a stored block and its complement differ");
    }
    for (int i = 0; i < count; i++) {
      put((byte) bits(8));
    }
  }

  private void dynamic() {
    int literals = bits(5) + 257;
    int distances = bits(5) + 1;
    int codes = bits(4) + 4;
    int[] codeLengths = new int[19];
    for (int i = 0; i < codes; i++) {
      codeLengths[ORDER[i]] = bits(3);
    }
    Code code = new Code(codeLengths);
    int[] lengths = new int[literals + distances];
    for (int i = 0; i < lengths.length; ) {
      int symbol = code.next();
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      int value = symbol == 16 ? lengths[i - 1] : 0;
      int times = symbol == 16 ? 3 + bits(2) : symbol == 17 ? 3 + bits(3) : 11 + bits(7);
      Arrays.fill(lengths, i, i + times, value);
      i += times;
    }
    compressed(
        new Code(Arrays.copyOf(lengths, literals)),
        new Code(Arrays.copyOfRange(lengths, literals, lengths.length)));
  }

  private void compressed(Code literals, Code distances) {
    for (int symbol = literals.next(); symbol != 256; symbol = literals.next()) {
      if (symbol < 256) {
        put((byte) symbol);
        continue;
      }
      int count = LENGTH_BASE[symbol - 257] + bits(LENGTH_EXTRA[symbol - 257]);
      int code = distances.next();
      int distance = DISTANCE_BASE[code] + bits(DISTANCE_EXTRA[code]);
      farthest = Math.max(farthest, distance);
      if (distance > windowBytes || distance > length - floor) {
        throw new AssertionError(
            "reference over "
                + distance
                + " bytes where the window has "
                + Math.min(windowBytes, length - floor));
      }
      for (int i = 0; i < count; i++) {
        put(out[length - distance]);
      }
    }
  }

  private void put(byte b) {
    if (length == out.length) {
      out = Arrays.copyOf(out, 2 * length);
    }
    out[length++] = b;
  }

  private int bits(int count) {
    int value = 0;
    for (int i = 0; i < count; i++, bit++) {
      value |= (in[bit / 8] >> (bit % 8) & 1) << i;
    }
    return value;
  }

  /** A Huffman code, read bit by bit (RFC 1951 §3.2.2). */
  private final class Code {
    private final int[] count = new int[16];
    private final int[] symbols;

    Code(int[] lengths) {
      for (int length : lengths) {
        count[length]++;
      }
      int[] next = new int[16];
      for (int i = 1; i < 15; i++) {
        next[i + 1] = next[i] + count[i];
      }
      symbols = new int[lengths.length];
      for (int symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] != 0) {
          symbols[next[lengths[symbol]]++] = symbol;
        }
      }
    }

    int next() {
      int code = 0;
      int first = 0;
      int index = 0;
      for (int i = 1; i < 16; i++) {
        code |= bits(1);
        if (code - first < count[i]) {
          return symbols[index + code - first];
        }
        index += count[i];
        first = first + count[i] << 1;
        code <<= 1;
      }
      throw new AssertionError("code that has no symbol");
    }
  }
}
