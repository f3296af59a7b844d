package dev.weir.websocket;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A path pattern such as {@code /rooms/{room}} or {@code /files/**}: literal segments, parameters
 * that stand for one segment each, and at the end perhaps {@code **} for any rest. Immutable.
 */
final class RoutePattern {
  private static final String ANY_REST = "**";

  private final String text;
  private final List<String> segments;
  private final boolean anyRest;

  /**
   * Parses a pattern.
   *
   * @throws IllegalArgumentException if it does not begin with a slash, names a parameter twice or
   *     not at all, or has something after {@code **}
   */
  RoutePattern(String text) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException("expected a path that begins with / but was " + text);
    }
    List<String> parts = List.of(text.substring(1).split("/", -1));
    this.text = text;
    this.anyRest = parts.getLast().equals(ANY_REST);
    this.segments = anyRest ? parts.subList(0, parts.size() - 1) : parts;
    Set<String> names = new HashSet<>();
    for (String segment : segments) {
      if (segment.equals(ANY_REST)) {
        throw new IllegalArgumentException(
            "expected ** at the end of the path only but was " + text);
      }
      if (isParameter(segment) && !names.add(nameOf(segment))) {
        throw new IllegalArgumentException(
            "expected each parameter once but " + segment + " is there twice in " + text);
      }
      if (segment.equals("{}")) {
        throw new IllegalArgumentException("expected a name in {} but was none in " + text);
      }
    }
  }

  private static boolean isParameter(String segment) {
    return segment.startsWith("{") && segment.endsWith("}");
  }

  private static String nameOf(String segment) {
    return segment.substring(1, segment.length() - 1);
  }

  /** The parameters of this path, percent-decoded, or empty if the path does not match. */
  Optional<Map<String, String>> match(String path) {
    String[] given = path.substring(Math.min(1, path.length())).split("/", -1);
    if (anyRest ? given.length < segments.size() : given.length != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < segments.size(); i++) {
      String segment = segments.get(i);
      Optional<String> decoded = decoded(given[i]);
      if (decoded.isEmpty()) {
        return Optional.empty();
      }
      if (isParameter(segment)) {
        if (decoded.get().isEmpty()) {
          return Optional.empty();
        }
        parameters.put(nameOf(segment), decoded.get());
      } else if (!segment.equals(decoded.get())) {
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }

  private static Optional<String> decoded(String segment) {
    try {
      return Optional.of(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
