package dev.weir.websocket;

import dev.weir.protocol.close.CloseCode;
import dev.weir.protocol.close.CloseOutcome;
import dev.weir.websocket.opening.OpeningFailure;
import java.io.EOFException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Puts the end of a connection into the words and codes of a {@link WebSocketError}. Stateless. */
final class CloseReport {
  private CloseReport() {}

  static TimeoutException closeTimedOut(Duration timeout) {
    return new TimeoutException(
        "the closing handshake was not finished within " + Durations.text(timeout));
  }

  /** What {@code closed} rejects with, or null if the outcome is clean. */
  static @Nullable WebSocketError errorOf(CloseOutcome outcome, @Nullable Throwable endedBy) {
    if (outcome.clean()) {
      return null;
    }
    Throwable cause = endedBy != null ? endedBy : outcome.cause();
    if (outcome.code() == CloseCode.ABNORMAL) {
      if (cause == null) {
        cause = new EOFException("the peer ended the transport");
      }
      return WebSocketError.ofConnection(
          "the connection ended without a Close frame from the peer: " + cause.getMessage(),
          CloseCode.ABNORMAL,
          "",
          cause);
    }
    String why =
        cause == null ? "not all accepted data could be sent before it" : cause.getMessage();
    return WebSocketError.ofConnection(
        "the peer closed with " + outcome.code() + ", but the close is not clean: " + why,
        outcome.code(),
        outcome.reason(),
        cause);
  }

  /** What {@code opened} and {@code closed} reject with if the connection never opened. */
  static WebSocketError errorOfOpening(Throwable cause) {
    boolean tls =
        cause instanceof OpeningFailure failure && failure.stage() == OpeningFailure.Stage.TLS;
    return WebSocketError.ofConnection(
        "the connection could not be opened: " + cause.getMessage(),
        tls ? CloseCode.TLS_HANDSHAKE : CloseCode.ABNORMAL,
        "",
        cause);
  }
}
