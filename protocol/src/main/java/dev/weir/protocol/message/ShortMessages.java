package dev.weir.protocol.message;

import dev.weir.protocol.frame.Mask;
import dev.weir.protocol.frame.Opcode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Takes short messages that lie whole in a buffer, each in one frame: where very many come, nearly
 * all do. Not thread-safe.
 *
 * <p>What such a message looks like takes two bytes to see, and nothing need be remembered of it,
 * which is most of what a small message costs otherwise. Whatever looks different, be it for being
 * wrong, is left to who reads frames in general.
 */
public final class ShortMessages {
  /** FIN, no reserved bits, and the opcode. */
  private static final int WHOLE_TEXT = 0x81;

  private static final int WHOLE_BINARY = 0x82;
  private static final int MASKED = 0x80;

  /** The most bytes of payload whose length stands in the second byte. */
  private static final int MOST_BYTES = 125;

  private final int maskBit;
  private final int headerBytes;
  private final int mostBytes;
  private final Utf8Validator utf8 = new Utf8Validator();
  private final byte[] text = new byte[MOST_BYTES];

  /**
   * A reader of short messages.
   *
   * @param masked whether the peer's frames are masked
   * @param maxBytes the most payload of one frame and of one message
   */
  public ShortMessages(boolean masked, int maxBytes) {
    this.maskBit = masked ? MASKED : 0;
    this.headerBytes = masked ? 2 + Integer.BYTES : 2;
    this.mostBytes = Math.min(MOST_BYTES, maxBytes);
  }

  /**
   * Looks what comes next, where a frame begins and no message has begun.
   *
   * @return whether it is a text or a binary message to be taken; null if it is none, or not all of
   *     it is there, or it is not short
   */
  public @Nullable Opcode next(ByteBuffer in) {
    int at = in.position();
    int there = in.limit() - at;
    if (there < headerBytes) {
      return null;
    }
    int length = lengthAt(in, at);
    if (length > mostBytes || headerBytes + length > there) {
      return null;
    }
    return switch (in.get(at) & 0xff) {
      case WHOLE_BINARY -> Opcode.BINARY;
      case WHOLE_TEXT -> Opcode.TEXT;
      default -> null;
    };
  }

  /** The length, or more than any if it is not in one byte or masking is not as it should be. */
  private int lengthAt(ByteBuffer in, int frame) {
    return (in.get(frame + 1) & 0xff) ^ maskBit;
  }

  /** Takes the binary message that comes next, in an array that nobody else has. */
  public byte[] takeBinary(ByteBuffer in) {
    byte[] payload = new byte[lengthAt(in, in.position())];
    takePayload(in, payload, payload.length);
    return payload;
  }

  /**
   * Takes the text message that comes next.
   *
   * @throws dev.weir.protocol.close.ProtocolViolation with 1007 if it is not UTF-8
   */
  public String takeText(ByteBuffer in) {
    int length = lengthAt(in, in.position());
    takePayload(in, text, length);
    utf8.reset();
    utf8.accept(text, 0, length);
    utf8.end();
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }

  private void takePayload(ByteBuffer in, byte[] to, int length) {
    int payload = in.position() + headerBytes;
    in.get(payload, to, 0, length);
    if (maskBit != 0) {
      Mask.apply(to, 0, length, bigEndianInt(in, payload - Integer.BYTES), 0);
    }
    in.position(payload + length);
  }

  private static int bigEndianInt(ByteBuffer in, int at) {
    int bits = in.getInt(at);
    return in.order() == ByteOrder.BIG_ENDIAN ? bits : Integer.reverseBytes(bits);
  }
}
