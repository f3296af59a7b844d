package dev.weir.websocket.opening;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Why a connection could not be opened: the stage that failed, and what the server answered if it
 * got that far. It is the cause of the {@code WebSocketError} that {@code opened} and {@code
 * closed} reject with. Immutable.
 */
public final class OpeningFailure extends IOException {
  private static final long serialVersionUID = 1L;

  /** The steps of opening a connection, in their order. */
  public enum Stage {
    /** The cookie handler failed, before the request or with what the answer set. */
    COOKIES,
    /** The host name could not be resolved. */
    NAME_RESOLUTION,
    /** No address accepted a TCP connection. */
    CONNECT,
    /** The TLS handshake failed. */
    TLS,
    /** The connection broke, or the answer was no valid HTTP or no valid WebSocket handshake. */
    HANDSHAKE,
    /** The server answered the handshake with another status than 101. */
    REFUSED
  }

  private final Stage stage;
  private final boolean timeout;
  private final transient @Nullable HandshakeResponse response;

  public OpeningFailure(
      Stage stage,
      boolean timeout,
      String message,
      @Nullable Throwable cause,
      @Nullable HandshakeResponse response) {
    super(message, cause);
    this.stage = stage;
    this.timeout = timeout;
    this.response = response;
  }

  /** The stage that failed. */
  public Stage stage() {
    return stage;
  }

  /** Whether the stage ended because its time was over. */
  public boolean isTimeout() {
    return timeout;
  }

  /** What the server answered, or null if no answer came. */
  public @Nullable HandshakeResponse response() {
    return response;
  }
}
