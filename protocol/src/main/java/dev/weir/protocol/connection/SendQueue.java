package dev.weir.protocol.connection;

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

  private final FrameOutput output;
  private final @Nullable MessageDeflater deflater;
  private final Limits limits;

  // Null while none wait, as with a connection that is idle, or whose output keeps up.
  private @Nullable ArrayDeque<ControlFrame> controls;
  private @Nullable ArrayDeque<QueuedMessage> messages;

  private long queuedBytes;
  private boolean pumping;

  SendQueue(FrameOutput output, Limits limits, @Nullable MessageDeflater deflater) {
    this.output = output;
    this.deflater = deflater;
    this.limits = limits;
  }

  /** Whether anything waits, a message begun included. */
  boolean isWaiting() {
    return messages != null || controls != null;
  }

  Limits limits() {
    return limits;
  }

  /** Payload of messages that waits, in bytes. */
  long queuedBytes() {
    return queuedBytes;
  }

  /** Whether a message of this size would be framed at once, with nothing before it. */
  boolean isDirect(int bytes) {
    return bytes <= limits.fragmentSize() && !pumping && !isWaiting() && output.isWritable();
  }

  /** Whether a message of this size is compressed if it may be. */
  boolean compresses(int bytes) {
    return deflater != null && deflater.isWorthwhile(bytes);
  }

  /** Takes a message; some or all of it may be framed before this returns. */
  void message(Opcode opcode, byte[] payload, boolean compress, @Nullable Delivery delivery) {
    boolean compressed = compress && compresses(payload.length);
    if (!compressed && isDirect(payload.length)) {
      output.write(true, opcode, payload, 0, payload.length);
      handOver(delivery);
      return;
    }
    enqueue(new QueuedMessage(opcode, payload, compressed ? deflater : null, delivery));
  }

  /** Takes a message that others get too, whose compressed form is shared where it can be. */
  void shared(SharedMessage message, @Nullable Delivery delivery) {
    byte[] payload = message.payload();
    MessageDeflater own = deflater;
    if (own == null
        || own.takesOver()
        || !own.isWorthwhile(payload.length)
        || payload.length > MessageDeflater.SEGMENT_BYTES
        || !isDirect(payload.length)) {
      message(message.opcode(), payload, true, delivery);
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
    boolean compressed = compress && compresses(payload.length);
    if (!compressed && isDirect(payload.length)) {
      message(opcode, payload, false, delivery);
      return;
    }
    var message = new QueuedMessage(opcode, payload, compressed ? deflater : null, delivery);
    enqueue(message);
    if (!message.isLast()) {
      message.copyPayload();
    }
  }

  private void enqueue(QueuedMessage message) {
    messages = with(messages, message);
    queuedBytes += message.payloadBytes();
    pump();
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
    if (controls == null && output.isWritable()) {
      output.write(true, opcode, payload, 0, payload.length);
      return;
    }
    if (controls != null) {
      dropOldest(controls, opcode);
    }
    controls = with(controls, new ControlFrame(opcode, payload.clone()));
    pump();
  }

  private static <E> ArrayDeque<E> with(@Nullable ArrayDeque<E> others, E added) {
    ArrayDeque<E> queue = others == null ? new ArrayDeque<>(1) : others;
    queue.add(added);
    return queue;
  }

  private void dropOldest(ArrayDeque<ControlFrame> waiting, Opcode opcode) {
    int most = limits.pendingPongs();
    if (waiting.size() < most) {
      return;
    }
    int same = 0;
    for (ControlFrame frame : waiting) {
      if (frame.opcode == opcode) {
        same++;
      }
    }
    Iterator<ControlFrame> frames = waiting.iterator();
    while (same >= most) {
      if (frames.next().opcode == opcode) {
        frames.remove();
        same--;
      }
    }
  }

  /** Takes back the message of this delivery, if it waits and has not begun. */
  boolean withdraw(Delivery delivery) {
    if (messages == null) {
      return false;
    }
    Iterator<QueuedMessage> waiting = messages.iterator();
    while (waiting.hasNext()) {
      QueuedMessage message = waiting.next();
      if (message.delivery() == delivery) {
        if (message.isBegun()) {
          return false;
        }
        waiting.remove();
        queuedBytes -= message.payloadBytes();
        messages = messages.isEmpty() ? null : messages;
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
      while (output.isWritable()) {
        ControlFrame control = nextControl();
        if (control != null) {
          output.write(true, control.opcode, control.payload, 0, control.payload.length);
          continue;
        }
        QueuedMessage message = messages == null ? null : messages.peek();
        if (message == null) {
          break;
        }
        writeFragment(message);
      }
    } finally {
      pumping = false;
    }
  }

  private @Nullable ControlFrame nextControl() {
    if (controls == null) {
      return null;
    }
    ControlFrame next = controls.poll();
    controls = controls.isEmpty() ? null : controls;
    return next;
  }

  private void removeMessage() {
    if (messages != null) {
      messages.poll();
      messages = messages.isEmpty() ? null : messages;
    }
  }

  private void writeFragment(QueuedMessage message) {
    // The books are closed first: the transport may end the connection from inside the write.
    queuedBytes -= message.advance(limits.fragmentSize());
    boolean last = message.isLast();
    if (last) {
      removeMessage();
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
    controls = null;
    queuedBytes = 0;
    if (messages == null) {
      return false;
    }
    ArrayDeque<QueuedMessage> dropped = messages;
    messages = null;
    for (QueuedMessage message : dropped) {
      Delivery delivery = message.delivery();
      if (delivery != null) {
        delivery.dropped();
      }
    }
    return true;
  }
}
