package dev.weir.websocket;

import dev.weir.streams.AbortSignal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a {@link WebSocketStream}. Immutable: each method returns a changed copy.
 *
 * @param protocols the subprotocols asked for, in order of preference (S2)
 * @param signal drops the opening handshake when it aborts; does nothing afterwards (S3)
 * @param closeSignal closes the open connection with an empty Close frame when it aborts, and drops
 *     the opening handshake before that; Java only
 */
public record WebSocketStreamOptions(
    List<String> protocols, @Nullable AbortSignal signal, @Nullable AbortSignal closeSignal) {
  /** No subprotocols, no signals. */
  public static final WebSocketStreamOptions DEFAULT =
      new WebSocketStreamOptions(List.of(), null, null);

  public WebSocketStreamOptions {
    protocols = List.copyOf(protocols);
  }

  /** Asks for these subprotocols, in this order of preference. */
  public WebSocketStreamOptions withProtocols(String... wanted) {
    return new WebSocketStreamOptions(List.of(wanted), signal, closeSignal);
  }

  /** Drops the opening handshake when this signal aborts. */
  public WebSocketStreamOptions withSignal(AbortSignal wanted) {
    return new WebSocketStreamOptions(protocols, wanted, closeSignal);
  }

  /** Closes the connection, open or not, when this signal aborts. */
  public WebSocketStreamOptions withCloseSignal(AbortSignal wanted) {
    return new WebSocketStreamOptions(protocols, signal, wanted);
  }
}
