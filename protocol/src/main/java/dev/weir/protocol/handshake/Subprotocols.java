package dev.weir.protocol.handshake;

import java.util.ArrayList;
import java.util.List;

/**
 * The rules for the subprotocols that a client may ask for (RFC 6455 §4.1, S2). Stateless and
 * thread-safe.
 */
public final class Subprotocols {
  private Subprotocols() {}

  /**
   * Checks that each is a token and that none occurs twice, compared without regard to case.
   *
   * @return an immutable copy
   * @throws IllegalArgumentException if one is no token or occurs twice; the message says which
   */
  public static List<String> checked(List<String> protocols) {
    List<String> seen = new ArrayList<>(protocols.size());
    for (String protocol : protocols) {
      if (!HeaderTokens.isToken(protocol)) {
        throw new IllegalArgumentException(
            "expected a token as subprotocol but was " + HandshakeException.quoted(protocol));
      }
      if (HeaderTokens.contains(seen, protocol)) {
        throw new IllegalArgumentException(
            "expected each subprotocol once but "
                + HandshakeException.quoted(protocol)
                + " occurs again; case does not tell them apart");
      }
      seen.add(protocol);
    }
    return List.copyOf(seen);
  }
}
