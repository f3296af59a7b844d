package dev.weir.cli;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes one JSON object on one line. Not thread-safe. */
final class Json {
  private final Map<String, String> members = new LinkedHashMap<>();

  /** An object that begins with the kind of event that it is. */
  static Json event(String kind) {
    return new Json().put("event", kind);
  }

  Json put(String name, @Nullable String value) {
    members.put(name, value == null ? "null" : quoted(value));
    return this;
  }

  Json put(String name, long value) {
    members.put(name, Long.toString(value));
    return this;
  }

  /** Takes a number; one that is not finite is null, since JSON has no other. */
  Json put(String name, double value) {
    members.put(name, Double.isFinite(value) ? BigDecimal.valueOf(value).toPlainString() : "null");
    return this;
  }

  Json put(String name, boolean value) {
    members.put(name, Boolean.toString(value));
    return this;
  }

  /** Takes an object as a member. */
  Json put(String name, Json value) {
    members.put(name, value.toString());
    return this;
  }

  /** Takes objects as an array. */
  Json put(String name, List<Json> values) {
    members.put(
        name, values.stream().map(Json::toString).collect(Collectors.joining(",", "[", "]")));
    return this;
  }

  private static String quoted(String text) {
    var out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          // Control characters by the standard; the others since terminals and old parsers trip.
          if (c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }

  @Override
  public String toString() {
    var out = new StringBuilder("{");
    members.forEach(
        (name, value) -> {
          if (out.length() > 1) {
            out.append(',');
          }
          out.append(quoted(name)).append(':').append(value);
        });
    return out.append('}').toString();
  }
}
