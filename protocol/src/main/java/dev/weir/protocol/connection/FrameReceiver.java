package dev.weir.protocol.connection;

import static dev.weir.protocol.close.ProtocolViolation.protocolError;

import dev.weir.protocol.close.CloseStatus;
import dev.weir.protocol.close.ClosingHandshake;
import dev.weir.protocol.deflate.MessageInflater;
import dev.weir.protocol.frame.FrameHeader;
import dev.weir.protocol.frame.Mask;
import dev.weir.protocol.frame.Opcode;
import dev.weir.protocol.message.MessageAssembler;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the peer's frames from bytes that are cut anywhere: messages and pongs go to the driver,
 * other control frames to the connection. Not thread-safe.
 */
final class FrameReceiver {
  /** The control frames that the connection has to do something about. */
  interface ControlFrames {
    void ping(byte[] payload);

    void close(CloseStatus status);
  }

  private static final byte[] EMPTY = {};

  private final ClosingHandshake closing;
  private final ConnectionEvents events;
  private final ControlFrames controlFrames;
  private final MessageAssembler assembler;

  // Compressed messages.
  private final @Nullable MessageInflater inflater;
  private final MessageInflater.Sink inflated = new Inflated();

  // The frame that is being received.
  private final FrameHeader header;
  private boolean inPayload;
  private boolean held;
  private long payloadTaken;
  private byte[] controlPayload = EMPTY;

  FrameReceiver(
      Role role,
      Limits limits,
      ClosingHandshake closing,
      @Nullable MessageInflater inflater,
      ConnectionEvents events,
      ControlFrames controlFrames) {
    this.closing = closing;
    this.events = events;
    this.controlFrames = controlFrames;
    this.inflater = inflater;
    this.header = new FrameHeader(role == Role.SERVER, inflater == null ? 0 : FrameHeader.RSV1);
    this.assembler =
        new MessageAssembler(
            limits.maxFrameBytes(),
            limits.maxMessageBytes(),
            limits.maxFragments(),
            limits.fragmentOverhead());
  }

  /**
   * Takes bytes for as long as frames are read at all, and not held, which any event may end.
   *
   * @throws dev.weir.protocol.close.ProtocolViolation at the first byte that breaks a rule
   */
  void receive(ByteBuffer in) {
    while (closing.readsFrames() && !held && (inPayload || in.hasRemaining())) {
      if (!inPayload) {
        if (!header.read(in)) {
          return;
        }
        frameStarted();
      }
      if (!takePayload(in)) {
        return;
      }
      inPayload = false;
      frameEnded();
    }
  }

  /** Leaves what follows the current frame in its buffer, or no longer. */
  void hold(boolean hold) {
    held = hold;
  }

  boolean isHeld() {
    return held;
  }

  private void frameStarted() {
    inPayload = true;
    payloadTaken = 0;
    if (header.opcode().isControl()) {
      controlPayload = header.length() == 0 ? EMPTY : new byte[(int) header.length()];
    } else {
      // RFC 7692 §6.1: the bit is the message's, and stands on its first frame.
      if (header.opcode() == Opcode.CONTINUATION && header.rsv() != 0) {
        throw protocolError("no reserved bits in a continuation frame", "RSV1");
      }
      assembler.frameStarted(header);
    }
  }

  /** Takes what there is of the frame's payload; whether the frame is complete. */
  private boolean takePayload(ByteBuffer in) {
    int count = (int) Math.min(header.length() - payloadTaken, in.remaining());
    if (count > 0) {
      int taken = (int) payloadTaken;
      if (header.opcode().isControl()) {
        in.get(controlPayload, taken, count);
        Mask.apply(controlPayload, taken, count, header.mask(), taken);
      } else if (inflater != null && assembler.isInflating()) {
        inflater.inflate(in, count, header.mask(), taken, inflated);
      } else {
        assembler.payload(in, count, header.mask(), taken);
      }
      payloadTaken += count;
    }
    return payloadTaken == header.length();
  }

  private void frameEnded() {
    switch (header.opcode()) {
      case CONTINUATION, TEXT, BINARY -> {
        if (header.fin() && inflater != null && assembler.isInflating()) {
          inflater.end(inflated);
        }
        if (assembler.frameEnded()) {
          deliver();
        }
      }
      case PING -> controlFrames.ping(controlPayload);
      case PONG -> events.pongReceived(controlPayload);
      case CLOSE -> controlFrames.close(CloseStatus.decode(controlPayload));
    }
  }

  private void deliver() {
    if (assembler.isText()) {
      events.textReceived(assembler.takeText());
    } else {
      events.binaryReceived(assembler.takeBinary());
    }
  }

  /** Whether a message has begun to come and is not complete. */
  boolean isMidMessage() {
    return assembler.isMidMessage();
  }

  /** Throws away what has come of a message, and from here on all messages (H4, H6). */
  void discard() {
    assembler.discard();
    if (inflater != null) {
      inflater.release();
    }
  }

  private final class Inflated implements MessageInflater.Sink {
    @Override
    public int room() {
      return assembler.room();
    }

    @Override
    public void accept(byte[] bytes, int from, int count) {
      assembler.inflated(bytes, from, count);
    }
  }
}
