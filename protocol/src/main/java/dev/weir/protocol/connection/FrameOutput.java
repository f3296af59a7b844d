package dev.weir.protocol.connection;

import dev.weir.protocol.close.ClosingHandshake;
import dev.weir.protocol.frame.FrameEncoder;
import dev.weir.protocol.frame.Mask;
import dev.weir.protocol.frame.Opcode;
import dev.weir.protocol.message.TextEncoder;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Lays whole frames into the transport's buffer, masked where this side is the client. Not
 * thread-safe.
 */
final class FrameOutput {
  /** The least payload that is worth a system call of its own rather than a copy. */
  private static final int LEAST_BEHIND = 32 * 1024;

  /** Null for a server, which masks nothing. */
  private final @Nullable MaskSource masks;

  private final ConnectionOutput output;
  private final ClosingHandshake closing;

  FrameOutput(Role role, MaskSource masks, ConnectionOutput output, ClosingHandshake closing) {
    this.masks = role == Role.CLIENT ? masks : null;
    this.output = output;
    this.closing = closing;
  }

  /** Which end this is. */
  Role role() {
    return masks == null ? Role.SERVER : Role.CLIENT;
  }

  ConnectionOutput output() {
    return output;
  }

  boolean isWritable() {
    return output.isWritable();
  }

  /** Writes one frame whose payload is a part of the array. */
  void write(boolean fin, Opcode opcode, byte[] payload, int offset, int length) {
    write(fin, 0, opcode, payload, offset, length);
  }

  /** Writes one frame with reserved bits, whose payload is a part of the array. */
  void write(boolean fin, int rsv, Opcode opcode, byte[] payload, int offset, int length) {
    int size = FrameEncoder.headerBytes(length, masks != null) + length;
    ByteBuffer room = output.reserve(size);
    if (masks != null) {
      int mask = masks.nextMask();
      FrameEncoder.putMaskedHeader(room, fin, rsv, opcode, length, mask);
      Mask.copy(payload, offset, length, room, mask);
    } else {
      FrameEncoder.putHeader(room, fin, rsv, opcode, length);
      if (length >= LEAST_BEHIND) {
        commitBehind(size - length, payload, offset, length, !fin);
        return;
      }
      room.put(payload, offset, length);
    }
    commit(size);
  }

  /** Lays down only what the transport does not take from the array itself. */
  private void commitBehind(int headerBytes, byte[] payload, int offset, int length, boolean more) {
    closing.committed();
    int taken = output.commit(headerBytes, payload, offset, length, more);
    if (taken < length) {
      output.reserve(length - taken).put(payload, offset + taken, length - taken);
      commit(length - taken);
    }
  }

  /**
   * Writes a text message as one frame, encoded where it goes.
   *
   * @param scratch what may be written over, at least as long as the text
   */
  void writeText(String text, int encodedLength, byte[] scratch) {
    int size = FrameEncoder.headerBytes(encodedLength, masks != null) + encodedLength;
    ByteBuffer room = output.reserve(size);
    if (masks != null) {
      int mask = masks.nextMask();
      FrameEncoder.putMaskedHeader(room, true, 0, Opcode.TEXT, encodedLength, mask);
      int start = room.position();
      TextEncoder.encode(text, encodedLength, scratch, room);
      Mask.apply(room, start, encodedLength, mask);
    } else {
      FrameEncoder.putHeader(room, true, 0, Opcode.TEXT, encodedLength);
      TextEncoder.encode(text, encodedLength, scratch, room);
    }
    commit(size);
  }

  private void commit(int size) {
    // Before the call: a transport that writes at once may report the flush from inside it.
    closing.committed();
    output.commit(size);
  }
}
