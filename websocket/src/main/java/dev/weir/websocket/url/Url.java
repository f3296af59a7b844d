package dev.weir.websocket.url;

import dev.weir.streams.SyntaxError;
import dev.weir.websocket.url.UrlParser.State;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A URL of any scheme that can be changed part by part, as the class URL of the platform: its
 * getters and setters, without the search parameters. Not thread-safe.
 *
 * <p>Except for {@link #href(String)}, setters ignore what does not parse.
 *
 * @see <a href="https://url.spec.whatwg.org/#url-class">URL, URL class</a>
 */
public final class Url {
  private UrlRecord record;

  private Url(UrlRecord record) {
    this.record = record;
  }

  /**
   * Parses a URL.
   *
   * @param base an absolute URL that the text may be relative to; null if there is none
   * @throws SyntaxError if one of the two does not parse
   */
  public static Url parse(String url, @Nullable String base) {
    return new Url(UrlParser.parse(url, base == null ? null : UrlParser.parse(base, null)));
  }

  /** The serialized URL. */
  public String href() {
    return record.serialize();
  }

  /**
   * Makes this another URL.
   *
   * @throws SyntaxError if it does not parse; this stays as it was
   */
  public void href(String url) {
    record = UrlParser.parse(url, null);
  }

  /** The serialized origin; "null" for schemes that have none. */
  public String origin() {
    return switch (record.scheme()) {
      case "ws", "wss", "http", "https", "ftp" -> record.scheme() + "://" + record.hostAndPort();
      case "blob" -> originInBlob();
      default -> "null";
    };
  }

  private String originInBlob() {
    try {
      UrlRecord inner = UrlParser.parse(record.pathname(), null);
      return inner.scheme().equals("http") || inner.scheme().equals("https")
          ? new Url(inner).origin()
          : "null";
    } catch (SyntaxError e) {
      return "null";
    }
  }

  /** The scheme and a colon. */
  public String protocol() {
    return record.scheme() + ":";
  }

  public void protocol(String value) {
    record = UrlParser.change(record, value + ":", State.SCHEME_START);
  }

  /** Percent-encoded, "" if there is none. */
  public String username() {
    return record.username();
  }

  public void username(String value) {
    if (!record.takesNoPort()) {
      withUserinfo(PercentEncoding.USERINFO.encode(value), record.password());
    }
  }

  /** Percent-encoded, "" if there is none. */
  public String password() {
    return record.password();
  }

  public void password(String value) {
    if (!record.takesNoPort()) {
      withUserinfo(record.username(), PercentEncoding.USERINFO.encode(value));
    }
  }

  /** Host and port, as far as the URL has them. */
  public String host() {
    return record.hostAndPort();
  }

  public void host(String value) {
    if (!record.hasOpaquePath()) {
      record = UrlParser.change(record, value, State.HOST);
    }
  }

  /** The host without port; "" if there is none. */
  public String hostname() {
    String host = record.host();
    return host == null ? "" : host;
  }

  public void hostname(String value) {
    if (!record.hasOpaquePath()) {
      record = UrlParser.change(record, value, State.HOSTNAME);
    }
  }

  /** The port in decimal; "" if it is the scheme's default. */
  public String port() {
    Integer port = record.port();
    return port == null ? "" : port.toString();
  }

  public void port(String value) {
    if (record.takesNoPort()) {
      return;
    }
    if (value.isEmpty()) {
      record =
          new UrlRecord(
              record.scheme(),
              record.username(),
              record.password(),
              record.host(),
              null,
              record.path(),
              record.opaquePath(),
              record.query(),
              record.fragment());
    } else {
      record = UrlParser.change(record, value, State.PORT);
    }
  }

  /** The path, percent-encoded. */
  public String pathname() {
    return record.pathname();
  }

  public void pathname(String value) {
    if (!record.hasOpaquePath()) {
      record = UrlParser.change(withPath(List.of()), value, State.PATH_START);
    }
  }

  /** The query with its question mark; "" if there is none or it is empty. */
  public String search() {
    String query = record.query();
    return query == null || query.isEmpty() ? "" : "?" + query;
  }

  public void search(String value) {
    query(value.isEmpty() ? null : value.startsWith("?") ? value.substring(1) : value);
  }

  /** The query, percent-encoded; null if there is none. */
  public @Nullable String query() {
    return record.query();
  }

  /** Sets the query, which is percent-encoded where it needs to be; null for none. */
  public void query(@Nullable String value) {
    UrlRecord begun = withQueryAndFragment(value == null ? null : "", record.fragment());
    record = value == null ? begun : UrlParser.change(begun, value, State.QUERY);
  }

  /** The fragment with its number sign; "" if there is none or it is empty. */
  public String hash() {
    String fragment = record.fragment();
    return fragment == null || fragment.isEmpty() ? "" : "#" + fragment;
  }

  public void hash(String value) {
    if (value.isEmpty()) {
      record = withQueryAndFragment(record.query(), null);
    } else {
      record =
          UrlParser.change(
              withQueryAndFragment(record.query(), ""),
              value.startsWith("#") ? value.substring(1) : value,
              State.FRAGMENT);
    }
  }

  private void withUserinfo(String username, String password) {
    record =
        new UrlRecord(
            record.scheme(),
            username,
            password,
            record.host(),
            record.port(),
            record.path(),
            record.opaquePath(),
            record.query(),
            record.fragment());
  }

  private UrlRecord withPath(List<String> path) {
    return new UrlRecord(
        record.scheme(),
        record.username(),
        record.password(),
        record.host(),
        record.port(),
        path,
        record.opaquePath(),
        record.query(),
        record.fragment());
  }

  private UrlRecord withQueryAndFragment(@Nullable String query, @Nullable String fragment) {
    return new UrlRecord(
        record.scheme(),
        record.username(),
        record.password(),
        record.host(),
        record.port(),
        record.path(),
        record.opaquePath(),
        query,
        fragment);
  }

  @Override
  public String toString() {
    return href();
  }
}
