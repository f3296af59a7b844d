package dev.weir.protocol.handshake;

import dev.weir.protocol.handshake.Extension.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one value of Sec-WebSocket-Extensions by the grammar of RFC 6455 §9.1, with white space
 * allowed between its parts. Not thread-safe; used once.
 */
final class ExtensionParser {
  private final String value;
  private int position;

  private ExtensionParser(String value) {
    this.value = value;
  }

  /** The elements of all values as one list. */
  static List<Extension> parse(List<String> values) {
    List<Extension> extensions = new ArrayList<>();
    for (String value : values) {
      new ExtensionParser(value).readList(extensions);
    }
    if (!values.isEmpty() && extensions.isEmpty()) {
      throw new HandshakeException(
          HandshakeException.Kind.EXTENSION,
          "expected at least one extension in Sec-WebSocket-Extensions but was none");
    }
    return List.copyOf(extensions);
  }

  /** Empty elements are skipped (RFC 7230 §7). */
  private void readList(List<Extension> extensions) {
    skipWhiteSpace();
    while (position < value.length()) {
      if (!skip(',')) {
        extensions.add(readExtension());
        if (position < value.length() && !skip(',')) {
          throw malformed("a comma, a semicolon or the end");
        }
      }
    }
  }

  private Extension readExtension() {
    String name = readToken("an extension name");
    List<Parameter> parameters = new ArrayList<>();
    while (skip(';')) {
      parameters.add(readParameter());
    }
    return new Extension(name, parameters);
  }

  private Parameter readParameter() {
    String name = readToken("a parameter name");
    @Nullable String parameterValue = skip('=') ? readValue() : null;
    return new Parameter(name, parameterValue);
  }

  private String readValue() {
    if (position < value.length() && value.charAt(position) == '"') {
      return readQuotedString();
    }
    return readToken("a parameter value");
  }

  /** "the value after quoted-string unescaping MUST conform to the 'token' ABNF" (§9.1). */
  private String readQuotedString() {
    StringBuilder text = new StringBuilder();
    int start = position;
    position++;
    while (position < value.length() && value.charAt(position) != '"') {
      if (value.charAt(position) == '\\') {
        position++;
      }
      if (position < value.length()) {
        text.append(value.charAt(position));
        position++;
      }
    }
    if (position >= value.length()) {
      position = start;
      throw malformed("a quoted string with an end");
    }
    if (!HeaderTokens.isToken(text.toString())) {
      position = start;
      throw malformed("a token inside the quotes");
    }
    position++;
    skipWhiteSpace();
    return text.toString();
  }

  private String readToken(String what) {
    int start = position;
    while (position < value.length() && HeaderTokens.isTokenChar(value.charAt(position))) {
      position++;
    }
    if (start == position) {
      throw malformed(what);
    }
    String token = value.substring(start, position);
    skipWhiteSpace();
    return token;
  }

  private boolean skip(char separator) {
    if (position < value.length() && value.charAt(position) == separator) {
      position++;
      skipWhiteSpace();
      return true;
    }
    return false;
  }

  private void skipWhiteSpace() {
    while (position < value.length() && HeaderTokens.isWhiteSpace(value.charAt(position))) {
      position++;
    }
  }

  private HandshakeException malformed(String expected) {
    return new HandshakeException(
        HandshakeException.Kind.EXTENSION,
        "expected "
            + expected
            + " at index "
            + position
            + " of Sec-WebSocket-Extensions but was "
            + HandshakeException.quoted(value.substring(position)));
  }
}
