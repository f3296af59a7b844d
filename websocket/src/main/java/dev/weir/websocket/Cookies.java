package dev.weir.websocket;

import dev.weir.protocol.handshake.Headers;
import dev.weir.websocket.url.WebSocketUrl;
import java.io.IOException;
import java.net.CookieHandler;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The cookies of opening handshakes, as a {@link CookieHandler} keeps them (K2, RFC 6265).
 * Thread-safe if the handler is, which {@link CookieHandler} demands.
 *
 * <p>The handler sees the http URL that stands for the ws one, or https for wss, so that it gives
 * cookies marked Secure to wss alone.
 */
final class Cookies {
  private static final String COOKIE = "Cookie";
  private static final List<String> SET_COOKIE = List.of("Set-Cookie", "Set-Cookie2");

  private final CookieHandler handler;

  Cookies(CookieHandler handler) {
    this.handler = handler;
  }

  /**
   * These headers with the handler's cookies behind those that they hold. Blocks as the handler
   * does.
   *
   * @throws IllegalArgumentException if the handler gives what no header may hold
   */
  Headers added(WebSocketUrl url, Headers headers) throws IOException {
    URI uri = url.toHttpUri();
    Map<String, List<String>> given = handler.get(uri, withoutCredentials(headers, url));
    Headers.Builder all = headers.toBuilder();
    for (Map.Entry<String, List<String>> field : given.entrySet()) {
      // Cookie2 announces a version that no one ever spoke (RFC 6265 §9.3 retired it).
      if (COOKIE.equalsIgnoreCase(field.getKey())) {
        field.getValue().forEach(value -> all.add(COOKIE, value));
      }
    }
    return joined(all.build());
  }

  /** These headers with all their cookies in one field, as RFC 6265 §5.4 demands. */
  static Headers joined(Headers headers) {
    List<String> values = headers.all(COOKIE).stream().filter(value -> !value.isEmpty()).toList();
    if (values.size() == headers.all(COOKIE).size() && values.size() < 2) {
      return headers;
    }
    Headers.Builder one = headers.toBuilder().remove(COOKIE);
    return values.isEmpty() ? one.build() : one.add(COOKIE, String.join("; ", values)).build();
  }

  /** Whether an answer sets cookies. */
  static boolean areSetBy(Headers response) {
    return SET_COOKIE.stream().anyMatch(response::contains);
  }

  /** Hands the cookies of an answer to the handler. Blocks as the handler does. */
  void keep(WebSocketUrl url, Headers response) throws IOException {
    handler.put(url.toHttpUri(), map(response));
  }

  /** What the handler is told of the request: it has no need of passwords. */
  private static Map<String, List<String>> withoutCredentials(Headers headers, WebSocketUrl url) {
    return map(headers.toBuilder().remove("Authorization").set("Host", url.hostHeader()).build());
  }

  private static Map<String, List<String>> map(Headers headers) {
    Map<String, List<String>> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Headers.Field field : headers) {
      map.computeIfAbsent(field.name(), name -> new ArrayList<>()).add(field.value());
    }
    map.replaceAll((name, values) -> List.copyOf(values));
    return Collections.unmodifiableMap(map);
  }
}
