package dev.weir.websocket.url;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the URL Standard's parser makes of a URL with one of the schemes ws, wss, http and https.
 * Immutable.
 *
 * @param username percent-encoded, "" if none
 * @param password percent-encoded, "" if none
 * @param host as serialized, never empty
 * @param port null for the scheme's default
 * @param path its segments, at least one, percent-encoded
 * @param query percent-encoded, null if none
 * @param fragment whether there is one, be it empty
 */
record UrlRecord(
    String scheme,
    String username,
    String password,
    String host,
    @Nullable Integer port,
    List<String> path,
    @Nullable String query,
    boolean fragment) {
  UrlRecord {
    path = List.copyOf(path);
  }

  /** The default port of one of the four schemes. */
  static int defaultPort(String scheme) {
    return switch (scheme) {
      case "ws", "http" -> 80;
      case "wss", "https" -> 443;
      default -> throw new IllegalStateException("not a scheme of a WebSocket's URL: " + scheme);
    };
  }

  /** Whether it is one of the four schemes, which are special ones of the standard. */
  static boolean isSpecial(String scheme) {
    return switch (scheme) {
      case "ws", "wss", "http", "https" -> true;
      default -> false;
    };
  }
}
