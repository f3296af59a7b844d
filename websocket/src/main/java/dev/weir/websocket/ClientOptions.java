package dev.weir.websocket;

import dev.weir.protocol.handshake.Headers;
import dev.weir.websocket.spi.ClientTransportOptions;
import dev.weir.websocket.url.WebSocketUrl;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a client. Immutable.
 *
 * @param baseUrl against which relative URLs are resolved, or null
 * @param headers the user's own, Origin among them
 * @param blockedPortsAllowed whether the Fetch standard's blocked ports may be used (K4)
 */
record ClientOptions(
    @Nullable String baseUrl,
    Headers headers,
    boolean blockedPortsAllowed,
    SessionOptions session,
    ClientTransportOptions transport) {
  /** The user's headers, and Basic authorization from the URL unless they hold one (K3). */
  Headers requestHeaders(WebSocketUrl url) {
    Optional<String> authorization = url.basicAuthorization();
    if (authorization.isEmpty() || headers.contains("Authorization")) {
      return headers;
    }
    return headers.toBuilder().add("Authorization", authorization.get()).build();
  }
}
