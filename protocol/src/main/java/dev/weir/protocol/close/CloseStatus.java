package dev.weir.protocol.close;

/**
 * The code and reason that a Close frame carries, or stands for when it has none (RFC 6455 §5.5.1,
 * §7.1.5, §7.1.6). Immutable.
 *
 * @param code the status code; {@link #NONE} holds 1005, for a Close frame without a body
 * @param reason at most 123 bytes of UTF-8; empty if none
 */
public record CloseStatus(int code, String reason) {
  /** A Close frame without a body: 1005, which never travels (RFC 6455 §7.1.5). */
  public static final CloseStatus NONE = new CloseStatus(1005, "");
}
