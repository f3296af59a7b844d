package dev.weir.websocket.url;

import dev.weir.streams.SyntaxError;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The URL of a WebSocket, as the WHATWG URL Standard parses and serializes it (S1). Immutable and
 * thread-safe.
 *
 * <p>Two are equal if their serializations are. Internationalized domains are converted by UTS #46
 * with the JDK's own Unicode data: characters newer than those are refused, and the zero-width
 * non-joiner, which few domains have, is judged by a simpler rule than Unicode's tables give.
 *
 * @see <a href="https://url.spec.whatwg.org/">URL Standard</a>
 */
public final class WebSocketUrl {
  private final UrlRecord record;

  private WebSocketUrl(UrlRecord record) {
    this.record = record;
  }

  /**
   * Parses an absolute URL.
   *
   * @throws SyntaxError as {@link #parse(String, String)}
   */
  public static WebSocketUrl parse(String url) {
    return from(url, null);
  }

  /**
   * Parses a URL against a base.
   *
   * @param url absolute, or relative to the base; http is taken for ws and https for wss
   * @param base an absolute URL with one of these four schemes, whose fragment does not matter;
   *     null if there is none
   * @throws SyntaxError if one of the two cannot be parsed or has another scheme, or the URL has a
   *     fragment, be it empty
   */
  public static WebSocketUrl parse(String url, @Nullable String base) {
    return from(url, base == null ? null : parseBase(base));
  }

  private static UrlRecord parseBase(String base) {
    try {
      return withKnownScheme(UrlParser.parse(base, null));
    } catch (SyntaxError e) {
      throw new SyntaxError("base URL: " + e.getMessage());
    }
  }

  private static WebSocketUrl from(String url, @Nullable UrlRecord base) {
    UrlRecord record = withKnownScheme(UrlParser.parse(url, base));
    if (record.fragment() != null) {
      throw new SyntaxError("expected a URL without a fragment but was one with \"#\"");
    }
    String scheme =
        switch (record.scheme()) {
          case "http" -> "ws";
          case "https" -> "wss";
          default -> record.scheme();
        };
    return new WebSocketUrl(
        new UrlRecord(
            scheme,
            record.username(),
            record.password(),
            record.host(),
            record.port(),
            record.path(),
            null,
            record.query(),
            null));
  }

  private static UrlRecord withKnownScheme(UrlRecord record) {
    return switch (record.scheme()) {
      case "ws", "wss", "http", "https" -> record;
      default ->
          throw new SyntaxError(
              "expected scheme ws, wss, http or https but was " + UrlFault.quoted(record.scheme()));
    };
  }

  /**
   * Parses a URL against this one.
   *
   * @throws SyntaxError as {@link #parse(String, String)}
   */
  public WebSocketUrl resolve(String url) {
    return from(url, record);
  }

  /** The serialized URL, with the userinfo if it has one. */
  public String href() {
    return record.serialize();
  }

  /** "ws" or "wss". */
  public String scheme() {
    return record.scheme();
  }

  /** Whether the connection is encrypted: the scheme is "wss". */
  public boolean isSecure() {
    return scheme().equals("wss");
  }

  /** A domain in ASCII, an IPv4 address, or an IPv6 address in brackets. */
  public String host() {
    return known(record.host());
  }

  /** The port to connect to, 0 to 65535: the URL's own, or its scheme's default. */
  public int port() {
    Integer port = record.port();
    return port == null ? known(UrlRecord.defaultPort(scheme())) : port;
  }

  /** The value of the Host header: the host, and the port where it is not the default. */
  public String hostHeader() {
    return record.hostAndPort();
  }

  /** The serialized origin: scheme, host, and the port where it is not the default. */
  public String origin() {
    return scheme() + "://" + hostHeader();
  }

  /** Path and query, beginning with "/", in visible ASCII: the target of the HTTP request. */
  public String requestTarget() {
    String path = record.pathname();
    return record.query() == null ? path : path + "?" + record.query();
  }

  /** Whether the URL names a user or a password. */
  public boolean hasCredentials() {
    return record.hasCredentials();
  }

  /** The user's name, percent-decoded; empty if none. A new array at each call. */
  public byte[] usernameBytes() {
    return PercentEncoding.decode(record.username());
  }

  /** The password, percent-decoded; empty if none. A new array at each call. */
  public byte[] passwordBytes() {
    return PercentEncoding.decode(record.password());
  }

  /** The value of the Authorization header for the userinfo (K3, RFC 7617); empty if none. */
  public Optional<String> basicAuthorization() {
    if (!hasCredentials()) {
      return Optional.empty();
    }
    ByteArrayOutputStream pair = new ByteArrayOutputStream();
    pair.writeBytes(usernameBytes());
    pair.write(':');
    pair.writeBytes(passwordBytes());
    return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair.toByteArray()));
  }

  /**
   * The http URL that stands for this one, or https for wss, without userinfo: for what knows
   * nothing of WebSockets, such as a store of cookies. Characters that {@link URI} does not take
   * but the URL Standard does are percent-encoded.
   */
  public URI toHttpUri() {
    String host = host().startsWith("[") ? host() : PercentEncoding.forJavaUri(host());
    Integer port = record.port();
    return URI.create(
        (isSecure() ? "https://" : "http://")
            + host
            + (port == null ? "" : ":" + port)
            + PercentEncoding.forJavaUri(requestTarget()));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof WebSocketUrl url && record.equals(url.record);
  }

  @Override
  public int hashCode() {
    return record.hashCode();
  }

  /** The serialized URL for logs: any userinfo is hidden. */
  @Override
  public String toString() {
    return scheme()
        + "://"
        + (hasCredentials() ? "(hidden)@" : "")
        + hostHeader()
        + requestTarget();
  }

  /** What each URL of the four schemes has. */
  private static <T> T known(@Nullable T part) {
    return Objects.requireNonNull(part);
  }
}
