package dev.weir.protocol.connection;

import dev.weir.protocol.deflate.MessageDeflater;
import dev.weir.protocol.frame.FrameHeader;
import dev.weir.protocol.frame.Opcode;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A message that goes out in fragments, compressed segment by segment where it is compressed at
 * all, so that nothing but its payload is held while it waits. Not thread-safe.
 */
final class QueuedMessage {
  private final Opcode opcode;
  private byte[] payload;
  private final @Nullable Delivery delivery;
  private @Nullable MessageDeflater deflater;

  /** How much of the payload lies behind: framed, or compressed. */
  private int taken;

  private boolean begun;

  // Where the fragments come from: the payload itself, or a compressed segment.
  private byte[] source;
  private int sourceFrom;
  private int sourceTo;

  // The current fragment.
  private int rsv;
  private Opcode fragmentOpcode;
  private int offset;
  private int length;

  /**
   * A message to send.
   *
   * @param deflater what compresses it, or null if it is sent as it is
   */
  QueuedMessage(
      Opcode opcode,
      byte[] payload,
      @Nullable MessageDeflater deflater,
      @Nullable Delivery delivery) {
    this.opcode = opcode;
    this.payload = payload;
    this.delivery = delivery;
    this.deflater = deflater;
    this.source = payload;
    this.sourceTo = deflater == null ? payload.length : 0;
    this.fragmentOpcode = opcode;
  }

  @Nullable Delivery delivery() {
    return delivery;
  }

  /** Whether some of it is framed. */
  boolean isBegun() {
    return begun;
  }

  int payloadBytes() {
    return payload.length;
  }

  /** Goes on with a copy of the payload, which is somebody else's. */
  void copyPayload() {
    byte[] lent = payload;
    payload = lent.clone();
    if (source == lent) {
      source = payload;
    }
  }

  /**
   * Goes on to the next fragment, which must be framed at once.
   *
   * @return how much of the payload lies behind with it and did not before, in bytes
   */
  int advance(int fragmentSize) {
    int before = taken;
    rsv = 0;
    if (deflater != null && sourceFrom == sourceTo) {
      compress(deflater);
    }
    fragmentOpcode = begun ? Opcode.CONTINUATION : opcode;
    begun = true;
    offset = sourceFrom;
    length = Math.min(fragmentSize, sourceTo - sourceFrom);
    sourceFrom += length;
    if (deflater == null) {
      taken = sourceFrom;
    } else if (sourceFrom < sourceTo && source == deflater.output()) {
      // Others compress to the same place before the next fragment is framed.
      source = Arrays.copyOf(source, sourceTo);
    }
    return taken - before;
  }

  private void compress(MessageDeflater with) {
    int count = Math.min(MessageDeflater.SEGMENT_BYTES, payload.length - taken);
    if (count == payload.length) {
      if (!with.deflateWhole(payload)) {
        deflater = null;
        sourceTo = payload.length;
        return;
      }
    } else {
      with.deflate(payload, taken, count);
    }
    rsv = begun ? 0 : FrameHeader.RSV1;
    taken += count;
    source = with.output();
    sourceFrom = 0;
    sourceTo = with.outputBytes();
  }

  /** Whether the current fragment is the last. */
  boolean isLast() {
    return taken == payload.length && sourceFrom == sourceTo;
  }

  /** The current fragment's reserved bits. */
  int rsv() {
    return rsv;
  }

  /** The current fragment's opcode. */
  Opcode fragmentOpcode() {
    return fragmentOpcode;
  }

  /** Where the current fragment's payload is. */
  byte[] source() {
    return source;
  }

  /** The index of the current fragment's payload. */
  int offset() {
    return offset;
  }

  /** The bytes of the current fragment's payload. */
  int length() {
    return length;
  }
}
