package dev.weir.websocket.url;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the URL Standard's parser makes of a URL: its "URL record". Immutable.
 *
 * @param scheme in lower case, without colon
 * @param username percent-encoded, "" if none
 * @param password percent-encoded, "" if none
 * @param host as serialized; null if there is none, "" if it is empty, as in {@code file:///}
 * @param port null for the scheme's default
 * @param path its segments, percent-encoded; empty if the path is opaque
 * @param opaquePath the path if it is opaque, as in {@code mailto:x@example.com}; else null
 * @param query percent-encoded, null if none
 * @param fragment percent-encoded, null if none
 * @see <a href="https://url.spec.whatwg.org/#concept-url">URL, URL record</a>
 */
record UrlRecord(
    String scheme,
    String username,
    String password,
    @Nullable String host,
    @Nullable Integer port,
    List<String> path,
    @Nullable String opaquePath,
    @Nullable String query,
    @Nullable String fragment) {
  UrlRecord {
    path = List.copyOf(path);
  }

  /** The default port of a special scheme; null for file and the schemes that are not special. */
  static @Nullable Integer defaultPort(String scheme) {
    return switch (scheme) {
      case "ws", "http" -> 80;
      case "wss", "https" -> 443;
      case "ftp" -> 21;
      default -> null;
    };
  }

  /** Whether it is a special scheme of the standard. */
  static boolean isSpecial(String scheme) {
    return scheme.equals("file") || defaultPort(scheme) != null;
  }

  boolean hasOpaquePath() {
    return opaquePath != null;
  }

  boolean hasCredentials() {
    return !username.isEmpty() || !password.isEmpty();
  }

  /** "Cannot have a username/password/port". */
  boolean takesNoPort() {
    return host == null || host.isEmpty() || scheme.equals("file");
  }

  /** The host, and the port where it is not the default; "" if there is no host. */
  String hostAndPort() {
    if (host == null) {
      return "";
    }
    return port == null ? host : host + ":" + port;
  }

  /** The "URL path serializer". */
  String pathname() {
    if (opaquePath != null) {
      return opaquePath;
    }
    return path.isEmpty() ? "" : "/" + String.join("/", path);
  }

  /** The "URL serializer", with the fragment. */
  String serialize() {
    StringBuilder out = new StringBuilder(scheme).append(':');
    if (host != null) {
      out.append("//");
      if (hasCredentials()) {
        out.append(username);
        if (!password.isEmpty()) {
          out.append(':').append(password);
        }
        out.append('@');
      }
      out.append(hostAndPort());
    } else if (opaquePath == null && path.size() > 1 && path.get(0).isEmpty()) {
      // Else the path's two slashes would read as the beginning of a host.
      out.append("/.");
    }
    out.append(pathname());
    if (query != null) {
      out.append('?').append(query);
    }
    if (fragment != null) {
      out.append('#').append(fragment);
    }
    return out.toString();
  }
}
