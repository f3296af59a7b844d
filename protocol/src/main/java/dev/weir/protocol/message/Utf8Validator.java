package dev.weir.protocol.message;

import dev.weir.protocol.close.ProtocolViolation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks that a message is UTF-8 while it arrives, and fails at the very byte that makes it
 * something else (RFC 6455 §8.1; the well-formed sequences of Unicode's table 3-7). Not
 * thread-safe; one object serves all messages of a connection.
 */
final class Utf8Validator {
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long NOT_ASCII = 0x8080_8080_8080_8080L;
  private static final int CONTINUATION_LOW = 0x80;
  private static final int CONTINUATION_HIGH = 0xbf;

  private long offset;
  private int missing;

  // What the next continuation byte may be: narrower than 80..bf behind e0, ed, f0 and f4.
  private int low = CONTINUATION_LOW;
  private int high = CONTINUATION_HIGH;

  /** Begins a new message. */
  void reset() {
    offset = 0;
    missing = 0;
    low = CONTINUATION_LOW;
    high = CONTINUATION_HIGH;
  }

  /**
   * Checks the next bytes of the message.
   *
   * @throws ProtocolViolation with 1007 at the first byte that no UTF-8 text has there
   */
  void accept(byte[] bytes, int from, int length) {
    int end = from + length;
    int i = from;
    while (i < end) {
      if (missing == 0) {
        i = skipAscii(bytes, i, end);
        if (i == end) {
          break;
        }
        if (!lead(bytes[i] & 0xff)) {
          throw invalid(bytes[i], offset + (i - from));
        }
      } else {
        int b = bytes[i] & 0xff;
        if (b < low || b > high) {
          throw invalid(bytes[i], offset + (i - from));
        }
        low = CONTINUATION_LOW;
        high = CONTINUATION_HIGH;
        missing--;
      }
      i++;
    }
    offset += length;
  }

  /**
   * Ends the message.
   *
   * @throws ProtocolViolation with 1007 if it ends inside a character
   */
  void end() {
    if (missing != 0) {
      throw ProtocolViolation.invalidPayload(
          "UTF-8", "a message that ends at byte " + offset + ", inside a character");
    }
  }

  private static int skipAscii(byte[] bytes, int from, int end) {
    int i = from;
    while (i <= end - Long.BYTES && ((long) WORD.get(bytes, i) & NOT_ASCII) == 0) {
      i += Long.BYTES;
    }
    while (i < end && bytes[i] >= 0) {
      i++;
    }
    return i;
  }

  /** Takes the first byte of a character of several; false if it cannot be one. */
  private boolean lead(int b) {
    if (b < 0xc2 || b > 0xf4) {
      return false;
    }
    if (b < 0xe0) {
      missing = 1;
    } else if (b < 0xf0) {
      missing = 2;
      if (b == 0xe0) {
        low = 0xa0; // below: an overlong form
      } else if (b == 0xed) {
        high = 0x9f; // above: a surrogate
      }
    } else {
      missing = 3;
      if (b == 0xf0) {
        low = 0x90; // below: an overlong form
      } else if (b == 0xf4) {
        high = 0x8f; // above: beyond U+10FFFF
      }
    }
    return true;
  }

  private static ProtocolViolation invalid(byte b, long at) {
    return ProtocolViolation.invalidPayload(
        "UTF-8",
        "byte 0x" + Integer.toHexString(b & 0xff) + " at offset " + at + " of the message");
  }
}
