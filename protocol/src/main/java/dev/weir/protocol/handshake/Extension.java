package dev.weir.protocol.handshake;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One element of Sec-WebSocket-Extensions: a name with its parameters in order, as offered or as
 * accepted (RFC 6455 §9.1). Immutable and thread-safe.
 *
 * @param name a token; names are compared exactly
 * @param parameters in the order in which they were sent; duplicates are kept, since each extension
 *     has its own rule for them
 */
public record Extension(String name, List<Parameter> parameters) {
  /**
   * Takes a name and its parameters.
   *
   * @throws IllegalArgumentException if the name is no token
   */
  public Extension {
    requireToken("extension name", name);
    parameters = List.copyOf(parameters);
  }

  /** An extension with the given parameters. */
  public static Extension of(String name, Parameter... parameters) {
    return new Extension(name, List.of(parameters));
  }

  /**
   * A parameter of an extension. Immutable.
   *
   * @param name a token
   * @param value a token, or null for a parameter without a value
   */
  public record Parameter(String name, @Nullable String value) {
    /**
     * Takes a name and a value.
     *
     * @throws IllegalArgumentException if one of them is no token
     */
    public Parameter {
      requireToken("extension parameter name", name);
      if (value != null) {
        requireToken("extension parameter value", value);
      }
    }

    /** A parameter without a value. */
    public static Parameter of(String name) {
      return new Parameter(name, null);
    }

    /** A parameter with a value. */
    public static Parameter of(String name, String value) {
      return new Parameter(name, value);
    }

    /** The parameter as it is sent. */
    @Override
    public String toString() {
      return value == null ? name : name + "=" + value;
    }
  }

  /** The first parameter of this name. */
  public Optional<Parameter> parameter(String parameterName) {
    return parameters.stream()
        .filter(parameter -> parameter.name().equals(parameterName))
        .findFirst();
  }

  /**
   * The extensions that the given headers list, in order; several fields count as one list (P6).
   *
   * @return an empty list if there is no such field
   * @throws HandshakeException of kind {@link HandshakeException.Kind#EXTENSION} if a field is
   *     malformed or the list has no element
   */
  public static List<Extension> parse(Headers headers) {
    return ExtensionParser.parse(headers.all("Sec-WebSocket-Extensions"));
  }

  /** The value of Sec-WebSocket-Extensions for the given list; "" for an empty one. */
  public static String format(List<Extension> extensions) {
    return extensions.stream().map(Extension::toString).collect(Collectors.joining(", "));
  }

  /** The extension as it is sent. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name);
    for (Parameter parameter : parameters) {
      text.append("; ").append(parameter);
    }
    return text.toString();
  }

  private static void requireToken(String what, String text) {
    if (!HeaderTokens.isToken(text)) {
      throw new IllegalArgumentException(
          "expected a token as " + what + " but was " + HandshakeException.quoted(text));
    }
  }
}
