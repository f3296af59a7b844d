package dev.weir.protocol.frame;

import static dev.weir.protocol.close.ProtocolViolation.protocolError;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The header of the frame that is being received, read from as few bytes at a time as come, and
 * checked byte by byte (RFC 6455 §5.2). Not thread-safe; one object serves all frames of a
 * connection.
 */
public final class FrameHeader {
  /** The most bytes that a control frame's payload may have (RFC 6455 §5.5). */
  public static final int MAX_CONTROL_BYTES = 125;

  /** The first reserved bit, which marks a compressed message (RFC 7692 §6). */
  public static final int RSV1 = 0x40;

  private static final int RSV_BITS = 0x70;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;

  private enum Next {
    FLAGS,
    SHORT_LENGTH,
    LONG_LENGTH,
    MASK
  }

  private final boolean masked;
  private final int allowedRsv;

  private Next next = Next.FLAGS;
  private int bytesMissing;

  // The header itself.
  private Opcode opcode = Opcode.CONTINUATION;
  private boolean fin;
  private int rsv;
  private int lengthField;
  private long length;
  private int mask;

  /**
   * A reader of headers.
   *
   * @param masked whether the peer's frames must be masked: those of a client; those of a server
   *     must not be (RFC 6455 §5.1)
   * @param allowedRsv the reserved bits that an extension has given a meaning, as they stand in the
   *     first byte ({@link #RSV1}); 0 without extensions
   */
  public FrameHeader(boolean masked, int allowedRsv) {
    this.masked = masked;
    this.allowedRsv = allowedRsv & RSV_BITS;
  }

  /**
   * Takes bytes of the header, never one beyond it.
   *
   * @return whether the header is complete; the next call then begins the next one
   * @throws dev.weir.protocol.close.ProtocolViolation at the first byte that breaks a rule
   */
  public boolean read(ByteBuffer in) {
    boolean whole = next == Next.FLAGS && in.remaining() >= FrameEncoder.MAX_HEADER_BYTES;
    return whole ? readWhole(in) : readPart(in);
  }

  /** Most headers lie whole in the buffer: they are taken without a step for each byte. */
  private boolean readWhole(ByteBuffer in) {
    int at = in.position();
    readFlags(in.get(at++) & 0xff);
    readShortLength(in.get(at++) & 0xff);
    for (; bytesMissing > 0; at++) {
      readLongLength(in.get(at) & 0xff);
    }
    if (masked) {
      mask = bigEndianInt(in, at);
      at += Integer.BYTES;
    }
    next = Next.FLAGS;
    in.position(at);
    return true;
  }

  private static int bigEndianInt(ByteBuffer in, int at) {
    int bits = in.getInt(at);
    return in.order() == ByteOrder.BIG_ENDIAN ? bits : Integer.reverseBytes(bits);
  }

  private boolean readPart(ByteBuffer in) {
    while (in.hasRemaining()) {
      int b = in.get() & 0xff;
      switch (next) {
        case FLAGS -> readFlags(b);
        case SHORT_LENGTH -> {
          readShortLength(b);
          if (bytesMissing == 0 && headerEndsAfterLength()) {
            return true;
          }
        }
        case LONG_LENGTH -> {
          readLongLength(b);
          if (bytesMissing == 0 && headerEndsAfterLength()) {
            return true;
          }
        }
        case MASK -> {
          mask = mask << 8 | b;
          if (--bytesMissing == 0) {
            next = Next.FLAGS;
            return true;
          }
        }
      }
    }
    return false;
  }

  private void readFlags(int b) {
    fin = (b & 0x80) != 0;
    rsv = b & RSV_BITS;
    if ((rsv & ~allowedRsv) != 0) {
      throw protocolError("reserved bits that were negotiated", hex("bits", rsv));
    }
    Opcode known = Opcode.of(b);
    if (known == null) {
      throw protocolError("opcode 0, 1, 2, 8, 9 or 10", "reserved opcode " + (b & 0xf));
    }
    opcode = known;
    if (opcode.isControl() && !fin) {
      throw protocolError("a control frame in one piece", "a fragment of opcode " + opcode);
    }
    if (opcode.isControl() && rsv != 0) {
      throw protocolError("no reserved bits in a control frame", hex("bits", rsv));
    }
    next = Next.SHORT_LENGTH;
  }

  private void readShortLength(int b) {
    if ((b & 0x80) != 0 != masked) {
      throw masked
          ? protocolError("a masked frame from the client", "an unmasked one")
          : protocolError("an unmasked frame from the server", "a masked one");
    }
    lengthField = b & 0x7f;
    if (opcode.isControl() && lengthField > MAX_CONTROL_BYTES) {
      throw protocolError(
          "at most 125 bytes in a control frame", "length field " + lengthField + " in " + opcode);
    }
    length = lengthField;
    if (lengthField >= LENGTH_16) {
      length = 0;
      bytesMissing = lengthField == LENGTH_16 ? Short.BYTES : Long.BYTES;
      next = Next.LONG_LENGTH;
    }
  }

  private void readLongLength(int b) {
    if (bytesMissing == Long.BYTES && b >= 0x80) {
      throw protocolError("a payload length of at most 63 bits", "one with the highest bit set");
    }
    length = length << 8 | b;
    bytesMissing--;
    if (bytesMissing > 0) {
      return;
    }
    long least = lengthField == LENGTH_64 ? 0x1_0000 : LENGTH_16;
    if (length < least) {
      throw protocolError(
          "the shortest encoding of the payload length",
          length + " in " + (lengthField == LENGTH_64 ? 64 : 16) + " bits");
    }
  }

  private boolean headerEndsAfterLength() {
    if (masked) {
      mask = 0;
      bytesMissing = Integer.BYTES;
      next = Next.MASK;
      return false;
    }
    next = Next.FLAGS;
    return true;
  }

  private static String hex(String what, int bits) {
    return what + " 0x" + Integer.toHexString(bits);
  }

  /** The kind of the frame. */
  public Opcode opcode() {
    return opcode;
  }

  /** Whether this frame ends its message. */
  public boolean fin() {
    return fin;
  }

  /** The reserved bits as they stand in the first byte: 0x40 is RSV1. */
  public int rsv() {
    return rsv;
  }

  /** The bytes of payload, from 0 to 2<sup>63</sup>-1. */
  public long length() {
    return length;
  }

  /** The masking key, its first byte on the wire being the highest; 0 for an unmasked frame. */
  public int mask() {
    return mask;
  }
}
