package dev.weir.websocket.url;

import dev.weir.streams.SyntaxError;

/**
 * The errors of the URL parser, in words that name the part at fault and never the userinfo.
 * Stateless and thread-safe.
 */
final class UrlFault {
  private static final int QUOTED_CHARS = 100;

  private UrlFault() {}

  /** The error for a part of a URL that is not what it must be. */
  static SyntaxError expected(String expected, String actual) {
    return new SyntaxError("expected " + expected + " but was " + quoted(actual));
  }

  /** Text of the URL for a message: in quotes, in visible ASCII, shortened if long. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    int shown = Math.min(text.length(), QUOTED_CHARS);
    for (int i = 0; i < shown; i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c > 0x7E) {
        quoted.append(String.format("\\u%04X", (int) c));
      } else {
        quoted.append(c);
      }
    }
    quoted.append('"');
    if (shown < text.length()) {
      quoted.append(" and ").append(text.length() - shown).append(" characters more");
    }
    return quoted.toString();
  }
}
