package dev.weir.websocket.url;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * application/x-www-form-urlencoded, in UTF-8, as the query of a URL has it. Stateless and
 * thread-safe.
 *
 * @see <a href="https://url.spec.whatwg.org/#application/x-www-form-urlencoded">URL,
 *     application/x-www-form-urlencoded</a>
 */
public final class FormEncoding {
  private static final String KEPT = "*-._";
  private static final String HEX = "0123456789ABCDEF";

  private FormEncoding() {}

  /** Names and values in turn: an even number of strings. */
  public static List<String> parse(String input) {
    List<String> pairs = new ArrayList<>();
    for (String sequence : input.split("&", -1)) {
      if (sequence.isEmpty()) {
        continue;
      }
      int sign = sequence.indexOf('=');
      pairs.add(decoded(sign < 0 ? sequence : sequence.substring(0, sign)));
      pairs.add(decoded(sign < 0 ? "" : sequence.substring(sign + 1)));
    }
    return pairs;
  }

  private static String decoded(String text) {
    return new String(PercentEncoding.decode(text.replace('+', ' ')), StandardCharsets.UTF_8);
  }

  /**
   * The opposite of {@link #parse}.
   *
   * @throws IllegalArgumentException if the last name has no value
   */
  public static String serialize(List<String> pairs) {
    if (pairs.size() % 2 != 0) {
      throw new IllegalArgumentException(
          "expected names and values in turn but was a list of " + pairs.size());
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < pairs.size(); i += 2) {
      if (i > 0) {
        out.append('&');
      }
      encode(pairs.get(i), out);
      out.append('=');
      encode(pairs.get(i + 1), out);
    }
    return out.toString();
  }

  private static void encode(String text, StringBuilder out) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b == ' ') {
        out.append('+');
      } else if ((b >= '0' && b <= '9')
          || (b >= 'A' && b <= 'Z')
          || (b >= 'a' && b <= 'z')
          || KEPT.indexOf(b) >= 0) {
        out.append((char) b);
      } else {
        out.append('%').append(HEX.charAt(b >> 4 & 0xF)).append(HEX.charAt(b & 0xF));
      }
    }
  }
}
