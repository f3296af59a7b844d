package dev.weir.websocket;

import dev.weir.protocol.handshake.Headers;
import dev.weir.websocket.spi.ClientTransportOptions;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a client. Immutable.
 *
 * @param baseUrl against which relative URLs are resolved, or null
 * @param headers the user's own, Origin among them
 * @param blockedPortsAllowed whether the Fetch standard's blocked ports may be used (K4)
 * @param maxRedirects how many redirects are followed, 0 for none (K1)
 * @param compressionRequired whether a server that accepts no compression is left with 1010
 * @param cookies which opening handshakes send and keep (K2), or null for none
 */
record ClientOptions(
    @Nullable String baseUrl,
    Headers headers,
    boolean blockedPortsAllowed,
    int maxRedirects,
    boolean compressionRequired,
    @Nullable Cookies cookies,
    SessionOptions session,
    ClientTransportOptions transport) {
  ClientOptions withHeaders(Headers changed) {
    return new ClientOptions(
        baseUrl,
        changed,
        blockedPortsAllowed,
        maxRedirects,
        compressionRequired,
        cookies,
        session,
        transport);
  }
}
