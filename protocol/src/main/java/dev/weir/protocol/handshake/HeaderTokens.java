package dev.weir.protocol.handshake;

import java.util.ArrayList;
import java.util.List;

/**
 * The lexical rules of HTTP header values: tokens, comma-separated lists, and comparison without
 * regard to ASCII case (RFC 7230 §3.2.6, §7). Stateless and thread-safe.
 */
public final class HeaderTokens {
  private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";

  private HeaderTokens() {}

  /** Whether the text is a token: one or more tchar (RFC 7230 §3.2.6). */
  public static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isTokenChar(text.charAt(i))) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  static boolean isTokenChar(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_PUNCTUATION.indexOf(c) >= 0;
  }

  /**
   * The elements of a comma-separated list, in order, without the white space around them; empty
   * elements are skipped (RFC 7230 §7). A comma inside a quoted string separates nothing. A quoted
   * string that is not ended reaches to the end of the value. Elements need not be tokens.
   */
  public static List<String> split(String value) {
    List<String> elements = new ArrayList<>();
    int start = 0;
    boolean quoted = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        addElement(elements, value.substring(start, i));
        start = i + 1;
      }
    }
    addElement(elements, value.substring(start));
    return List.copyOf(elements);
  }

  private static void addElement(List<String> elements, String text) {
    String element = trim(text);
    if (!element.isEmpty()) {
      elements.add(element);
    }
  }

  /** Whether one of the elements is the token, without regard to ASCII case. */
  public static boolean contains(List<String> elements, String token) {
    for (String element : elements) {
      if (equalsIgnoreCase(element, token)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the two are equal without regard to the case of the letters a to z. Other letters are
   * compared exactly, so that no lookalike (the Kelvin sign for a k) passes for a token.
   */
  public static boolean equalsIgnoreCase(String a, String b) {
    if (a.length() != b.length()) {
      return false;
    }
    for (int i = 0; i < a.length(); i++) {
      if (lower(a.charAt(i)) != lower(b.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** The text with A to Z in lower case and all else unchanged. */
  static String toLowerCase(String text) {
    StringBuilder lower = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      lower.append(lower(text.charAt(i)));
    }
    return lower.toString();
  }

  private static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + 0x20) : c;
  }

  /** The text without optional white space, space and tab, at its ends (RFC 7230 §3.2.3). */
  static String trim(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && isWhiteSpace(text.charAt(start))) {
      start++;
    }
    while (end > start && isWhiteSpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  static boolean isWhiteSpace(char c) {
    return c == ' ' || c == '\t';
  }
}
