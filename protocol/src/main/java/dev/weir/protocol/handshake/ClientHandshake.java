package dev.weir.protocol.handshake;

import dev.weir.protocol.handshake.HandshakeException.Kind;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of the opening handshake over HTTP/1.1: makes the request and checks the
 * response (RFC 6455 §4.1). Immutable and thread-safe.
 */
public final class ClientHandshake {
  private static final int SWITCHING_PROTOCOLS = 101;

  private final String key;
  private final List<String> protocols;
  private final List<Extension> extensions;
  private final HandshakeRequest request;

  private ClientHandshake(Builder builder) {
    key = builder.key;
    protocols = builder.protocols;
    extensions = builder.extensions;
    request = new HandshakeRequest("GET", builder.target, requestHeaders(builder));
  }

  private static Headers requestHeaders(Builder builder) {
    Headers.Builder headers =
        Headers.builder()
            .add("Host", builder.host)
            .add("Upgrade", "websocket")
            .add("Connection", "Upgrade")
            .add("Sec-WebSocket-Key", builder.key)
            .add("Sec-WebSocket-Version", "13");
    if (builder.origin != null) {
      headers.add("Origin", builder.origin);
    }
    if (!builder.protocols.isEmpty()) {
      headers.add("Sec-WebSocket-Protocol", String.join(", ", builder.protocols));
    }
    if (!builder.extensions.isEmpty()) {
      headers.add("Sec-WebSocket-Extensions", Extension.format(builder.extensions));
    }
    return headers.addAll(builder.headers).build();
  }

  /**
   * Begins a handshake.
   *
   * @param nonce 16 bytes, fresh and random for each handshake
   * @param host the value of Host: name or address, with the port where it is not the default
   * @param target path and query, beginning with "/", in visible ASCII without "#"
   * @throws IllegalArgumentException if one of them is not so
   */
  public static Builder builder(byte[] nonce, String host, String target) {
    return new Builder(nonce, host, target);
  }

  /**
   * Checks the header fields that an application wants in the request. Refused are those that the
   * handshake or HTTP itself sets: Host (the URL names it), Upgrade, Connection, all of
   * Sec-WebSocket-*, Content-Length, Transfer-Encoding, TE, Trailer, Expect, Keep-Alive,
   * Proxy-Connection and HTTP2-Settings.
   *
   * @return the same headers
   * @throws IllegalArgumentException if one of them is refused, or Origin occurs twice
   */
  public static Headers checkUserHeaders(Headers headers) {
    ReservedFields.refuseIn(headers);
    if (headers.all("Origin").size() > 1) {
      throw new IllegalArgumentException(
          "expected at most one Origin but was " + headers.all("Origin").size());
    }
    return headers;
  }

  /** The request to send. */
  public HandshakeRequest request() {
    return request;
  }

  /**
   * Checks the response in full (K2, S2).
   *
   * @return what the server agreed to
   * @throws HandshakeException if a rule is broken; its kind says which
   */
  public Agreement validate(int status, Headers response) {
    if (status != SWITCHING_PROTOCOLS) {
      throw new HandshakeException(
          Kind.STATUS, "expected status " + SWITCHING_PROTOCOLS + " but was " + status);
    }
    checkUpgrade(response);
    checkConnection(response);
    checkAccept(response);
    return Agreement.read(protocols, extensions, response);
  }

  private static void checkUpgrade(Headers response) {
    List<String> upgrade = response.tokens("Upgrade");
    if (upgrade.size() != 1 || !HeaderTokens.contains(upgrade, "websocket")) {
      throw new HandshakeException(
          Kind.UPGRADE, "expected Upgrade: websocket but was " + shown(upgrade));
    }
  }

  private static void checkConnection(Headers response) {
    if (!response.hasToken("Connection", "upgrade")) {
      throw new HandshakeException(
          Kind.CONNECTION,
          "expected Upgrade in the Connection header but was "
              + shown(response.tokens("Connection")));
    }
  }

  private void checkAccept(Headers response) {
    List<String> values = response.all("Sec-WebSocket-Accept");
    if (values.size() > 1) {
      throw new HandshakeException(
          Kind.DUPLICATE_ACCEPT,
          "expected one Sec-WebSocket-Accept header but was " + values.size());
    }
    String expected = AcceptKey.acceptFor(key);
    if (values.isEmpty() || !values.get(0).equals(expected)) {
      throw new HandshakeException(
          Kind.ACCEPT, "expected Sec-WebSocket-Accept: " + expected + " but was " + shown(values));
    }
  }

  private static String shown(List<String> values) {
    return values.isEmpty() ? "none" : HandshakeException.quoted(String.join(", ", values));
  }

  /** Collects the parts of a client's handshake. Not thread-safe. */
  public static final class Builder {
    private final String key;
    private final String host;
    private final String target;
    private List<String> protocols = List.of();
    private List<Extension> extensions = List.of();
    private @Nullable String origin;
    private Headers headers = Headers.empty();

    private Builder(byte[] nonce, String host, String target) {
      this.key = AcceptKey.keyFor(nonce);
      if (!RequestSyntax.isHost(host)) {
        throw new IllegalArgumentException(
            "expected a host with an optional port but was " + HandshakeException.quoted(host));
      }
      if (!target.startsWith("/") || !RequestSyntax.isTarget(target)) {
        throw new IllegalArgumentException(
            "expected a path and query in visible ASCII, beginning with \"/\" and without \"#\", "
                + "but was "
                + HandshakeException.quoted(target));
      }
      this.host = host;
      this.target = target;
    }

    /**
     * The subprotocols to ask for, most wanted first; none by default.
     *
     * @throws IllegalArgumentException as {@link Subprotocols#checked}
     */
    public Builder protocols(List<String> asked) {
      protocols = Subprotocols.checked(asked);
      return this;
    }

    /**
     * The extensions to offer, most wanted first; none by default. Several offers of one name are
     * alternatives.
     */
    public Builder extensions(List<Extension> offered) {
      extensions = List.copyOf(offered);
      return this;
    }

    /** The value of Origin; none by default. */
    public Builder origin(@Nullable String value) {
      origin = value;
      return this;
    }

    /**
     * The application's own fields, sent after the others; none by default.
     *
     * @throws IllegalArgumentException as {@link ClientHandshake#checkUserHeaders}
     */
    public Builder headers(Headers own) {
      headers = checkUserHeaders(own);
      return this;
    }

    /**
     * The handshake.
     *
     * @throws IllegalArgumentException if Origin is given twice, here and among the headers
     */
    public ClientHandshake build() {
      Optional<String> own = headers.first("Origin");
      if (origin != null && own.isPresent()) {
        throw new IllegalArgumentException(
            "expected one Origin but it is configured and also among the headers");
      }
      return new ClientHandshake(this);
    }
  }
}
