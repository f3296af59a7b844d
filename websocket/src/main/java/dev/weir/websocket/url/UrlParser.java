package dev.weir.websocket.url;

import dev.weir.streams.SyntaxError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The URL Standard's basic URL parser, without state override, for the schemes ws, wss, http and
 * https: whatever can end with none of them fails at once. Not thread-safe; used once.
 *
 * <p>Its states that only other schemes reach (file, opaque path, path or authority) are left out;
 * the fragment is not kept, since a WebSocket's URL has none.
 *
 * @see <a href="https://url.spec.whatwg.org/#concept-basic-url-parser">URL, basic URL parser</a>
 */
final class UrlParser {
  private static final int EOF = -1;
  private static final int MAX_PORT = 65_535;

  /** The states of the standard, by its names. */
  private enum State {
    SCHEME_START,
    SCHEME,
    NO_SCHEME,
    SPECIAL_RELATIVE_OR_AUTHORITY,
    RELATIVE,
    RELATIVE_SLASH,
    SPECIAL_AUTHORITY_SLASHES,
    SPECIAL_AUTHORITY_IGNORE_SLASHES,
    AUTHORITY,
    HOST,
    PORT,
    PATH_START,
    PATH,
    QUERY,
    FRAGMENT
  }

  private final int[] input;
  private final @Nullable UrlRecord base;

  // Where the parser stands
  private State state = State.SCHEME_START;
  private int pointer;
  private final StringBuilder buffer = new StringBuilder();
  private boolean atSignSeen;
  private boolean insideBrackets;
  private boolean passwordTokenSeen;

  // The URL as far as it is known
  private String scheme = "";
  private final StringBuilder username = new StringBuilder();
  private final StringBuilder password = new StringBuilder();
  private String host = "";
  private @Nullable Integer port;
  private final List<String> path = new ArrayList<>();
  private @Nullable String query;

  private UrlParser(String text, @Nullable UrlRecord base) {
    this.input = withoutNoise(text);
    this.base = base;
  }

  /**
   * Parses a URL.
   *
   * @throws SyntaxError if the standard's parser fails, or the scheme is another one
   */
  static UrlRecord parse(String text, @Nullable UrlRecord base) {
    return new UrlParser(text, base).run();
  }

  /** Steps 1 to 3: no control or space at the ends, no tab or newline anywhere. */
  private static int[] withoutNoise(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && text.charAt(start) <= ' ') {
      start++;
    }
    while (end > start && text.charAt(end - 1) <= ' ') {
      end--;
    }
    return text.substring(start, end)
        .codePoints()
        .filter(c -> c != '\t' && c != '\n' && c != '\r')
        // A scalar value string has no surrogates.
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .toArray();
  }

  /** Step 9: "Keep running the following state machine by switching on state." */
  private UrlRecord run() {
    while (true) {
      int c = codePointAt(pointer);
      step(c);
      if (pointer >= input.length) {
        break;
      }
      pointer++;
    }
    return new UrlRecord(
        scheme,
        username.toString(),
        password.toString(),
        host,
        port,
        path,
        query,
        state == State.FRAGMENT);
  }

  private void step(int c) {
    switch (state) {
      case SCHEME_START -> schemeStart(c);
      case SCHEME -> scheme(c);
      case NO_SCHEME -> noScheme();
      case SPECIAL_RELATIVE_OR_AUTHORITY -> specialRelativeOrAuthority(c);
      case RELATIVE -> relative(c);
      case RELATIVE_SLASH -> relativeSlash(c);
      case SPECIAL_AUTHORITY_SLASHES -> specialAuthoritySlashes(c);
      case SPECIAL_AUTHORITY_IGNORE_SLASHES -> specialAuthorityIgnoreSlashes(c);
      case AUTHORITY -> authority(c);
      case HOST -> host(c);
      case PORT -> port(c);
      case PATH_START -> pathStart(c);
      case PATH -> path(c);
      case QUERY -> query(c);
      case FRAGMENT -> pointer = input.length;
    }
  }

  private void schemeStart(int c) {
    if (isAlpha(c)) {
      buffer.append((char) (c | 0x20));
      state = State.SCHEME;
    } else {
      again(State.NO_SCHEME);
    }
  }

  private void scheme(int c) {
    if (isAlpha(c)) {
      buffer.append((char) (c | 0x20));
    } else if (isDigit(c) || c == '+' || c == '-' || c == '.') {
      buffer.append((char) c);
    } else if (c == ':') {
      scheme = take();
      if (!UrlRecord.isSpecial(scheme)) {
        throw new SyntaxError(
            "expected scheme ws, wss, http or https but was " + UrlFault.quoted(scheme));
      }
      state =
          base != null && base.scheme().equals(scheme)
              ? State.SPECIAL_RELATIVE_OR_AUTHORITY
              : State.SPECIAL_AUTHORITY_SLASHES;
    } else {
      take();
      pointer = -1;
      state = State.NO_SCHEME;
    }
  }

  private void noScheme() {
    if (base == null) {
      throw new SyntaxError(
          "expected an absolute URL, since there is no base, but was one without a scheme");
    }
    again(State.RELATIVE);
  }

  private void specialRelativeOrAuthority(int c) {
    if (c == '/' && codePointAt(pointer + 1) == '/') {
      pointer++;
      state = State.SPECIAL_AUTHORITY_IGNORE_SLASHES;
    } else {
      again(State.RELATIVE);
    }
  }

  private void relative(int c) {
    UrlRecord from = requireBase();
    scheme = from.scheme();
    if (c == '/' || c == '\\') {
      state = State.RELATIVE_SLASH;
      return;
    }
    copyAuthority(from);
    path.addAll(from.path());
    query = from.query();
    if (c == '?') {
      query = "";
      state = State.QUERY;
    } else if (c == '#') {
      state = State.FRAGMENT;
    } else if (c != EOF) {
      query = null;
      shortenPath();
      again(State.PATH);
    }
  }

  private void relativeSlash(int c) {
    if (c == '/' || c == '\\') {
      state = State.SPECIAL_AUTHORITY_IGNORE_SLASHES;
    } else {
      copyAuthority(requireBase());
      again(State.PATH);
    }
  }

  private void specialAuthoritySlashes(int c) {
    if (c == '/' && codePointAt(pointer + 1) == '/') {
      pointer++;
      state = State.SPECIAL_AUTHORITY_IGNORE_SLASHES;
    } else {
      again(State.SPECIAL_AUTHORITY_IGNORE_SLASHES);
    }
  }

  private void specialAuthorityIgnoreSlashes(int c) {
    if (c != '/' && c != '\\') {
      again(State.AUTHORITY);
    }
  }

  private void authority(int c) {
    if (c == '@') {
      String userinfo = take();
      if (atSignSeen) {
        userinfo = "%40" + userinfo;
      }
      atSignSeen = true;
      userinfo.codePoints().forEach(this::appendToUserinfo);
    } else if (endsAuthority(c)) {
      if (atSignSeen && buffer.isEmpty()) {
        throw new SyntaxError("expected a host after the userinfo but was none");
      }
      pointer -= buffer.codePointCount(0, buffer.length()) + 1;
      take();
      state = State.HOST;
    } else {
      buffer.appendCodePoint(c);
    }
  }

  private void appendToUserinfo(int c) {
    if (c == ':' && !passwordTokenSeen) {
      passwordTokenSeen = true;
    } else {
      PercentEncoding.USERINFO.append(c, passwordTokenSeen ? password : username);
    }
  }

  private void host(int c) {
    if (c == ':' && !insideBrackets) {
      takeHost();
      state = State.PORT;
    } else if (endsAuthority(c)) {
      takeHost();
      again(State.PATH_START);
    } else {
      if (c == '[') {
        insideBrackets = true;
      } else if (c == ']') {
        insideBrackets = false;
      }
      buffer.appendCodePoint(c);
    }
  }

  private void takeHost() {
    if (buffer.isEmpty()) {
      throw new SyntaxError("expected a host but was none");
    }
    host = HostParser.parse(take());
  }

  private void port(int c) {
    if (isDigit(c)) {
      buffer.append((char) c);
    } else if (endsAuthority(c)) {
      String digits = take();
      if (!digits.isEmpty()) {
        int number = portNumber(digits);
        port = number == UrlRecord.defaultPort(scheme) ? null : Integer.valueOf(number);
      }
      again(State.PATH_START);
    } else {
      throw new SyntaxError(
          "expected digits as port but was " + UrlFault.quoted(buffer + Character.toString(c)));
    }
  }

  private static int portNumber(String digits) {
    int number = 0;
    for (int i = 0; i < digits.length(); i++) {
      number = number * 10 + (digits.charAt(i) - '0');
      if (number > MAX_PORT) {
        throw new SyntaxError(
            "expected a port up to " + MAX_PORT + " but was " + UrlFault.quoted(digits));
      }
    }
    return number;
  }

  private void pathStart(int c) {
    if (c == '/' || c == '\\') {
      state = State.PATH;
    } else {
      again(State.PATH);
    }
  }

  private void path(int c) {
    boolean slash = c == '/' || c == '\\';
    if (c != EOF && !slash && c != '?' && c != '#') {
      PercentEncoding.PATH.append(c, buffer);
      return;
    }
    String segment = take();
    if (isDoubleDot(segment)) {
      shortenPath();
      if (!slash) {
        path.add("");
      }
    } else if (isSingleDot(segment)) {
      if (!slash) {
        path.add("");
      }
    } else {
      path.add(segment);
    }
    if (c == '?') {
      query = "";
      state = State.QUERY;
    } else if (c == '#') {
      state = State.FRAGMENT;
    }
  }

  private void query(int c) {
    if (c == EOF || c == '#') {
      query = take();
      if (c == '#') {
        state = State.FRAGMENT;
      }
    } else {
      PercentEncoding.QUERY.append(c, buffer);
    }
  }

  private UrlRecord requireBase() {
    if (base == null) {
      throw new IllegalStateException(state + " without a base");
    }
    return base;
  }

  private void copyAuthority(UrlRecord from) {
    username.append(from.username());
    password.append(from.password());
    host = from.host();
    port = from.port();
  }

  private void shortenPath() {
    if (!path.isEmpty()) {
      path.remove(path.size() - 1);
    }
  }

  /** Goes on in another state with the same code point. */
  private void again(State next) {
    state = next;
    pointer--;
  }

  private String take() {
    String text = buffer.toString();
    buffer.setLength(0);
    return text;
  }

  private int codePointAt(int index) {
    return index < input.length ? input[index] : EOF;
  }

  private static boolean endsAuthority(int c) {
    return c == EOF || c == '/' || c == '\\' || c == '?' || c == '#';
  }

  private static boolean isSingleDot(String segment) {
    return segment.equals(".") || segment.equalsIgnoreCase("%2e");
  }

  private static boolean isDoubleDot(String segment) {
    return segment.equals("..")
        || segment.equalsIgnoreCase(".%2e")
        || segment.equalsIgnoreCase("%2e.")
        || segment.equalsIgnoreCase("%2e%2e");
  }

  private static boolean isAlpha(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
