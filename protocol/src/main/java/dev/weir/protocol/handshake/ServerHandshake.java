package dev.weir.protocol.handshake;

import java.util.HashSet;
import java.util.List;

/**
 * What a server makes of an HTTP/1.1 request: an upgrade that it may accept, or the refusal to
 * answer it with (RFC 6455 §4.2). Immutable and thread-safe.
 */
public sealed interface ServerHandshake permits Upgrade, Refusal {
  /**
   * Checks a request in full. Never throws for what a client sent.
   *
   * @param method as sent, such as "GET"
   * @param version as sent, such as "HTTP/1.1"
   * @param target the request target as sent
   * @param headers as {@link Headers#received} gives them
   */
  static ServerHandshake read(String method, String version, String target, Headers headers) {
    if (!RequestSyntax.isHttp11(version)) {
      return Refusal.versionNotSupported();
    }
    List<String> hosts = headers.all("Host");
    if (hosts.size() != 1) {
      return Refusal.badRequest("Host must be sent exactly once.");
    }
    if (!RequestSyntax.isHost(hosts.get(0))) {
      return Refusal.badRequest("Host must be a host with an optional port.");
    }
    if (!method.equals("GET")) {
      // The answer to HEAD has no body (RFC 7230 §3.3).
      return method.equals("HEAD")
          ? Refusal.methodNotAllowed().withoutBody()
          : Refusal.methodNotAllowed();
    }
    String resource = RequestSyntax.resource(target);
    if (resource == null) {
      return Refusal.badRequest("The request target must be a path or an http URL.");
    }
    // Without both the request is none for an upgrade (RFC 7230 §6.7).
    if (!headers.hasToken("Upgrade", "websocket") || !headers.hasToken("Connection", "upgrade")) {
      return Refusal.upgradeRequired();
    }
    return readUpgrade(resource, hosts.get(0), headers);
  }

  private static ServerHandshake readUpgrade(String resource, String host, Headers headers) {
    // Else one side might take for a body what the other takes for frames.
    if (headers.contains("Transfer-Encoding")
        || headers.all("Content-Length").stream().anyMatch(length -> !length.equals("0"))) {
      return Refusal.badRequest("The request must have no body.");
    }
    // The version goes first: the key is a matter of version 13 (RFC 6455 §4.4).
    List<String> versions = headers.all("Sec-WebSocket-Version");
    if (versions.size() > 1) {
      return Refusal.badRequest("Sec-WebSocket-Version must be sent exactly once.");
    }
    if (!versions.equals(List.of("13"))) {
      return Refusal.unsupportedVersion();
    }
    List<String> keys = headers.all("Sec-WebSocket-Key");
    if (keys.size() != 1) {
      return Refusal.badRequest("Sec-WebSocket-Key must be sent exactly once.");
    }
    if (!AcceptKey.isKey(keys.get(0))) {
      return Refusal.badRequest("Sec-WebSocket-Key must be 16 bytes in base64.");
    }
    if (headers.all("Origin").size() > 1) {
      return Refusal.badRequest("Origin must be sent at most once.");
    }
    List<String> protocols = headers.tokens("Sec-WebSocket-Protocol");
    if (headers.contains("Sec-WebSocket-Protocol") && !areSubprotocols(protocols)) {
      return Refusal.badRequest("Sec-WebSocket-Protocol must list tokens, each of them once.");
    }
    try {
      List<Extension> extensions = Extension.parse(headers);
      return new Upgrade(resource, host, keys.get(0), protocols, extensions, headers);
    } catch (HandshakeException e) {
      return Refusal.badRequest("Sec-WebSocket-Extensions is malformed.");
    }
  }

  /** Names that differ in case are two names here: only the client's API folds them (S2). */
  private static boolean areSubprotocols(List<String> protocols) {
    return !protocols.isEmpty()
        && protocols.stream().allMatch(HeaderTokens::isToken)
        && new HashSet<>(protocols).size() == protocols.size();
  }
}
