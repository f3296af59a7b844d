package dev.weir.protocol.close;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The code and reason that a Close frame carries, or stands for when it has none (RFC 6455 §5.5.1,
 * §7.1.5, §7.1.6). Immutable.
 *
 * @param code the status code, one that {@link CloseCode#mayTravel may travel}; {@link #NONE} holds
 *     1005, for a Close frame without a body
 * @param reason at most 123 bytes of UTF-8 (C3); empty if none. Lone surrogates travel as U+FFFD
 */
public record CloseStatus(int code, String reason) {
  // Before NONE, whose making counts its reason.
  private static final byte[] REPLACEMENT = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};

  /** The most bytes of UTF-8 that a reason may have (C3). */
  public static final int MAX_REASON_BYTES = 123;

  /** A Close frame without a body: 1005, which never travels (RFC 6455 §7.1.5). */
  public static final CloseStatus NONE = new CloseStatus(CloseCode.NO_STATUS, "");

  private static final int CODE_BYTES = 2;

  /**
   * Checks the code and the length of the reason.
   *
   * @throws IllegalArgumentException if a Close frame cannot carry them
   */
  public CloseStatus {
    if (code == CloseCode.NO_STATUS) {
      if (!reason.isEmpty()) {
        throw new IllegalArgumentException(
            "expected no reason without a code but was a reason of "
                + reasonBytes(reason)
                + " bytes");
      }
    } else if (!CloseCode.mayTravel(code)) {
      throw new IllegalArgumentException(
          "expected a code of 1000-1003, 1007-1014 or 3000-4999 but was " + code);
    }
    int bytes = reasonBytes(reason);
    if (bytes > MAX_REASON_BYTES) {
      throw new IllegalArgumentException(
          "reason is " + bytes + " bytes of UTF-8, the limit is " + MAX_REASON_BYTES);
    }
  }

  /** How many bytes of UTF-8 a reason takes, a lone surrogate counted as U+FFFD: three. */
  public static int reasonBytes(String reason) {
    return encodeReason(reason).remaining();
  }

  /**
   * The status for this side's failing of a connection: the code, and a fixed text that tells the
   * peer nothing of this side's insides.
   *
   * @throws IllegalArgumentException if the code may not travel
   */
  public static CloseStatus failure(int code) {
    if (code == CloseCode.NO_STATUS) {
      throw new IllegalArgumentException("expected a code that may travel but was " + code);
    }
    return new CloseStatus(
        code,
        switch (code) {
          case CloseCode.PROTOCOL_ERROR -> "protocol error";
          case CloseCode.INVALID_PAYLOAD -> "invalid UTF-8";
          case CloseCode.MESSAGE_TOO_BIG -> "message too big";
          default -> "";
        });
  }

  /**
   * Reads the body of a received Close frame.
   *
   * @throws ProtocolViolation with 1002 for a body of one byte or a code that may not travel, with
   *     1007 for a reason that is not UTF-8 (C2)
   */
  public static CloseStatus decode(byte[] body) {
    if (body.length == 0) {
      return NONE;
    }
    if (body.length < CODE_BYTES) {
      throw ProtocolViolation.protocolError(
          "a Close body of 0 or at least 2 bytes", "a body of 1 byte");
    }
    int code = (body[0] & 0xff) << 8 | (body[1] & 0xff);
    if (!CloseCode.mayTravel(code)) {
      throw ProtocolViolation.protocolError(
          "a close code of 1000-1003, 1007-1014 or 3000-4999", Integer.toString(code));
    }
    try {
      ByteBuffer reason = ByteBuffer.wrap(body, CODE_BYTES, body.length - CODE_BYTES);
      return new CloseStatus(code, StandardCharsets.UTF_8.newDecoder().decode(reason).toString());
    } catch (CharacterCodingException e) {
      throw ProtocolViolation.invalidPayload("a close reason of UTF-8", "other bytes");
    }
  }

  /** The body of the Close frame: at most 125 bytes, none for {@link #NONE}. */
  public byte[] encode() {
    if (code == CloseCode.NO_STATUS) {
      return new byte[0];
    }
    ByteBuffer text = encodeReason(reason);
    byte[] body = new byte[CODE_BYTES + text.remaining()];
    body[0] = (byte) (code >> 8);
    body[1] = (byte) code;
    text.get(body, CODE_BYTES, body.length - CODE_BYTES);
    return body;
  }

  private static ByteBuffer encodeReason(String reason) {
    try {
      return StandardCharsets.UTF_8
          .newEncoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .replaceWith(REPLACEMENT)
          .encode(CharBuffer.wrap(reason));
    } catch (CharacterCodingException e) {
      throw new AssertionError("an encoder that replaces has nothing to report", e);
    }
  }
}
