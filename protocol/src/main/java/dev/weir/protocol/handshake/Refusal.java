package dev.weir.protocol.handshake;

import java.nio.charset.StandardCharsets;

/**
 * A server's answer to a request that opens no WebSocket. Immutable and thread-safe.
 *
 * <p>The ready-made ones have short plain-text bodies that neither repeat the request nor show what
 * went on inside the server.
 *
 * @param status 200 to 599
 * @param headers fields of this refusal alone; {@link #responseHeaders} adds those that frame it
 * @param body the text of the body, in UTF-8; "" if none
 */
public record Refusal(int status, Headers headers, String body) implements ServerHandshake {
  private static final int MIN_STATUS = 200;
  private static final int MAX_STATUS = 599;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;
  private static final Headers UPGRADE = Headers.of("Upgrade", "websocket");

  /**
   * Takes an answer.
   *
   * @throws IllegalArgumentException if the status is not 200 to 599, has a body though it must not
   *     (204, 304), or a field frames the response: Connection, Content-Length, Transfer-Encoding,
   *     Trailer, Keep-Alive or Proxy-Connection
   */
  public Refusal {
    if (status < MIN_STATUS || status > MAX_STATUS) {
      throw new IllegalArgumentException(
          "expected a status from " + MIN_STATUS + " to " + MAX_STATUS + " but was " + status);
    }
    if (!mayHaveBody(status) && !body.isEmpty()) {
      throw new IllegalArgumentException("expected no body with status " + status);
    }
    ReservedFields.refuseFramingIn(headers);
  }

  /** A refusal without fields of its own. */
  public static Refusal of(int status, String body) {
    return new Refusal(status, Headers.empty(), body);
  }

  /**
   * 400.
   *
   * @param body what is wrong, in words that do not repeat the request
   */
  public static Refusal badRequest(String body) {
    return of(400, body);
  }

  /** 403: connections from this origin are not welcome (RFC 6455 §4.2.2). */
  public static Refusal forbiddenOrigin() {
    return of(403, "Connections from this origin are not allowed.");
  }

  /** 404: there is nothing at this path. */
  public static Refusal notFound() {
    return of(404, "There is no WebSocket at this path.");
  }

  /** 405: a WebSocket is opened by GET alone. */
  public static Refusal methodNotAllowed() {
    return new Refusal(405, Headers.of("Allow", "GET"), "A WebSocket is opened by GET.");
  }

  /** 408: the request did not arrive in time. */
  public static Refusal requestTimeout() {
    return of(408, "The request did not arrive in time.");
  }

  /** 414: the request target is over the limit. */
  public static Refusal targetTooLong() {
    return of(414, "The request target is too long.");
  }

  /** 426: the request asks for no upgrade to WebSocket. */
  public static Refusal upgradeRequired() {
    return new Refusal(426, UPGRADE, "Expected Upgrade: websocket with Connection: Upgrade.");
  }

  /** 426: the client speaks another version of the protocol (RFC 6455 §4.4). */
  public static Refusal unsupportedVersion() {
    return new Refusal(
        426,
        UPGRADE.toBuilder().add("Sec-WebSocket-Version", "13").build(),
        "Expected Sec-WebSocket-Version: 13.");
  }

  /** 431: the header fields are over their limit. */
  public static Refusal headersTooLarge() {
    return of(431, "The request's header fields are too large.");
  }

  /** 500: this server met an unexpected condition. */
  public static Refusal internalError() {
    return of(500, "The server met an unexpected condition.");
  }

  /** 503: this server takes no more connections now. */
  public static Refusal unavailable() {
    return of(503, "The server takes no more connections now.");
  }

  /** 505: the request is not of HTTP/1.1. */
  public static Refusal versionNotSupported() {
    return of(505, "A WebSocket is opened by HTTP/1.1.");
  }

  /** The same without its body, as the answer to HEAD must be. */
  public Refusal withoutBody() {
    return new Refusal(status, headers, "");
  }

  /** The body's bytes. */
  public byte[] bodyBytes() {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * All header fields of the response in HTTP/1.1: this refusal's own, Content-Type where there is
   * a body and none was given, Content-Length, and Connection: close, since the transport closes
   * after it.
   */
  public Headers responseHeaders() {
    Headers.Builder response = headers.toBuilder();
    if (!body.isEmpty() && !headers.contains("Content-Type")) {
      response.add("Content-Type", "text/plain; charset=utf-8");
    }
    if (mayHaveBody(status)) {
      response.add("Content-Length", Integer.toString(bodyBytes().length));
    }
    // Upgrade takes effect only where Connection lists it (RFC 7230 §6.7).
    response.add("Connection", headers.contains("Upgrade") ? "Upgrade, close" : "close");
    return response.build();
  }

  private static boolean mayHaveBody(int status) {
    return status != NO_CONTENT && status != NOT_MODIFIED;
  }
}
