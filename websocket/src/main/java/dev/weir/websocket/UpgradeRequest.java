package dev.weir.websocket;

import dev.weir.protocol.handshake.Headers;
import dev.weir.protocol.handshake.Upgrade;
import dev.weir.websocket.spi.UpgradeExchange;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The request that asks a server to open a connection. Immutable.
 *
 * @param target path and query as they came
 * @param path the path, percent-encoded as it came
 * @param query what follows the question mark, empty if none
 * @param parameters the path's parameters by the names of the route's pattern, percent-decoded
 * @param protocols the subprotocols that the client offers, in its order of preference
 * @param headers all header fields
 * @param remoteAddress the client's address
 * @param localAddress the address that the client reached
 * @param sslSession the TLS session, or null where there is no TLS
 */
public record UpgradeRequest(
    String target,
    String path,
    String query,
    Map<String, String> parameters,
    List<String> protocols,
    Headers headers,
    SocketAddress remoteAddress,
    SocketAddress localAddress,
    @Nullable SSLSession sslSession) {

  static UpgradeRequest of(UpgradeExchange exchange, Map<String, String> parameters) {
    Upgrade upgrade = exchange.request();
    String target = upgrade.target();
    int mark = target.indexOf('?');
    return new UpgradeRequest(
        target,
        pathOf(target),
        mark < 0 ? "" : target.substring(mark + 1),
        Map.copyOf(parameters),
        upgrade.protocols(),
        upgrade.headers(),
        exchange.remoteAddress(),
        exchange.localAddress(),
        exchange.sslSession());
  }

  static String pathOf(String target) {
    int mark = target.indexOf('?');
    return mark < 0 ? target : target.substring(0, mark);
  }

  /** The URL that the client asked for, as far as its request tells, such as a Host header. */
  String url() {
    return (sslSession == null ? "ws://" : "wss://")
        + headers.first("Host").orElse("localhost")
        + target;
  }

  /** The Origin that a browser sent, or empty. */
  public Optional<String> origin() {
    return headers.first("Origin");
  }
}
