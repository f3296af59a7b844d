package dev.weir.websocket.spi;

import dev.weir.protocol.handshake.Extension;
import dev.weir.protocol.handshake.Headers;
import dev.weir.websocket.url.WebSocketUrl;
import java.util.List;

/**
 * What one client connection asks for. Immutable.
 *
 * @param url where to
 * @param protocols the subprotocols asked for, already checked; empty for none
 * @param extensions the extensions offered, empty for none
 * @param headers the user's own headers, with Origin and Authorization among them; never a reserved
 *     one
 */
public record ClientOpening(
    WebSocketUrl url, List<String> protocols, List<Extension> extensions, Headers headers) {
  public ClientOpening {
    protocols = List.copyOf(protocols);
    extensions = List.copyOf(extensions);
  }
}
