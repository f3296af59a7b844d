package dev.weir.websocket.url;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Punycode, which writes a label of a domain in ASCII (RFC 3492), without the prefix "xn--".
 * Stateless and thread-safe.
 */
final class Punycode {
  private static final int BASE = 36;
  private static final int T_MIN = 1;
  private static final int T_MAX = 26;
  private static final int SKEW = 38;
  private static final int DAMP = 700;
  private static final int INITIAL_BIAS = 72;
  private static final int INITIAL_N = 0x80;
  private static final char DELIMITER = '-';

  private Punycode() {}

  /** The label in Punycode (§6.3). */
  static String encode(String label) {
    int[] input = label.codePoints().toArray();
    StringBuilder output = new StringBuilder();
    for (int c : input) {
      if (c < INITIAL_N) {
        output.append((char) c);
      }
    }
    int basic = output.length();
    if (basic > 0) {
      output.append(DELIMITER);
    }
    int n = INITIAL_N;
    long delta = 0;
    int bias = INITIAL_BIAS;
    int handled = basic;
    while (handled < input.length) {
      int least = least(input, n);
      delta += (long) (least - n) * (handled + 1);
      n = least;
      for (int c : input) {
        if (c < n) {
          delta++;
        } else if (c == n) {
          appendNumber(output, delta, bias);
          bias = adapt(delta, handled + 1, handled == basic);
          delta = 0;
          handled++;
        }
      }
      delta++;
      n++;
    }
    return output.toString();
  }

  private static int least(int[] input, int atLeast) {
    return Arrays.stream(input).filter(c -> c >= atLeast).min().orElseThrow();
  }

  private static void appendNumber(StringBuilder output, long delta, int bias) {
    long q = delta;
    int k = BASE;
    while (q >= threshold(k, bias)) {
      int t = threshold(k, bias);
      output.append(digit((int) (t + (q - t) % (BASE - t))));
      q = (q - t) / (BASE - t);
      k += BASE;
    }
    output.append(digit((int) q));
  }

  /** The label that the text stands for, or null if it is no Punycode (§6.2). */
  static @Nullable String decode(String text) {
    StringBuilder output = new StringBuilder();
    int delimiter = text.lastIndexOf(DELIMITER);
    if (delimiter > 0) {
      output.append(text, 0, delimiter);
    }
    int in = delimiter > 0 ? delimiter + 1 : 0;
    int count = output.length();
    int n = INITIAL_N;
    int i = 0;
    int bias = INITIAL_BIAS;
    while (in < text.length()) {
      int old = i;
      long weight = 1;
      int k = BASE;
      while (true) {
        int digit = in < text.length() ? value(text.charAt(in)) : BASE;
        in++;
        long next = i + digit * weight;
        if (digit == BASE || next > Integer.MAX_VALUE) {
          return null;
        }
        i = (int) next;
        int t = threshold(k, bias);
        if (digit < t) {
          break;
        }
        weight *= BASE - t;
        if (weight > Integer.MAX_VALUE) {
          return null;
        }
        k += BASE;
      }
      count++;
      bias = adapt(i - old, count, old == 0);
      n += i / count;
      i %= count;
      if (n > Character.MAX_CODE_POINT || n < INITIAL_N || isSurrogate(n)) {
        return null;
      }
      output.insert(output.offsetByCodePoints(0, i), Character.toString(n));
      i++;
    }
    return output.toString();
  }

  private static boolean isSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  private static int threshold(int k, int bias) {
    return Math.max(T_MIN, Math.min(T_MAX, k - bias));
  }

  /** The bias for the next number (§6.1). */
  private static int adapt(long delta, int points, boolean first) {
    long rest = first ? delta / DAMP : delta / 2;
    rest += rest / points;
    int k = 0;
    while (rest > (BASE - T_MIN) * T_MAX / 2) {
      rest /= BASE - T_MIN;
      k += BASE;
    }
    return (int) (k + (BASE - T_MIN + 1) * rest / (rest + SKEW));
  }

  private static char digit(int value) {
    return (char) (value < 26 ? 'a' + value : '0' + (value - 26));
  }

  /** The digit's value, or {@link #BASE} if it is none. */
  private static int value(char c) {
    if (c >= 'a' && c <= 'z') {
      return c - 'a';
    }
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    return c >= '0' && c <= '9' ? c - '0' + 26 : BASE;
  }
}
