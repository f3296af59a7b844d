package dev.weir.protocol.handshake;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A client's valid request to open a WebSocket, which the server may accept or refuse. Immutable
 * and thread-safe.
 *
 * @param target path and query, beginning with "/"
 * @param host the value of Host
 * @param key the value of Sec-WebSocket-Key
 * @param protocols the subprotocols asked for, most wanted first; empty if none
 * @param extensions the extensions offered, most wanted first; empty if none
 * @param headers all fields of the request
 */
public record Upgrade(
    String target,
    String host,
    String key,
    List<String> protocols,
    List<Extension> extensions,
    Headers headers)
    implements ServerHandshake {
  /** The status of the response that accepts. */
  public static final int ACCEPTED_STATUS = 101;

  /** Takes the parts of a request. */
  public Upgrade {
    protocols = List.copyOf(protocols);
    extensions = List.copyOf(extensions);
  }

  /** The value of Origin, as sent. */
  public Optional<String> origin() {
    return headers.first("Origin");
  }

  /**
   * The header fields of the response, with status 101, that accepts (RFC 6455 §4.2.2).
   *
   * @param agreement the subprotocol and extensions that this server selects
   * @param extra further fields, sent after the others
   * @throws IllegalArgumentException if a subprotocol or extension was not asked for, an extension
   *     occurs twice, or an extra field is one that the handshake sets
   */
  public Headers accept(Agreement agreement, Headers extra) {
    ReservedFields.refuseIn(extra);
    Headers.Builder response =
        Headers.builder()
            .add("Upgrade", "websocket")
            .add("Connection", "Upgrade")
            .add("Sec-WebSocket-Accept", AcceptKey.acceptFor(key));
    if (!agreement.protocol().isEmpty()) {
      checkProtocol(agreement.protocol());
      response.add("Sec-WebSocket-Protocol", agreement.protocol());
    }
    if (!agreement.extensions().isEmpty()) {
      checkExtensions(agreement.extensions());
      response.add("Sec-WebSocket-Extensions", agreement.extensionsText());
    }
    return response.addAll(extra).build();
  }

  private void checkProtocol(String protocol) {
    if (!protocols.contains(protocol)) {
      throw new IllegalArgumentException(
          "expected one of the subprotocols that the client asked for, "
              + protocols
              + ", but was "
              + HandshakeException.quoted(protocol));
    }
  }

  private void checkExtensions(List<Extension> accepted) {
    Set<String> seen = new HashSet<>();
    for (Extension extension : accepted) {
      if (extensions.stream().noneMatch(offer -> offer.name().equals(extension.name()))) {
        throw new IllegalArgumentException(
            "expected only extensions that the client offered but was " + extension.name());
      }
      if (!seen.add(extension.name())) {
        throw new IllegalArgumentException(
            "expected each extension once but " + extension.name() + " occurs again");
      }
    }
  }
}
