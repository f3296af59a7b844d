package dev.weir.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One WebSocket frame as it was on the wire, its payload unmasked. Immutable, as long as nobody
 * writes into the payload.
 *
 * @param fin whether it is the last of its message
 * @param rsv the three reserved bits, 0 to 7
 * @param opcode 0 to 15
 * @param masked whether its payload was masked
 * @param payload its payload, unmasked
 */
@SuppressWarnings("ArrayRecordComponent") // the payload is the owner's; equals compares its bytes
public record Frame(boolean fin, int rsv, int opcode, boolean masked, byte[] payload) {
  /** The opcode of a frame that continues a message. */
  public static final int CONTINUATION = 0x0;

  /** The opcode of a text message's first frame. */
  public static final int TEXT = 0x1;

  /** The opcode of a binary message's first frame. */
  public static final int BINARY = 0x2;

  /** The opcode of a Close frame. */
  public static final int CLOSE = 0x8;

  /** The opcode of a Ping frame. */
  public static final int PING = 0x9;

  /** The opcode of a Pong frame. */
  public static final int PONG = 0xA;

  private static final int SHOWN_BYTES = 64;

  /** A whole message or control frame, unmasked. */
  public static Frame of(int opcode, byte[] payload) {
    return new Frame(true, 0, opcode, false, payload);
  }

  /** A Close frame, unmasked. The code is not checked, so that a peer can send any. */
  public static Frame close(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    byte[] payload = new byte[2 + text.length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(text, 0, payload, 2, text.length);
    return of(CLOSE, payload);
  }

  /** Whether this is a Close, Ping or Pong frame, or one of the opcodes kept for others. */
  public boolean isControl() {
    return opcode >= CLOSE;
  }

  /** The payload read as UTF-8. */
  public String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }

  /** The code of a Close frame, 1005 if it has no body. */
  public int closeCode() {
    return payload.length < 2 ? 1005 : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
  }

  /** The reason of a Close frame, empty if it has none. */
  public String closeReason() {
    return payload.length < 2
        ? ""
        : new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
  }

  /** The name of the opcode, such as "Ping". */
  public String name() {
    return switch (opcode) {
      case CONTINUATION -> "Continuation";
      case TEXT -> "Text";
      case BINARY -> "Binary";
      case CLOSE -> "Close";
      case PING -> "Ping";
      case PONG -> "Pong";
      default -> "opcode " + opcode;
    };
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Frame that
        && fin == that.fin
        && rsv == that.rsv
        && opcode == that.opcode
        && masked == that.masked
        && Arrays.equals(payload, that.payload);
  }

  @Override
  public int hashCode() {
    return 31 * opcode + Arrays.hashCode(payload);
  }

  @Override
  public String toString() {
    String shown =
        switch (opcode) {
          case TEXT -> '"' + (payload.length <= SHOWN_BYTES ? text() : "…") + '"';
          case CLOSE -> closeCode() + " \"" + closeReason() + '"';
          default ->
              HexFormat.ofDelimiter(" ")
                  .formatHex(payload, 0, Math.min(payload.length, SHOWN_BYTES));
        };
    return name()
        + (fin ? "" : ", to be continued,")
        + (rsv == 0 ? "" : ", reserved bits " + rsv + ",")
        + " of "
        + payload.length
        + " bytes: "
        + shown;
  }
}
