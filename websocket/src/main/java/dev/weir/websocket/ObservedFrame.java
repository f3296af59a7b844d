package dev.weir.websocket;

import java.net.SocketAddress;
import java.util.Arrays;

/**
 * One frame as it went over the wire, told to a {@link WireObserver}. Immutable.
 *
 * @param remoteAddress the peer's address, by which connections of one server are told apart
 * @param kind what the frame is
 * @param fin whether it ends its message
 * @param reserved the three reserved bits as they stand in the first byte: 0x40 is RSV1
 * @param length the payload's length in bytes
 * @param masked whether it was masked
 * @param preview the first bytes of the payload, unmasked, at most {@value #PREVIEW_BYTES}
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out; equals goes by the bytes
public record ObservedFrame(
    SocketAddress remoteAddress,
    Kind kind,
    boolean fin,
    int reserved,
    long length,
    boolean masked,
    byte[] preview) {
  /** The kinds of frames (RFC 6455 §5.2). */
  public enum Kind {
    CONTINUATION,
    TEXT,
    BINARY,
    CLOSE,
    PING,
    PONG
  }

  /** How much of a payload is shown at most, in bytes. */
  public static final int PREVIEW_BYTES = 64;

  public ObservedFrame {
    preview = preview.clone();
  }

  /** A copy of the first bytes of the payload. */
  @Override
  public byte[] preview() {
    return preview.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ObservedFrame that
        && remoteAddress.equals(that.remoteAddress)
        && kind == that.kind
        && fin == that.fin
        && reserved == that.reserved
        && length == that.length
        && masked == that.masked
        && Arrays.equals(preview, that.preview);
  }

  @Override
  public int hashCode() {
    return 31 * kind.hashCode() + Arrays.hashCode(preview);
  }
}
