package dev.weir.websocket;

import dev.weir.websocket.events.Event;
import org.jspecify.annotations.Nullable;

/**
 * The connection failed, or did not end cleanly. Not thread-safe.
 *
 * <p>Browsers tell nothing more, lest a page learn about networks that are none of its business.
 * Java tells the cause.
 */
public final class ErrorEvent extends Event {
  private final @Nullable Throwable error;

  /** An "error" event. */
  public ErrorEvent(@Nullable Throwable error) {
    super("error");
    this.error = error;
  }

  /**
   * What happened: of a {@link WebSocket} always a {@link WebSocketError}, the same as {@code
   * closed} of a {@link WebSocketStream} rejects with. Null only where who made the event gave
   * none.
   */
  public @Nullable Throwable error() {
    return error;
  }

  /**
   * What led to the error: an {@link dev.weir.websocket.opening.OpeningFailure} if the connection
   * never opened, a {@link dev.weir.protocol.close.ProtocolViolation}, a timeout, or the
   * transport's exception; null if nothing is known.
   */
  public @Nullable Throwable cause() {
    return error == null ? null : error.getCause();
  }

  /** The error's message, empty if there is none. */
  public String message() {
    String message = error == null ? null : error.getMessage();
    return message == null ? "" : message;
  }
}
