package dev.weir.protocol.message;

import static dev.weir.protocol.close.ProtocolViolation.protocolError;
import static dev.weir.protocol.close.ProtocolViolation.tooBig;

import dev.weir.protocol.frame.FrameHeader;
import dev.weir.protocol.frame.Mask;
import dev.weir.protocol.frame.Opcode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts the data frames of a connection together to messages (RFC 6455 §5.4). Not thread-safe.
 *
 * <p>It takes no more memory than twice the bytes that have arrived of a message, or 512 bytes, or
 * as many as the longest message of the same connection that did arrive: who has sent so much
 * before is believed what a header promises.
 *
 * <p>The frames' own rules are behind it: it is given headers that were read and payload as it
 * comes, and checks what concerns messages, which is their order, their limits and their UTF-8.
 */
public final class MessageAssembler {
  private static final byte[] EMPTY = {};

  /** The least room that is made: small enough to be no weapon. */
  private static final int LEAST_BYTES = 512;

  /** Room for text that is kept from message to message, so that small ones need none. */
  private static final int KEPT_BYTES = 16_384;

  /** The least that is worth to be received in a step of its own. */
  private static final int LEAST_PLACE_BYTES = 32 * 1024;

  /** Compressed messages may be longer than the limit by a 64th, and by this. */
  private static final long COMPRESSED_OVERHEAD = 64;

  private static final int COMPRESSED_GROWTH_BITS = 6;

  private final int maxFrameBytes;
  private final int maxMessageBytes;
  private final int maxFragments;
  private final int fragmentOverhead;
  private final Utf8Validator utf8 = new Utf8Validator();

  // The message that has begun. Continuations are checked also where payload is discarded.
  private boolean begun;
  private boolean isText;
  private boolean compressed;
  private int fragments;
  private long charged;
  private long arrived;

  // The frame that has begun.
  private boolean ends;
  private long frameBytesMissing;

  // What has arrived of the message.
  private boolean discarding;
  private byte[] bytes = EMPTY;
  private int length;
  private int longest;
  private String text = "";
  private @Nullable ByteChunks inflated;

  /**
   * An assembler with these limits.
   *
   * @param maxFrameBytes the most payload of one data frame
   * @param maxMessageBytes the most payload of one message
   * @param maxFragments the most fragments of one message
   * @param fragmentOverhead the least that each fragment of a message in several counts for against
   *     {@code maxMessageBytes}, however short it is (P5)
   */
  public MessageAssembler(
      int maxFrameBytes, int maxMessageBytes, int maxFragments, int fragmentOverhead) {
    this.maxFrameBytes = maxFrameBytes;
    this.maxMessageBytes = maxMessageBytes;
    this.maxFragments = maxFragments;
    this.fragmentOverhead = fragmentOverhead;
  }

  /**
   * A data frame has begun.
   *
   * @throws dev.weir.protocol.close.ProtocolViolation with 1002 if it is out of order, with 1009 if
   *     it breaks a limit
   */
  public void frameStarted(FrameHeader header) {
    boolean continues = header.opcode() == Opcode.CONTINUATION;
    if (continues && !begun) {
      throw protocolError("a text or binary frame to begin a message", "a continuation frame");
    }
    if (!continues && begun) {
      throw protocolError(
          "a continuation frame of the message that has begun",
          "a frame of opcode " + header.opcode());
    }
    if (!continues) {
      begun = true;
      isText = header.opcode() == Opcode.TEXT;
      compressed = (header.rsv() & FrameHeader.RSV1) != 0;
      fragments = 0;
      charged = 0;
      arrived = 0;
      length = 0;
      utf8.reset();
    }
    ends = header.fin();
    frameBytesMissing = header.length();
    if (!discarding) {
      checkLimits();
      arrived += frameBytesMissing;
      if (compressed && inflated == null) {
        inflated = new ByteChunks();
      }
    }
  }

  private void checkLimits() {
    fragments++;
    long frameLimit = allowed(maxFrameBytes);
    if (frameBytesMissing > frameLimit) {
      throw tooBig("a frame of at most " + frameLimit + " bytes", frameBytesMissing + " bytes");
    }
    long messageLimit = allowed(maxMessageBytes);
    boolean whole = ends && fragments == 1;
    charged += whole ? frameBytesMissing : Math.max(frameBytesMissing, fragmentOverhead);
    long payload = arrived + frameBytesMissing;
    if (charged > messageLimit) {
      throw tooBig(
          "a message of at most " + messageLimit + (compressed ? " compressed bytes" : " bytes"),
          payload > messageLimit || whole
              ? payload + " bytes"
              : payload
                  + " bytes in "
                  + fragments
                  + " fragments, counted as "
                  + charged
                  + " since each counts for at least "
                  + fragmentOverhead);
    }
    if (fragments > maxFragments) {
      throw tooBig("a message of at most " + maxFragments + " fragments", fragments + " or more");
    }
  }

  /**
   * What a limit allows of bytes as they came: where DEFLATE can do nothing its blocks make a
   * message of the limit a little longer than that.
   */
  private long allowed(int limit) {
    return compressed ? limit + (limit >> COMPRESSED_GROWTH_BITS) + COMPRESSED_OVERHEAD : limit;
  }

  /** Whether the message that has begun is compressed, and wanted. */
  public boolean isInflating() {
    return compressed && !discarding;
  }

  /** How many inflated bytes more would be too many: from 1 on. */
  public int room() {
    return maxMessageBytes - length + 1;
  }

  /**
   * Takes bytes that were inflated from the payload of the message that has begun.
   *
   * @throws dev.weir.protocol.close.ProtocolViolation with 1009 if the message is too long with
   *     them, with 1007 where text is not UTF-8
   */
  public void inflated(byte[] source, int from, int count) {
    if (count >= room()) {
      throw tooBig(
          "a message of at most " + maxMessageBytes + " bytes",
          "more, inflated from " + arrived + " bytes or fewer");
    }
    if (isText) {
      utf8.accept(source, from, count);
    }
    if (inflated == null) {
      throw new IllegalStateException("expected a compressed message but it is not compressed");
    }
    inflated.add(source, from, count);
    length += count;
  }

  /**
   * Takes the next payload of the frame that has begun, of a message that is not compressed.
   *
   * @param in where the payload stands, masked as it came; may be unmasked in place
   * @param count how many bytes to take: at most what remains of the frame and of the buffer
   * @param mask the frame's masking key, 0 for none
   * @param phase how many bytes of the frame were taken before, of which two bits count
   * @throws dev.weir.protocol.close.ProtocolViolation with 1007 where text is not UTF-8
   */
  public void payload(ByteBuffer in, int count, int mask, int phase) {
    boolean whole = ends && length == 0 && frameBytesMissing == count;
    if (discarding) {
      in.position(in.position() + count);
    } else if (whole && isText && in.hasArray()) {
      wholeText(in, count, mask, phase);
    } else {
      append(in, count, mask, phase, whole);
    }
    frameBytesMissing -= count;
  }

  /** A text in one buffer becomes a string without a copy between. */
  private void wholeText(ByteBuffer in, int count, int mask, int phase) {
    byte[] array = in.array();
    int from = in.arrayOffset() + in.position();
    in.position(in.position() + count);
    if (mask != 0) {
      Mask.apply(array, from, count, mask, phase);
    }
    utf8.accept(array, from, count);
    utf8.end();
    text = new String(array, from, count, StandardCharsets.UTF_8);
  }

  private void append(ByteBuffer in, int count, int mask, int phase, boolean whole) {
    if (isInPlace(in)) {
      in.position(in.position() + count);
      Mask.apply(bytes, length, count, mask, phase);
    } else {
      if (whole && !isText) {
        bytes = new byte[count];
      } else {
        reserve(count);
      }
      Mask.copy(in, bytes, length, count, mask, phase);
    }
    if (isText) {
      utf8.accept(bytes, length, count);
    }
    length += count;
  }

  /**
   * Where the next payload of the frame that has begun belongs, so that it can be received there
   * and given to {@link #payload} without a copy; null unless there is much of it.
   *
   * @return a buffer over the message itself, no longer than what remains of the frame
   */
  public @Nullable ByteBuffer place() {
    if (!begun || discarding || compressed || frameBytesMissing < LEAST_PLACE_BYTES) {
      return null;
    }
    reserve(1);
    int room = (int) Math.min(bytes.length - length, frameBytesMissing);
    return room < LEAST_PLACE_BYTES ? null : ByteBuffer.wrap(bytes, length, room);
  }

  private boolean isInPlace(ByteBuffer in) {
    return in.hasArray() && in.array() == bytes && in.arrayOffset() + in.position() == length;
  }

  /**
   * Makes room for bytes that have arrived. It doubles, so that memory follows what has arrived and
   * not what a header promises. Where the message ends with the frame it is never beyond the
   * promise, so that the last step fits exactly; before that every frame would fit, and the next
   * copy again.
   */
  private void reserve(int count) {
    int needed = length + count;
    if (needed <= bytes.length) {
      return;
    }
    long least = Math.max(LEAST_BYTES, longest);
    long room = Math.max(needed, Math.max(least, 2L * bytes.length));
    long most = ends ? length + frameBytesMissing : Math.max(needed, maxMessageBytes);
    bytes = Arrays.copyOf(bytes, (int) Math.min(room, Math.max(most, LEAST_BYTES)));
  }

  /**
   * The frame that has begun is complete.
   *
   * @return whether a message is complete with it, to be taken now
   * @throws dev.weir.protocol.close.ProtocolViolation with 1007 if text ends inside a character
   */
  public boolean frameEnded() {
    if (!ends) {
      return false;
    }
    begun = false;
    if (discarding) {
      return false;
    }
    longest = Math.max(longest, length);
    if (isText) {
      utf8.end();
    }
    return true;
  }

  /** The bytes of the longest message that the connection has received whole. */
  public int longest() {
    return longest;
  }

  /** Begins to serve a connection that has received such a message before; 0 for a new one. */
  public void longest(int messageBytes) {
    longest = messageBytes;
  }

  /** Whether a message has begun and is not complete. */
  public boolean isMidMessage() {
    return begun;
  }

  /** Whether the message that is complete, or has begun, is text. */
  public boolean isText() {
    return isText;
  }

  /** The text message that is complete. */
  public String takeText() {
    if (inflated != null) {
      String all = inflated.toText();
      forgetInflated();
      return all;
    }
    String taken = length == 0 ? text : new String(bytes, 0, length, StandardCharsets.UTF_8);
    text = "";
    if (bytes.length > KEPT_BYTES) {
      bytes = EMPTY;
    }
    length = 0;
    return taken;
  }

  /** The payload of the binary message that is complete, in an array that nobody else has. */
  public byte[] takeBinary() {
    if (inflated != null) {
      byte[] all = inflated.toArray();
      forgetInflated();
      return all;
    }
    byte[] taken = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    if (taken == bytes || bytes.length > KEPT_BYTES) {
      bytes = EMPTY;
    }
    length = 0;
    return taken;
  }

  private void forgetInflated() {
    inflated = null;
    length = 0;
  }

  /** Whether all payload is thrown away. */
  public boolean isDiscarding() {
    return discarding;
  }

  /** Throws away what has arrived, and from here on all payload (H4, H6). */
  public void discard() {
    discarding = true;
    inflated = null;
    bytes = EMPTY;
    length = 0;
    text = "";
  }
}
