package dev.weir.websocket;

import dev.weir.websocket.opening.HandshakeResponse;
import dev.weir.websocket.url.BlockedPorts;
import dev.weir.websocket.url.WebSocketUrl;

/** Which redirects a client may follow, and where to (K1). Stateless and thread-safe. */
final class Redirects {
  private static final String LOCATION = "Location";

  private Redirects() {}

  /** Whether the answer leads elsewhere. */
  static boolean isRedirect(HandshakeResponse response) {
    return switch (response.status()) {
      case 301, 302, 303, 307, 308 -> response.headers().contains(LOCATION);
      default -> false;
    };
  }

  /**
   * The URL that a redirect leads to.
   *
   * @throws IllegalArgumentException if it is no URL of http, https, ws or wss, would give up TLS,
   *     or has a blocked port (K4)
   */
  static WebSocketUrl target(
      WebSocketUrl from, HandshakeResponse response, boolean blockedPortsAllowed) {
    String location = response.headers().first(LOCATION).orElseThrow();
    // A fragment is for the client alone (RFC 9110 §10.2.2); a WebSocket has no use for it.
    int fragment = location.indexOf('#');
    WebSocketUrl target = from.resolve(fragment < 0 ? location : location.substring(0, fragment));
    if (from.isSecure() && !target.isSecure()) {
      throw new IllegalArgumentException(
          "expected a redirect from wss to stay with TLS but it leads to " + target.origin());
    }
    if (!blockedPortsAllowed && BlockedPorts.isBlocked(target.port())) {
      throw new IllegalArgumentException("port " + target.port() + " is blocked");
    }
    return target;
  }
}
