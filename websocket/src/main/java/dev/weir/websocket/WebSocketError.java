package dev.weir.websocket;

import dev.weir.protocol.close.CloseCode;
import dev.weir.protocol.close.CloseStatus;
import dev.weir.streams.DomException;
import dev.weir.websocket.opening.HandshakeResponse;
import dev.weir.websocket.opening.OpeningFailure;
import org.jspecify.annotations.Nullable;

/**
 * How a connection failed or ended uncleanly, or, made by an application, with what {@code cancel}
 * and {@code abort} are to close it (S10, S18). Immutable.
 *
 * <p>{@link #getCause} says why: an {@link OpeningFailure} if the connection never opened, a {@link
 * dev.weir.protocol.close.ProtocolViolation} if the peer broke the protocol, a timeout, or the
 * transport's exception.
 */
public final class WebSocketError extends RuntimeException implements DomException {
  private static final long serialVersionUID = 1L;

  private final @Nullable Integer closeCode;
  private final String reason;

  /** An error without a message, close code or reason. */
  public WebSocketError() {
    this("");
  }

  /** An error without a close code or reason. */
  public WebSocketError(String message) {
    this(message, null, "", null);
  }

  /**
   * An error that closes with this code and reason when it is given to {@code cancel} or {@code
   * abort}.
   *
   * @param closeCode 1000 or 3000–4999; null for none, or for 1000 if the reason is not empty
   * @param reason at most 123 bytes of UTF-8
   * @throws dev.weir.streams.InvalidAccessError if the code is another
   * @throws dev.weir.streams.SyntaxError if the reason is longer
   */
  public WebSocketError(String message, @Nullable Integer closeCode, String reason) {
    this(
        message,
        closeCode == null && !reason.isEmpty() ? Integer.valueOf(CloseCode.NORMAL) : closeCode,
        CloseArguments.checkedReason(reason),
        null);
    if (closeCode != null) {
      CloseArguments.checkPlatformCode(closeCode);
    }
  }

  private WebSocketError(
      String message, @Nullable Integer closeCode, String reason, @Nullable Throwable cause) {
    super(message, cause);
    this.closeCode = closeCode;
    this.reason = reason;
  }

  /** The error of a connection that ended with this code, whatever code it is. */
  static WebSocketError ofConnection(
      String message, int closeCode, String reason, @Nullable Throwable cause) {
    return new WebSocketError(message, closeCode, reason, cause);
  }

  /**
   * The code of the Close frame that came, 1006 if none came, 1015 if the TLS handshake failed
   * (C5); or the code given to the constructor, null if none was.
   */
  public @Nullable Integer closeCode() {
    return closeCode;
  }

  /** The reason of the Close frame that came or that was given, empty if none. */
  public String reason() {
    return reason;
  }

  /** What the server answered to the opening handshake, or null where that is not the failure. */
  public @Nullable HandshakeResponse response() {
    return getCause() instanceof OpeningFailure failure ? failure.response() : null;
  }

  /**
   * The Close frame that this error asks for as a reason of cancel or abort (S10). One that says
   * how a connection ended, as a pipe hands it on, may have a code that no frame carries, such as
   * 1006, or that only a client's handshake gives rise to, 1010: it asks for none.
   */
  CloseStatus asCloseStatus() {
    return closeCode == null
            || !CloseCode.mayTravel(closeCode)
            || closeCode == CloseCode.MANDATORY_EXTENSION
        ? CloseStatus.NONE
        : new CloseStatus(closeCode, reason);
  }

  @Override
  public String name() {
    return "WebSocketError";
  }

  /** Always 0, as the platform has it (S18). */
  @Override
  public int code() {
    return 0;
  }
}
