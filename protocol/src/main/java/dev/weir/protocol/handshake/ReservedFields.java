package dev.weir.protocol.handshake;

import java.util.List;

/**
 * The header fields that the handshake or the HTTP connection owns, which an application must not
 * set (K2). Stateless and thread-safe.
 */
final class ReservedFields {
  private static final String PREFIX = "Sec-WebSocket-";
  private static final List<String> NAMES =
      List.of(
          "Connection",
          "Content-Length",
          "Expect",
          "Host",
          "HTTP2-Settings",
          "Keep-Alive",
          "Proxy-Connection",
          "TE",
          "Trailer",
          "Transfer-Encoding",
          "Upgrade");

  private static final List<String> FRAMING =
      List.of(
          "Connection",
          "Content-Length",
          "Keep-Alive",
          "Proxy-Connection",
          "Trailer",
          "Transfer-Encoding");

  private ReservedFields() {}

  /**
   * Checks the fields of a refusal, which may name what a handshake owns (Upgrade, in a 426) but
   * not how long its body is.
   *
   * @throws IllegalArgumentException if one of them frames the response
   */
  static void refuseFramingIn(Headers headers) {
    for (Headers.Field field : headers) {
      if (HeaderTokens.contains(FRAMING, field.name())) {
        throw new IllegalArgumentException(
            "expected no header that frames the response but was " + field.name());
      }
    }
  }

  /**
   * Checks an application's fields.
   *
   * @throws IllegalArgumentException if one of them is reserved
   */
  static void refuseIn(Headers headers) {
    for (Headers.Field field : headers) {
      String name = field.name();
      if (HeaderTokens.contains(NAMES, name) || isHandshakeField(name)) {
        throw new IllegalArgumentException(
            "expected no header that the opening handshake sets itself but was " + name);
      }
    }
  }

  private static boolean isHandshakeField(String name) {
    return name.length() >= PREFIX.length()
        && HeaderTokens.equalsIgnoreCase(name.substring(0, PREFIX.length()), PREFIX);
  }
}
