package dev.weir.protocol.deflate;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Payloads to compress, made from a seed. Only pure functions; thread-safe. */
public final class Samples {
  private static final String[] WORDS = {
    "price", "volume", "symbol", "timestamp", "bid", "ask", "é€😀", "\"id\":", "{", "},", "0.0", "1"
  };

  private Samples() {}

  /** Text of about this many bytes in which much is repeated, near and far. */
  public static String text(Random random, int bytes) {
    StringBuilder text = new StringBuilder();
    while (text.length() < bytes) {
      text.append(WORDS[random.nextInt(WORDS.length)]);
      if (random.nextInt(3) == 0) {
        text.append(random.nextInt(1000));
      }
      if (text.length() > 50 && random.nextInt(20) == 0) {
        int from = random.nextInt(text.length() - 40);
        // Behind a character of two chars and before one no half of it is left.
        String again = text.substring(from, from + 40);
        text.append(again.chars().anyMatch(c -> Character.isSurrogate((char) c)) ? "" : again);
      }
    }
    return text.toString();
  }

  /** Bytes: like text, of one kind, or without any pattern. */
  public static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    switch (random.nextInt(3)) {
      case 0 -> random.nextBytes(bytes);
      case 1 -> {}
      default -> {
        byte[] text = text(random, length).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(text, 0, bytes, 0, Math.min(length, text.length));
      }
    }
    return bytes;
  }
}
