package dev.weir.protocol.handshake;

import dev.weir.protocol.handshake.HandshakeException.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What client and server agreed on in the opening handshake. Immutable and thread-safe.
 *
 * @param protocol the selected subprotocol, "" if none
 * @param extensions the accepted extensions in their order, empty if none
 */
public record Agreement(String protocol, List<Extension> extensions) {
  /** Neither a subprotocol nor an extension. */
  public static final Agreement NONE = new Agreement("", List.of());

  /** Takes what was agreed on. */
  public Agreement {
    extensions = List.copyOf(extensions);
  }

  /** The accepted extensions as they were sent, "" if none. */
  public String extensionsText() {
    return Extension.format(extensions);
  }

  /**
   * Reads what the server agreed to. The same for each version of HTTP (RFC 6455 §4.1, RFC 8441
   * §5).
   *
   * @param asked the subprotocols that were asked for
   * @param offered the extensions that were offered; permessage-deflate's parameters are checked
   *     too, those of others are for the others to check
   * @throws HandshakeException of kind PROTOCOL or EXTENSION
   */
  static Agreement read(List<String> asked, List<Extension> offered, Headers response) {
    return new Agreement(readProtocol(asked, response), readExtensions(offered, response));
  }

  private static String readProtocol(List<String> asked, Headers response) {
    List<String> selected = response.tokens("Sec-WebSocket-Protocol");
    if (!response.contains("Sec-WebSocket-Protocol")) {
      if (asked.isEmpty()) {
        return "";
      }
      throw new HandshakeException(
          Kind.PROTOCOL, "expected one of the subprotocols " + asked + " but none was selected");
    }
    String shown = HandshakeException.quoted(String.join(", ", selected));
    if (asked.isEmpty()) {
      throw new HandshakeException(
          Kind.PROTOCOL, "expected no subprotocol, since none was asked for, but was " + shown);
    }
    if (selected.size() != 1 || !asked.contains(selected.get(0))) {
      throw new HandshakeException(
          Kind.PROTOCOL, "expected one of the subprotocols " + asked + " but was " + shown);
    }
    return selected.get(0);
  }

  private static List<Extension> readExtensions(List<Extension> offered, Headers response) {
    List<Extension> accepted = Extension.parse(response);
    Set<String> seen = new HashSet<>();
    for (Extension extension : accepted) {
      String name = HandshakeException.quoted(extension.name());
      if (offered.stream().noneMatch(offer -> offer.name().equals(extension.name()))) {
        throw new HandshakeException(
            Kind.EXTENSION, "expected only extensions that were offered but was " + name);
      }
      if (!seen.add(extension.name())) {
        throw new HandshakeException(
            Kind.EXTENSION, "expected each extension once but " + name + " was accepted twice");
      }
      if (extension.name().equals(PerMessageDeflate.NAME)) {
        PerMessageDeflate.check(offered, extension);
      }
    }
    return accepted;
  }
}
