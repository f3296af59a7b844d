package dev.weir.protocol.handshake;

import org.jspecify.annotations.Nullable;

/** The syntax of a request's target and Host (RFC 7230 §5.3, §5.4). Stateless and thread-safe. */
final class RequestSyntax {
  private static final int MAX_PORT = 65_535;
  private static final int MAX_PORT_DIGITS = 5;

  private RequestSyntax() {}

  /** HTTP/1.1 or a later minor version (RFC 6455 §4.2.1, RFC 7230 §2.6). */
  static boolean isHttp11(String version) {
    return version.length() == 8
        && version.startsWith("HTTP/1.")
        && version.charAt(7) >= '1'
        && version.charAt(7) <= '9';
  }

  /** Whether all characters are visible ASCII and none begins a fragment. */
  static boolean isTarget(String target) {
    return !target.isEmpty() && target.chars().allMatch(c -> c > 0x20 && c < 0x7F && c != '#');
  }

  /**
   * The resource that a target names: the target itself in origin-form, path and query of one in
   * absolute-form (RFC 6455 §4.2.1), null of any other.
   */
  static @Nullable String resource(String target) {
    if (!isTarget(target)) {
      return null;
    }
    if (target.charAt(0) == '/') {
      return target;
    }
    int scheme = target.indexOf("://");
    if (scheme < 0 || !isHttpScheme(target.substring(0, scheme))) {
      return null;
    }
    int start = scheme + 3;
    int end = start;
    while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
      end++;
    }
    if (!isHost(target.substring(start, end))) {
      return null;
    }
    String rest = target.substring(end);
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  private static boolean isHttpScheme(String scheme) {
    return HeaderTokens.equalsIgnoreCase(scheme, "http")
        || HeaderTokens.equalsIgnoreCase(scheme, "https")
        || HeaderTokens.equalsIgnoreCase(scheme, "ws")
        || HeaderTokens.equalsIgnoreCase(scheme, "wss");
  }

  /** Whether the value is a host, not empty, with an optional port (RFC 3986 §3.2.2). */
  static boolean isHost(String value) {
    int end = value.startsWith("[") ? endOfAddress(value) : endOfName(value);
    return end > 0 && (end == value.length() || isPort(value.substring(end)));
  }

  private static int endOfAddress(String value) {
    int bracket = value.indexOf(']');
    if (bracket < 2) {
      return 0;
    }
    boolean address = value.substring(1, bracket).chars().allMatch(c -> isNameChar(c) || c == ':');
    return address ? bracket + 1 : 0;
  }

  private static int endOfName(String value) {
    int end = 0;
    while (end < value.length() && isNameChar(value.charAt(end))) {
      end++;
    }
    return end;
  }

  /** unreserved, sub-delims and the % of pct-encoded. */
  private static boolean isNameChar(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "-._~!$&'()*+,;=%".indexOf(c) >= 0;
  }

  /** A colon and digits, perhaps none (RFC 3986 §3.2.3). */
  private static boolean isPort(String text) {
    String digits = text.substring(1);
    return text.charAt(0) == ':'
        && digits.length() <= MAX_PORT_DIGITS
        && digits.chars().allMatch(c -> c >= '0' && c <= '9')
        && (digits.isEmpty() || Integer.parseInt(digits) <= MAX_PORT);
  }
}
