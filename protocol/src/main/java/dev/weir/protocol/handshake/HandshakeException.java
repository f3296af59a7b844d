package dev.weir.protocol.handshake;

import org.jspecify.annotations.Nullable;

/**
 * The peer's half of the opening handshake breaks a rule of RFC 6455 section 4. Immutable.
 *
 * <p>The message is for this side only: it quotes what the peer sent, and must not be sent to it.
 */
public final class HandshakeException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int QUOTED_CHARS = 100;

  /** Which part of the handshake is at fault. */
  public enum Kind {
    /** The status is not the one that accepts. */
    STATUS,
    /** Upgrade is missing or is not exactly "websocket". */
    UPGRADE,
    /** Connection is missing or does not list "upgrade". */
    CONNECTION,
    /** Sec-WebSocket-Accept is missing or does not answer the key that was sent. */
    ACCEPT,
    /** Sec-WebSocket-Accept was sent more than once. */
    DUPLICATE_ACCEPT,
    /** No subprotocol was selected though some were asked for, or not one of those. */
    PROTOCOL,
    /** Sec-WebSocket-Extensions is malformed or names what was not offered. */
    EXTENSION,
    /** A header field has a name or value that no field may have (RFC 7230 §3.2). */
    FIELD
  }

  private final Kind kind;

  /** A violation of the given kind. */
  public HandshakeException(Kind kind, String message) {
    this(kind, message, null);
  }

  /** A violation of the given kind that was found through another exception. */
  public HandshakeException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Which part of the handshake is at fault. */
  public Kind kind() {
    return kind;
  }

  /** The peer's text for a message: in quotes, without control characters, shortened if long. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    int shown = Math.min(text.length(), QUOTED_CHARS);
    for (int i = 0; i < shown; i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c > 0x7E) {
        quoted.append(String.format("\\u%04X", (int) c));
      } else {
        quoted.append(c);
      }
    }
    quoted.append('"');
    if (shown < text.length()) {
      quoted.append(" and ").append(text.length() - shown).append(" characters more");
    }
    return quoted.toString();
  }
}
