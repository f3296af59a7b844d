package dev.weir.netty;

import dev.weir.websocket.url.WebSocketUrl;

/** Which redirects a client may follow, and where to (K1). Thread-safe. */
final class Redirects {
  private Redirects() {}

  static boolean isRedirect(int status) {
    return switch (status) {
      case 301, 302, 303, 307, 308 -> true;
      default -> false;
    };
  }

  /**
   * The URL that a redirect leads to.
   *
   * @param location as the server sent it, absolute or relative
   * @throws IllegalArgumentException if it is no URL of http, https, ws or wss, or would give up
   *     TLS
   */
  static WebSocketUrl target(WebSocketUrl from, String location) {
    // A fragment is for the client alone (RFC 9110 §10.2.2); a WebSocket has no use for it.
    int fragment = location.indexOf('#');
    WebSocketUrl target =
        WebSocketUrl.parse(fragment < 0 ? location : location.substring(0, fragment), from.href());
    if (from.isSecure() && !target.isSecure()) {
      throw new IllegalArgumentException(
          "expected a redirect from wss to stay with TLS but it leads to " + target.origin());
    }
    return target;
  }
}
