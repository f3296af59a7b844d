package dev.weir.protocol.connection;

import static dev.weir.protocol.close.ProtocolViolation.protocolError;

import dev.weir.protocol.close.CloseStatus;
import dev.weir.protocol.deflate.MessageInflater;
import dev.weir.protocol.frame.FrameHeader;
import dev.weir.protocol.frame.Mask;
import dev.weir.protocol.frame.Opcode;
import dev.weir.protocol.message.MessageAssembler;
import dev.weir.protocol.message.ShortMessages;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the peer's frames from bytes that are cut anywhere: messages and pongs go to the driver,
 * other control frames to the connection. Not thread-safe.
 *
 * <p>It is a connection's for as long as a frame or message has begun, and then another's.
 */
final class FrameReceiver {
  private static final byte[] EMPTY = {};

  // Whose it can be.
  private final Role role;
  private final Limits limits;
  private final boolean compressed;

  // What has come of a message.
  private final MessageAssembler assembler;
  private final MessageInflater.Sink inflated = new Inflated();
  private final ShortMessages shortMessages;

  // The frame that is being received.
  private final FrameHeader header;
  private boolean inHeader;
  private boolean inPayload;
  private long payloadTaken;
  private byte[] controlPayload = EMPTY;

  FrameReceiver(Role role, Limits limits, boolean compressed) {
    this.role = role;
    this.limits = limits;
    this.compressed = compressed;
    this.header = new FrameHeader(role == Role.SERVER, compressed ? FrameHeader.RSV1 : 0);
    this.assembler =
        new MessageAssembler(
            limits.maxFrameBytes(),
            limits.maxMessageBytes(),
            limits.maxFragments(),
            limits.fragmentOverhead());
    this.shortMessages =
        new ShortMessages(
            role == Role.SERVER, Math.min(limits.maxFrameBytes(), limits.maxMessageBytes()));
  }

  /** Whether it can be lent to such a connection. */
  boolean isFor(Role wanted, Limits bounds, boolean compresses) {
    return role == wanted && limits.equals(bounds) && compressed == compresses;
  }

  /** Whether nothing has begun to come, so that it may be given to another connection. */
  boolean isAtRest() {
    return !inHeader && !inPayload && !assembler.isMidMessage();
  }

  /**
   * Takes bytes of this connection for as long as it reads frames, which any event may end.
   *
   * @throws dev.weir.protocol.close.ProtocolViolation at the first byte that breaks a rule
   */
  void receive(ByteBuffer in, Connection connection) {
    while (connection.readsFrames() && (inPayload || in.hasRemaining())) {
      if (tookShortMessage(in, connection.events())) {
        continue;
      }
      if (!inPayload) {
        inHeader = true;
        if (!header.read(in)) {
          return;
        }
        inHeader = false;
        frameStarted();
      }
      if (!takePayload(in, connection)) {
        return;
      }
      inPayload = false;
      frameEnded(connection);
    }
  }

  private boolean tookShortMessage(ByteBuffer in, ConnectionEvents events) {
    if (!isAtRest() || assembler.isDiscarding()) {
      return false;
    }
    Opcode next = shortMessages.next(in);
    if (next == Opcode.BINARY) {
      events.binaryReceived(shortMessages.takeBinary(in));
    } else if (next == Opcode.TEXT) {
      events.textReceived(shortMessages.takeText(in));
    }
    return next != null;
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
  private boolean takePayload(ByteBuffer in, Connection connection) {
    int count = (int) Math.min(header.length() - payloadTaken, in.remaining());
    if (count > 0) {
      MessageInflater inflater = inflater(connection);
      int taken = (int) payloadTaken;
      if (header.opcode().isControl()) {
        in.get(controlPayload, taken, count);
        Mask.apply(controlPayload, taken, count, header.mask(), taken);
      } else if (inflater != null) {
        inflater.inflate(in, count, header.mask(), taken, inflated);
      } else {
        assembler.payload(in, count, header.mask(), taken);
      }
      payloadTaken += count;
    }
    return payloadTaken == header.length();
  }

  /** Where the next payload belongs, as {@link MessageAssembler#place} says. */
  @Nullable ByteBuffer place() {
    return inPayload && !header.opcode().isControl() ? assembler.place() : null;
  }

  /** What inflates the payload of the frame that has begun, or null if it is as it is. */
  private @Nullable MessageInflater inflater(Connection connection) {
    return !header.opcode().isControl() && assembler.isInflating() ? connection.inflater() : null;
  }

  private void frameEnded(Connection connection) {
    switch (header.opcode()) {
      case CONTINUATION, TEXT, BINARY -> {
        MessageInflater inflater = inflater(connection);
        if (header.fin() && inflater != null) {
          inflater.end(inflated);
        }
        if (assembler.frameEnded()) {
          deliver(connection.events());
        }
      }
      case PING -> connection.pingReceived(takeControlPayload());
      case PONG -> connection.events().pongReceived(takeControlPayload());
      case CLOSE -> connection.closeFrameReceived(CloseStatus.decode(takeControlPayload()));
    }
  }

  private byte[] takeControlPayload() {
    byte[] taken = controlPayload;
    controlPayload = EMPTY;
    return taken;
  }

  private void deliver(ConnectionEvents events) {
    if (assembler.isText()) {
      events.textReceived(assembler.takeText());
    } else {
      events.binaryReceived(assembler.takeBinary());
    }
  }

  /** What a peer is believed to send, as {@link MessageAssembler#longest} says. */
  int longest() {
    return assembler.longest();
  }

  void longest(int messageBytes) {
    assembler.longest(messageBytes);
  }

  /** Whether a message has begun to come and is not complete. */
  boolean isMidMessage() {
    return assembler.isMidMessage();
  }

  /** Throws away what has come of a message, and from here on all messages (H4, H6). */
  void discard() {
    assembler.discard();
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
