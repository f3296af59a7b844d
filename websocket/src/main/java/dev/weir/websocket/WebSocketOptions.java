package dev.weir.websocket;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The options of a {@link WebSocket}. Immutable: each method returns a changed copy.
 *
 * @param protocols the subprotocols asked for, in order of preference (S2)
 * @param executor where events are delivered, or null for the connection's event loop
 * @param listeners adds listeners before the connection is attempted, or null
 */
public record WebSocketOptions(
    List<String> protocols,
    @Nullable Executor executor,
    @Nullable Consumer<? super WebSocket> listeners) {
  /** No subprotocols, and events on the event loop. */
  public static final WebSocketOptions DEFAULT = new WebSocketOptions(List.of(), null, null);

  public WebSocketOptions {
    protocols = List.copyOf(protocols);
  }

  /** Asks for these subprotocols, in this order of preference. */
  public WebSocketOptions withProtocols(String... wanted) {
    return new WebSocketOptions(List.of(wanted), executor, listeners);
  }

  /**
   * Delivers events on this executor, one at a time, however many threads it has. Listeners may
   * block there if it can bear it: while they do, received messages wait, at most as many as the
   * receive buffer holds, and then the peer is slowed (S8).
   *
   * @param wanted one that does not run tasks in the thread that hands them over
   */
  public WebSocketOptions withExecutor(Executor wanted) {
    return new WebSocketOptions(protocols, wanted, listeners);
  }

  /**
   * Calls this with the new socket before it connects. Listeners that are added there miss nothing,
   * whereas those that are added once the constructor has returned race with the first events, if
   * these are delivered on another thread.
   */
  public WebSocketOptions withListeners(Consumer<? super WebSocket> adding) {
    return new WebSocketOptions(protocols, executor, adding);
  }
}
