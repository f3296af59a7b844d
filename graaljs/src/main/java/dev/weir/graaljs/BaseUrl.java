package dev.weir.graaljs;

import dev.weir.streams.SyntaxError;
import dev.weir.websocket.url.WebSocketUrl;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where the scripts are on the web: what the URLs of their connections are relative to, and what
 * they say about themselves as Origin. Immutable.
 *
 * @param forConnections the URL that others are resolved against; null where it has no place in it
 *     for paths of a server, such as {@code file:} and {@code about:}
 * @param origin its origin, "null" for one that is opaque; null without a base URL: what is no page
 *     sends no Origin
 */
record BaseUrl(@Nullable String forConnections, @Nullable String origin) {
  private static final String OPAQUE = "null";

  static BaseUrl of(@Nullable String url) {
    if (url == null) {
      return new BaseUrl(null, null);
    }
    int fragment = url.indexOf('#');
    String absolute = (fragment < 0 ? url : url.substring(0, fragment)).strip();
    try {
      String origin = WebSocketUrl.parse(absolute).origin();
      boolean isPage = absolute.substring(0, 4).toLowerCase(Locale.ROOT).equals("http");
      return new BaseUrl(absolute, isPage ? "http" + origin.substring("ws".length()) : origin);
    } catch (SyntaxError e) {
      return new BaseUrl(null, OPAQUE);
    }
  }
}
