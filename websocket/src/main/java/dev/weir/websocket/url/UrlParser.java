package dev.weir.websocket.url;

import dev.weir.streams.SyntaxError;
import org.jspecify.annotations.Nullable;

/**
 * The URL Standard's basic URL parser, with and without state override; always UTF-8. Not
 * thread-safe; used once.
 *
 * @see <a href="https://url.spec.whatwg.org/#concept-basic-url-parser">URL, basic URL parser</a>
 */
final class UrlParser {
  private static final int EOF = -1;
  private static final int MAX_PORT = 65_535;

  /** The states of the standard, by its names. */
  enum State {
    SCHEME_START,
    SCHEME,
    NO_SCHEME,
    SPECIAL_RELATIVE_OR_AUTHORITY,
    PATH_OR_AUTHORITY,
    RELATIVE,
    RELATIVE_SLASH,
    SPECIAL_AUTHORITY_SLASHES,
    SPECIAL_AUTHORITY_IGNORE_SLASHES,
    AUTHORITY,
    HOST,
    HOSTNAME,
    PORT,
    FILE,
    FILE_SLASH,
    FILE_HOST,
    PATH_START,
    PATH,
    OPAQUE_PATH,
    QUERY,
    FRAGMENT
  }

  private final int[] input;
  private final @Nullable UrlRecord base;
  private final @Nullable State override;

  // Where the parser stands
  private State state;
  private int pointer;
  private boolean ended;
  private final StringBuilder buffer = new StringBuilder();
  private boolean atSignSeen;
  private boolean insideBrackets;
  private boolean passwordTokenSeen;

  // The URL as far as it is known
  private String scheme = "";
  private final StringBuilder username = new StringBuilder();
  private final StringBuilder password = new StringBuilder();
  private @Nullable String host;
  private @Nullable Integer port;
  private final UrlPath path = new UrlPath();
  private @Nullable StringBuilder opaquePath;
  private @Nullable String query;
  private @Nullable StringBuilder fragment;

  private UrlParser(String text, @Nullable UrlRecord base) {
    this.input = scalarValues(trimmed(text));
    this.base = base;
    this.override = null;
    this.state = State.SCHEME_START;
  }

  private UrlParser(String text, UrlRecord url, State override) {
    this.input = scalarValues(text);
    this.base = null;
    this.override = override;
    this.state = override;
    this.scheme = url.scheme();
    copyAuthority(url);
    copyPath(url);
    this.query = url.query();
    this.fragment = url.fragment() == null ? null : new StringBuilder(url.fragment());
  }

  /**
   * Parses a URL.
   *
   * @throws SyntaxError if the standard's parser fails
   */
  static UrlRecord parse(String text, @Nullable UrlRecord base) {
    var parser = new UrlParser(text, base);
    parser.run();
    return parser.record();
  }

  /**
   * Changes a URL as a setter of the URL API does: parses the text from this state on. Where the
   * parser fails, what it has changed before that stays.
   */
  static UrlRecord change(UrlRecord url, String text, State override) {
    var parser = new UrlParser(text, url, override);
    try {
      parser.run();
    } catch (SyntaxError e) {
      // The setters ignore failure.
    }
    return parser.record();
  }

  /** Step 1: no control or space at the ends. */
  private static String trimmed(String text) {
    int start = 0;
    int end = text.length();
    while (start < end && text.charAt(start) <= ' ') {
      start++;
    }
    while (end > start && text.charAt(end - 1) <= ' ') {
      end--;
    }
    return text.substring(start, end);
  }

  /** Step 3: no tab or newline anywhere. */
  private static int[] scalarValues(String text) {
    return text.codePoints()
        .filter(c -> c != '\t' && c != '\n' && c != '\r')
        // A scalar value string has no surrogates.
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
        .toArray();
  }

  /** Step 9: "Keep running the following state machine by switching on state." */
  private void run() {
    while (true) {
      step(codePointAt(pointer));
      if (ended || pointer >= input.length) {
        return;
      }
      pointer++;
    }
  }

  private UrlRecord record() {
    return new UrlRecord(
        scheme,
        username.toString(),
        password.toString(),
        host,
        port,
        path.segments(),
        opaquePath == null ? null : opaquePath.toString(),
        query,
        fragment == null ? null : fragment.toString());
  }

  private void step(int c) {
    switch (state) {
      case SCHEME_START -> schemeStart(c);
      case SCHEME -> scheme(c);
      case NO_SCHEME -> noScheme(c);
      case SPECIAL_RELATIVE_OR_AUTHORITY -> specialRelativeOrAuthority(c);
      case PATH_OR_AUTHORITY -> pathOrAuthority(c);
      case RELATIVE -> relative(c);
      case RELATIVE_SLASH -> relativeSlash(c);
      case SPECIAL_AUTHORITY_SLASHES -> specialAuthoritySlashes(c);
      case SPECIAL_AUTHORITY_IGNORE_SLASHES -> specialAuthorityIgnoreSlashes(c);
      case AUTHORITY -> authority(c);
      case HOST, HOSTNAME -> host(c);
      case PORT -> port(c);
      case FILE -> file(c);
      case FILE_SLASH -> fileSlash(c);
      case FILE_HOST -> fileHost(c);
      case PATH_START -> pathStart(c);
      case PATH -> path(c);
      case OPAQUE_PATH -> opaquePath(c);
      case QUERY -> query(c);
      case FRAGMENT -> fragment(c);
    }
  }

  private void schemeStart(int c) {
    if (isAlpha(c)) {
      buffer.append((char) (c | 0x20));
      state = State.SCHEME;
    } else if (override == null) {
      again(State.NO_SCHEME);
    } else {
      ended = true;
    }
  }

  private void scheme(int c) {
    if (isAlpha(c)) {
      buffer.append((char) (c | 0x20));
    } else if (isDigit(c) || c == '+' || c == '-' || c == '.') {
      buffer.append((char) c);
    } else if (c == ':' && override != null) {
      changeScheme(take());
      ended = true;
    } else if (c == ':') {
      scheme = take();
      afterScheme();
    } else if (override == null) {
      take();
      pointer = -1;
      state = State.NO_SCHEME;
    } else {
      ended = true;
    }
  }

  private void changeScheme(String changed) {
    boolean portless = changed.equals("file");
    if (UrlRecord.isSpecial(scheme) != UrlRecord.isSpecial(changed)
        || (portless && (hasCredentials() || port != null))
        || (isFile() && "".equals(host))) {
      return;
    }
    scheme = changed;
    if (port != null && port.equals(UrlRecord.defaultPort(scheme))) {
      port = null;
    }
  }

  private void afterScheme() {
    if (isFile()) {
      state = State.FILE;
    } else if (isSpecial()) {
      state =
          base != null && base.scheme().equals(scheme)
              ? State.SPECIAL_RELATIVE_OR_AUTHORITY
              : State.SPECIAL_AUTHORITY_SLASHES;
    } else if (codePointAt(pointer + 1) == '/') {
      pointer++;
      state = State.PATH_OR_AUTHORITY;
    } else {
      opaquePath = new StringBuilder();
      state = State.OPAQUE_PATH;
    }
  }

  private void noScheme(int c) {
    if (base == null) {
      throw new SyntaxError(
          "expected an absolute URL, since there is no base, but was one without a scheme");
    }
    if (base.hasOpaquePath()) {
      if (c != '#') {
        throw new SyntaxError(
            "expected an absolute URL, since the base has an opaque path, but was one without a"
                + " scheme");
      }
      scheme = base.scheme();
      copyPath(base);
      query = base.query();
      beginFragment();
    } else {
      again(base.scheme().equals("file") ? State.FILE : State.RELATIVE);
    }
  }

  private void specialRelativeOrAuthority(int c) {
    if (c == '/' && codePointAt(pointer + 1) == '/') {
      pointer++;
      state = State.SPECIAL_AUTHORITY_IGNORE_SLASHES;
    } else {
      again(State.RELATIVE);
    }
  }

  private void pathOrAuthority(int c) {
    if (c == '/') {
      state = State.AUTHORITY;
    } else {
      again(State.PATH);
    }
  }

  private void relative(int c) {
    UrlRecord from = requireBase();
    scheme = from.scheme();
    if (isSlash(c)) {
      state = State.RELATIVE_SLASH;
      return;
    }
    copyAuthority(from);
    copyPath(from);
    query = from.query();
    if (c == '?') {
      beginQuery();
    } else if (c == '#') {
      beginFragment();
    } else if (c != EOF) {
      query = null;
      path.shorten(isFile());
      again(State.PATH);
    }
  }

  private void relativeSlash(int c) {
    if (isSpecial() && isSlash(c)) {
      state = State.SPECIAL_AUTHORITY_IGNORE_SLASHES;
    } else if (c == '/') {
      state = State.AUTHORITY;
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
    if (override != null && isFile()) {
      again(State.FILE_HOST);
    } else if (c == ':' && !insideBrackets) {
      if (buffer.isEmpty()) {
        throw new SyntaxError("expected a host but was none");
      }
      if (override == State.HOSTNAME) {
        ended = true;
        return;
      }
      takeHost();
      state = State.PORT;
    } else if (endsAuthority(c)) {
      if (buffer.isEmpty() && isSpecial()) {
        throw new SyntaxError("expected a host but was none");
      }
      if (buffer.isEmpty() && override != null && (hasCredentials() || port != null)) {
        ended = true;
        return;
      }
      takeHost();
      again(State.PATH_START);
      ended = override != null;
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
    String text = take();
    host = isSpecial() ? HostParser.parse(text) : HostParser.parseOpaque(text);
  }

  private void port(int c) {
    if (isDigit(c)) {
      buffer.append((char) c);
    } else if (endsAuthority(c) || override != null) {
      String digits = take();
      if (!digits.isEmpty()) {
        Integer number = portNumber(digits);
        port = number.equals(UrlRecord.defaultPort(scheme)) ? null : number;
      }
      again(State.PATH_START);
      ended = override != null;
    } else {
      throw new SyntaxError(
          "expected digits as port but was " + UrlFault.quoted(buffer + Character.toString(c)));
    }
  }

  private static Integer portNumber(String digits) {
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

  private void file(int c) {
    scheme = "file";
    host = "";
    if (c == '/' || c == '\\') {
      state = State.FILE_SLASH;
      return;
    }
    if (base == null || !base.scheme().equals("file")) {
      again(State.PATH);
      return;
    }
    host = base.host();
    copyPath(base);
    query = base.query();
    if (c == '?') {
      beginQuery();
    } else if (c == '#') {
      beginFragment();
    } else if (c != EOF) {
      query = null;
      if (UrlPath.startsWithDriveLetter(input, pointer)) {
        path.segments().clear();
      } else {
        path.shorten(true);
      }
      again(State.PATH);
    }
  }

  private void fileSlash(int c) {
    if (c == '/' || c == '\\') {
      state = State.FILE_HOST;
      return;
    }
    if (base != null && base.scheme().equals("file")) {
      host = base.host();
      if (!UrlPath.startsWithDriveLetter(input, pointer)
          && !base.path().isEmpty()
          && UrlPath.isNormalizedDriveLetter(base.path().get(0))) {
        path.add(base.path().get(0));
      }
    }
    again(State.PATH);
  }

  private void fileHost(int c) {
    if (!endsAuthority(c)) {
      buffer.appendCodePoint(c);
    } else if (override == null && UrlPath.isDriveLetter(buffer)) {
      // The buffer is kept: it is the path's first segment.
      again(State.PATH);
    } else {
      String text = take();
      String parsed = text.isEmpty() ? "" : HostParser.parse(text);
      host = parsed.equals("localhost") ? "" : parsed;
      again(State.PATH_START);
      ended = override != null;
    }
  }

  private void pathStart(int c) {
    if (isSpecial()) {
      state = State.PATH;
      if (c != '/' && c != '\\') {
        pointer--;
      }
    } else if (override == null && c == '?') {
      beginQuery();
    } else if (override == null && c == '#') {
      beginFragment();
    } else if (c != EOF) {
      state = State.PATH;
      if (c != '/') {
        pointer--;
      }
    } else if (override != null && host == null) {
      path.add("");
    }
  }

  private void path(int c) {
    boolean slash = isSlash(c);
    if (c != EOF && !slash && (override != null || (c != '?' && c != '#'))) {
      PercentEncoding.PATH.append(c, buffer);
      return;
    }
    String segment = take();
    if (UrlPath.isDoubleDot(segment)) {
      path.shorten(isFile());
      if (!slash) {
        path.add("");
      }
    } else if (UrlPath.isSingleDot(segment)) {
      if (!slash) {
        path.add("");
      }
    } else if (isFile() && path.isEmpty() && UrlPath.isDriveLetter(segment)) {
      path.add(segment.charAt(0) + ":");
    } else {
      path.add(segment);
    }
    if (c == '?') {
      beginQuery();
    } else if (c == '#') {
      beginFragment();
    }
  }

  private void opaquePath(int c) {
    StringBuilder text = requireStarted(opaquePath);
    if (c == '?') {
      beginQuery();
    } else if (c == '#') {
      beginFragment();
    } else if (c == ' ') {
      int next = codePointAt(pointer + 1);
      // A space at the end would be lost when the serialized URL is parsed again.
      text.append(next == '?' || next == '#' ? "%20" : " ");
    } else if (c != EOF) {
      PercentEncoding.CONTROL.append(c, text);
    }
  }

  private void query(int c) {
    if (c == EOF || (override == null && c == '#')) {
      query = (query == null ? "" : query) + take();
      if (c == '#') {
        beginFragment();
      }
    } else {
      (isSpecial() ? PercentEncoding.SPECIAL_QUERY : PercentEncoding.QUERY).append(c, buffer);
    }
  }

  private void fragment(int c) {
    if (c != EOF) {
      PercentEncoding.FRAGMENT.append(c, requireStarted(fragment));
    }
  }

  private void beginQuery() {
    query = "";
    state = State.QUERY;
  }

  private void beginFragment() {
    fragment = new StringBuilder();
    state = State.FRAGMENT;
  }

  private UrlRecord requireBase() {
    if (base == null) {
      throw new IllegalStateException(state + " without a base");
    }
    return base;
  }

  private StringBuilder requireStarted(@Nullable StringBuilder part) {
    if (part == null) {
      throw new IllegalStateException(state + " before it has begun");
    }
    return part;
  }

  private void copyAuthority(UrlRecord from) {
    username.append(from.username());
    password.append(from.password());
    host = from.host();
    port = from.port();
  }

  private void copyPath(UrlRecord from) {
    path.replace(from.path());
    opaquePath = from.opaquePath() == null ? null : new StringBuilder(from.opaquePath());
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
    return index >= 0 && index < input.length ? input[index] : EOF;
  }

  private boolean hasCredentials() {
    return !username.isEmpty() || !password.isEmpty();
  }

  private boolean isSpecial() {
    return UrlRecord.isSpecial(scheme);
  }

  private boolean isFile() {
    return scheme.equals("file");
  }

  /** Whether it ends a segment: in special URLs the backslash does too. */
  private boolean isSlash(int c) {
    return c == '/' || (c == '\\' && isSpecial());
  }

  private boolean endsAuthority(int c) {
    return c == EOF || c == '?' || c == '#' || isSlash(c);
  }

  private static boolean isAlpha(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
