package dev.weir.websocket;

import dev.weir.protocol.handshake.Headers;
import dev.weir.websocket.url.WebSocketUrl;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where an opening handshake goes, with the credentials that this server may see (K3). Immutable.
 *
 * @param own the client's own headers
 * @param basicAuthorization of the userinfo that counts here, or null
 */
record RequestTarget(WebSocketUrl url, Headers own, @Nullable String basicAuthorization) {
  private static final List<String> CREDENTIALS = List.of("Authorization", "Cookie", "Cookie2");

  static RequestTarget first(WebSocketUrl url, Headers own) {
    return new RequestTarget(url, own, url.basicAuthorization().orElse(null));
  }

  /**
   * The target of a redirect: another origin gets none of the credentials, which were meant for the
   * first alone. Userinfo of its own goes before the one so far.
   */
  RequestTarget redirectedTo(WebSocketUrl next) {
    if (next.origin().equals(url.origin())) {
      return new RequestTarget(next, own, next.basicAuthorization().orElse(basicAuthorization));
    }
    Headers.Builder kept = own.toBuilder();
    CREDENTIALS.forEach(kept::remove);
    return first(next, kept.build());
  }

  /** The client's own headers, and Basic authorization unless they hold one. */
  Headers headers() {
    return basicAuthorization == null || own.contains("Authorization")
        ? own
        : own.toBuilder().add("Authorization", basicAuthorization).build();
  }

  /** The URL alone: what it carries is secret. */
  @Override
  public String toString() {
    return url.toString();
  }
}
