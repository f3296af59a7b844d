package dev.weir.protocol.handshake;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * HTTP header fields in the order in which they were sent or added, looked up by name without
 * regard to case. Immutable and thread-safe.
 *
 * <p>Each name is a token and each value holds only visible characters up to U+00FF, spaces and
 * tabs (RFC 7230 §3.2): a value with a line break, a NUL or another control character is refused
 * when it is added, so nothing can be smuggled into a request or response through a header.
 */
public final class Headers implements Iterable<Headers.Field> {
  private static final Headers EMPTY = new Headers(List.of());
  private static final List<String> SECRET_NAMES =
      List.of("Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "Set-Cookie2");

  private final List<Field> fields;

  private Headers(List<Field> fields) {
    this.fields = fields;
  }

  /**
   * One header field. Immutable.
   *
   * @param name a token, in the case in which it was sent or given
   * @param value without white space at its ends; may be empty
   */
  public record Field(String name, String value) {
    /**
     * Takes a field.
     *
     * @throws IllegalArgumentException if the name is no token, or the value holds a control
     *     character other than a tab, or a character above U+00FF
     */
    public Field {
      checkName(name);
      value = HeaderTokens.trim(value);
      checkValue(name, value);
    }

    /** Whether the field has this name, without regard to case. */
    public boolean is(String otherName) {
      return HeaderTokens.equalsIgnoreCase(name, otherName);
    }

    /** The field as "name: value"; the value of one that carries credentials is hidden. */
    @Override
    public String toString() {
      return name + ": " + (HeaderTokens.contains(SECRET_NAMES, name) ? "(hidden)" : value);
    }
  }

  /** No fields at all. */
  public static Headers empty() {
    return EMPTY;
  }

  /**
   * Fields from names and values in turn.
   *
   * @throws IllegalArgumentException if their number is odd, or as {@link Builder#add}
   */
  public static Headers of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "expected names and values in turn but was an odd number of strings: "
              + namesAndValues.length);
    }
    Builder builder = builder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      builder.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return builder.build();
  }

  /**
   * The fields of a request or response as an HTTP parser gives them.
   *
   * @throws HandshakeException of kind {@link HandshakeException.Kind#FIELD} if the peer sent a
   *     field that no header may have; a server answers it with {@link Refusal#badRequest}
   */
  public static Headers received(Iterable<? extends Map.Entry<String, String>> entries) {
    Builder builder = builder();
    try {
      for (Map.Entry<String, String> entry : entries) {
        builder.add(entry.getKey(), entry.getValue());
      }
    } catch (IllegalArgumentException e) {
      throw new HandshakeException(
          HandshakeException.Kind.FIELD, requireNonNull(e.getMessage()), e);
    }
    return builder.build();
  }

  /** A builder without fields. */
  public static Builder builder() {
    return new Builder(List.of());
  }

  /** A builder that starts with these fields. */
  public Builder toBuilder() {
    return new Builder(fields);
  }

  /** The value of the first field of this name. */
  public Optional<String> first(String name) {
    for (Field field : fields) {
      if (field.is(name)) {
        return Optional.of(field.value());
      }
    }
    return Optional.empty();
  }

  /** The values of all fields of this name, in order, one per field; empty if there is none. */
  public List<String> all(String name) {
    return fields.stream().filter(field -> field.is(name)).map(Field::value).toList();
  }

  /** Whether there is a field of this name. */
  public boolean contains(String name) {
    return fields.stream().anyMatch(field -> field.is(name));
  }

  /**
   * The elements of all fields of this name, which count as one comma-separated list (RFC 7230
   * §3.2.2): in order, without empty ones. Not for fields that are no lists, such as Set-Cookie.
   */
  public List<String> tokens(String name) {
    List<String> elements = new ArrayList<>();
    for (Field field : fields) {
      if (field.is(name)) {
        elements.addAll(HeaderTokens.split(field.value()));
      }
    }
    return List.copyOf(elements);
  }

  /** Whether the list of this name holds the token, without regard to case. */
  public boolean hasToken(String name, String token) {
    return HeaderTokens.contains(tokens(name), token);
  }

  /** All fields, in order, immutable. */
  public List<Field> fields() {
    return fields;
  }

  /** The names without duplicates, in order, each in the case of its first field. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (Field field : fields) {
      if (!HeaderTokens.contains(names, field.name())) {
        names.add(field.name());
      }
    }
    return List.copyOf(names);
  }

  /** How many fields there are. */
  public int size() {
    return fields.size();
  }

  /** Whether there are no fields. */
  public boolean isEmpty() {
    return fields.isEmpty();
  }

  @Override
  public Iterator<Field> iterator() {
    return fields.iterator();
  }

  /** All fields, in order. */
  public Stream<Field> stream() {
    return fields.stream();
  }

  /** Whether the other has the same fields in the same order, names in the same case. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Headers headers && fields.equals(headers.fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /** One field per line; the values of those that carry credentials are hidden. */
  @Override
  public String toString() {
    return fields.stream().map(Field::toString).collect(Collectors.joining("\n"));
  }

  private static void checkName(String name) {
    if (!HeaderTokens.isToken(name)) {
      throw new IllegalArgumentException(
          "expected a token as header name but was " + HandshakeException.quoted(name));
    }
  }

  private static void checkValue(String name, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < 0x20 && c != '\t') || c == 0x7F || c > 0xFF) {
        throw new IllegalArgumentException(
            String.format(
                "expected visible characters up to U+00FF, spaces and tabs in the value of header"
                    + " %s but was U+%04X at index %d",
                name, (int) c, i));
      }
    }
  }

  /** Collects header fields. Not thread-safe. */
  public static final class Builder {
    private final List<Field> fields;

    private Builder(List<Field> fields) {
      this.fields = new ArrayList<>(fields);
    }

    /**
     * Adds a field after the others, also when there is one of this name already.
     *
     * @param value spaces and tabs at its ends are left out
     * @throws IllegalArgumentException if the name is no token, or the value holds a control
     *     character other than a tab (CR, LF and NUL above all), or a character above U+00FF
     */
    public Builder add(String name, String value) {
      fields.add(new Field(name, value));
      return this;
    }

    /** Adds all fields of the other headers after those already here. */
    public Builder addAll(Headers headers) {
      fields.addAll(headers.fields);
      return this;
    }

    /**
     * Replaces all fields of this name by one, which takes the last place.
     *
     * @throws IllegalArgumentException as {@link #add}
     */
    public Builder set(String name, String value) {
      Field field = new Field(name, value);
      remove(name);
      fields.add(field);
      return this;
    }

    /** Removes all fields of this name. */
    public Builder remove(String name) {
      fields.removeIf(field -> field.is(name));
      return this;
    }

    /** The fields as they are now. */
    public Headers build() {
      return fields.isEmpty() ? EMPTY : new Headers(List.copyOf(fields));
    }
  }
}
