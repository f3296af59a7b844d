package dev.weir.protocol.connection;

import dev.weir.protocol.deflate.Compression;
import dev.weir.protocol.deflate.MessageDeflater;
import dev.weir.protocol.frame.FrameHeader;
import dev.weir.protocol.frame.Opcode;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be framed: control frames, which go first, and messages, which go in fragments so
 * that control frames get between them (B1). Not thread-safe.
 */
final class SendQueue {
  private static final class ControlFrame {
    private final Opcode opcode;
    private final byte[] payload;

    private ControlFrame(Opcode opcode, byte[] payload) {
      this.opcode = opcode;
      this.payload = payload;
    }
  }

  /** What waits. */
  private static final class Waiting {
    private final ArrayDeque<ControlFrame> controls = new ArrayDeque<>(1);
    private final ArrayDeque<QueuedMessage> messages = new ArrayDeque<>(1);

    /** Payload of the messages that is not framed yet. */
    private long bytes;

    private boolean isEmpty() {
      return controls.isEmpty() && messages.isEmpty();
    }
  }

  private final FrameOutput output;
  private final @Nullable Compression compression;
  private final Limits limits;

  /** Null while nothing waits, as with a connection that is idle, or whose output keeps up. */
  private @Nullable Waiting waiting;

  private boolean pumping;

  SendQueue(FrameOutput output, Limits limits, @Nullable Compression compression) {
    this.output = output;
    this.compression = compression;
    this.limits = limits;
  }

  /** Whether anything waits, a message begun included. */
  boolean isWaiting() {
    return waiting != null;
  }

  Limits limits() {
    return limits;
  }

  /** Payload of messages that waits, in bytes. */
  long queuedBytes() {
    return waiting == null ? 0 : waiting.bytes;
  }

  /** Whether a message of this size would be framed at once, with nothing before it. */
  boolean isDirect(int bytes) {
    return bytes <= limits.fragmentSize() && !pumping && !isWaiting() && output.isWritable();
  }

  /** Whether a message of this size is compressed if it may be. */
  boolean compresses(int bytes) {
    return compression != null && compression.isWorthwhile(bytes);
  }

  private @Nullable MessageDeflater deflaterFor(int bytes) {
    return compression != null && compression.isWorthwhile(bytes) ? compression.deflater() : null;
  }

  /** Takes a message; some or all of it may be framed before this returns. */
  void message(Opcode opcode, byte[] payload, boolean compress, @Nullable Delivery delivery) {
    MessageDeflater deflater = compress ? deflaterFor(payload.length) : null;
    if (deflater == null && isDirect(payload.length)) {
      output.write(true, opcode, payload, 0, payload.length);
      handOver(delivery);
      return;
    }
    enqueue(new QueuedMessage(opcode, payload, deflater, delivery));
  }

  /** Takes a message that others get too, whose compressed form is shared where it can be. */
  void shared(SharedMessage message, @Nullable Delivery delivery) {
    byte[] payload = message.payload();
    boolean compress = message.isCompressible();
    Compression own = compression;
    if (own == null
        || !compress
        || !own.isWorthwhile(payload.length)
        || own.sendTakesOver()
        || payload.length > MessageDeflater.SEGMENT_BYTES
        || !isDirect(payload.length)) {
      message(message.opcode(), payload, compress, delivery);
      return;
    }
    byte[] compressed = message.compressed(own);
    if (compressed == null) {
      output.write(true, message.opcode(), payload, 0, payload.length);
    } else {
      output.write(true, FrameHeader.RSV1, message.opcode(), compressed, 0, compressed.length);
    }
    handOver(delivery);
  }

  /** Takes a message whose payload belongs to the caller again when this returns. */
  void lentMessage(Opcode opcode, byte[] payload, boolean compress, @Nullable Delivery delivery) {
    MessageDeflater deflater = compress ? deflaterFor(payload.length) : null;
    if (deflater == null && isDirect(payload.length)) {
      message(opcode, payload, false, delivery);
      return;
    }
    var message = new QueuedMessage(opcode, payload, deflater, delivery);
    enqueue(message);
    if (!message.isLast()) {
      message.copyPayload();
    }
  }

  private void enqueue(QueuedMessage message) {
    Waiting others = waiting();
    others.messages.add(message);
    others.bytes += message.payloadBytes();
    pump();
  }

  private Waiting waiting() {
    Waiting begun = waiting;
    if (begun == null) {
      begun = new Waiting();
      waiting = begun;
    }
    return begun;
  }

  /** Some of it waits no more. */
  private void removed(Waiting from) {
    if (from.isEmpty()) {
      waiting = null;
    }
  }

  /** Frames a message, only if {@link #isDirect} its length. */
  void direct(Opcode opcode, byte[] source, int offset, int length) {
    output.write(true, opcode, source, offset, length);
  }

  /**
   * Frames a short text where it goes; only if {@link #isDirect} its encoded length.
   *
   * @param scratch what may be written over, at least as long as the text
   */
  void directText(String text, int encodedLength, byte[] scratch, @Nullable Delivery delivery) {
    output.writeText(text, encodedLength, scratch);
    handOver(delivery);
  }

  /** Takes a ping or pong, which goes ahead of all messages. */
  void control(Opcode opcode, byte[] payload) {
    if ((waiting == null || waiting.controls.isEmpty()) && output.isWritable()) {
      output.write(true, opcode, payload, 0, payload.length);
      return;
    }
    ArrayDeque<ControlFrame> controls = waiting().controls;
    dropOldest(controls, opcode);
    controls.add(new ControlFrame(opcode, payload.clone()));
    pump();
  }

  private void dropOldest(ArrayDeque<ControlFrame> controls, Opcode opcode) {
    int most = limits.pendingPongs();
    if (controls.size() < most) {
      return;
    }
    int same = 0;
    for (ControlFrame frame : controls) {
      if (frame.opcode == opcode) {
        same++;
      }
    }
    Iterator<ControlFrame> frames = controls.iterator();
    while (same >= most) {
      if (frames.next().opcode == opcode) {
        frames.remove();
        same--;
      }
    }
  }

  /** Takes back the message of this delivery, if it waits and has not begun. */
  boolean withdraw(Delivery delivery) {
    Waiting present = waiting;
    if (present == null) {
      return false;
    }
    Iterator<QueuedMessage> messages = present.messages.iterator();
    while (messages.hasNext()) {
      QueuedMessage message = messages.next();
      if (message.delivery() == delivery) {
        if (message.isBegun()) {
          return false;
        }
        messages.remove();
        present.bytes -= message.payloadBytes();
        removed(present);
        return true;
      }
    }
    return false;
  }

  /** Frames what waits for as long as the output takes it. */
  void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      for (Waiting next = waiting; next != null && output.isWritable(); next = waiting) {
        ControlFrame control = next.controls.poll();
        if (control != null) {
          removed(next);
          output.write(true, control.opcode, control.payload, 0, control.payload.length);
        } else {
          writeFragment(next, next.messages.element());
        }
      }
    } finally {
      pumping = false;
    }
  }

  private void writeFragment(Waiting from, QueuedMessage message) {
    // The books are closed first: the transport may end the connection from inside the write.
    from.bytes -= message.advance(limits.fragmentSize());
    boolean last = message.isLast();
    if (last) {
      from.messages.remove();
      removed(from);
    }
    output.write(
        last,
        message.rsv(),
        message.fragmentOpcode(),
        message.source(),
        message.offset(),
        message.length());
    Delivery delivery = message.delivery();
    if (last && delivery != null) {
      delivery.handedOver();
    }
  }

  /** Reports a delivery made at once; what its receiver sends in return is queued, not nested. */
  private void handOver(@Nullable Delivery delivery) {
    if (delivery == null) {
      return;
    }
    pumping = true;
    try {
      delivery.handedOver();
    } finally {
      pumping = false;
    }
    pump();
  }

  /**
   * Throws all away.
   *
   * @return whether a message was among it
   */
  boolean drop() {
    Waiting dropped = waiting;
    waiting = null;
    if (dropped == null) {
      return false;
    }
    for (QueuedMessage message : dropped.messages) {
      Delivery delivery = message.delivery();
      if (delivery != null) {
        delivery.dropped();
      }
    }
    return !dropped.messages.isEmpty();
  }
}
