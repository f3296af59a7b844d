package dev.weir.protocol.handshake;

import java.util.List;
import java.util.Optional;

/**
 * A request of HTTP/1.1 or HTTP/1.0 that asks for no WebSocket, such as a browser's for the page
 * that opens one. Immutable and thread-safe.
 *
 * @param method as sent, such as "GET"
 * @param target path and query, beginning with "/"
 * @param headers all fields of the request
 * @param asksToClose whether the connection is to end after the answer (RFC 9112 §9.6): the client
 *     wants it, or speaks HTTP/1.0, where that is the rule
 */
public record PlainRequest(String method, String target, Headers headers, boolean asksToClose) {
  /** A request of HTTP/1.1, after which the connection ends if its fields say so. */
  public PlainRequest(String method, String target, Headers headers) {
    this(method, target, headers, headers.hasToken("Connection", "close"));
  }

  /**
   * The request, if it is well formed and asks for no upgrade to WebSocket; all others are for
   * {@link ServerHandshake#read} to judge. Never throws for what a client sent.
   *
   * @param method as sent
   * @param version as sent, such as "HTTP/1.1"
   * @param target the request target as sent
   * @param headers as {@link Headers#received} gives them
   */
  public static Optional<PlainRequest> read(
      String method, String version, String target, Headers headers) {
    List<String> hosts = headers.all("Host");
    String resource = RequestSyntax.resource(target);
    boolean old = version.equals("HTTP/1.0");
    if (!(old || RequestSyntax.isHttp11(version))
        || hosts.size() > 1
        // HTTP/1.0 knew no Host (RFC 9112 §3.2).
        || (hosts.isEmpty() ? !old : !RequestSyntax.isHost(hosts.get(0)))
        || resource == null
        || headers.hasToken("Upgrade", "websocket")) {
      return Optional.empty();
    }
    var request = new PlainRequest(method, resource, headers);
    // The persistent connections that some of HTTP/1.0 ask for are an extension of theirs.
    return Optional.of(old ? new PlainRequest(method, resource, headers, true) : request);
  }

  /** The path, percent-encoded as it came. */
  public String path() {
    int mark = target.indexOf('?');
    return mark < 0 ? target : target.substring(0, mark);
  }

  /** Whether it is followed by a body, if only by its fields' word. */
  public boolean hasBody() {
    return headers.contains("Transfer-Encoding")
        || headers.all("Content-Length").stream().anyMatch(length -> !length.equals("0"));
  }
}
