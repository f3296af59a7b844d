package dev.weir.protocol.connection;

import dev.weir.protocol.deflate.MessageDeflater;
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
  private final int fragmentSize;
  private final int pendingControls;

  private final ArrayDeque<ControlFrame> controls = new ArrayDeque<>();
  private final ArrayDeque<QueuedMessage> messages = new ArrayDeque<>();
  private long queuedBytes;
  private boolean pumping;

  SendQueue(FrameOutput output, Limits limits, @Nullable MessageDeflater deflater) {
    this.output = output;
    this.deflater = deflater;
    this.fragmentSize = limits.fragmentSize();
    this.pendingControls = limits.pendingPongs();
  }

  /** Whether anything waits, a message begun included. */
  boolean isWaiting() {
    return !messages.isEmpty() || !controls.isEmpty();
  }

  /** Payload of messages that waits, in bytes. */
  long queuedBytes() {
    return queuedBytes;
  }

  /** Whether a message of this size would be framed at once, with nothing before it. */
  boolean isDirect(int bytes) {
    return bytes <= fragmentSize
        && !pumping
        && messages.isEmpty()
        && controls.isEmpty()
        && output.isWritable();
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
    messages.add(new QueuedMessage(opcode, payload, compressed ? deflater : null, delivery));
    queuedBytes += payload.length;
    pump();
  }

  /** Frames a short text where it goes; only if {@link #isDirect} its encoded length. */
  void directText(String text, int encodedLength, @Nullable Delivery delivery) {
    output.writeText(text, encodedLength);
    handOver(delivery);
  }

  /** Takes a ping or pong, which goes ahead of all messages. */
  void control(Opcode opcode, byte[] payload) {
    if (controls.isEmpty() && output.isWritable()) {
      output.write(true, opcode, payload, 0, payload.length);
      return;
    }
    dropOldest(opcode);
    controls.add(new ControlFrame(opcode, payload.clone()));
    pump();
  }

  private void dropOldest(Opcode opcode) {
    if (controls.size() < pendingControls) {
      return;
    }
    int same = 0;
    for (ControlFrame frame : controls) {
      if (frame.opcode == opcode) {
        same++;
      }
    }
    Iterator<ControlFrame> frames = controls.iterator();
    while (same >= pendingControls) {
      if (frames.next().opcode == opcode) {
        frames.remove();
        same--;
      }
    }
  }

  /** Takes back the message of this delivery, if it waits and has not begun. */
  boolean withdraw(Delivery delivery) {
    Iterator<QueuedMessage> waiting = messages.iterator();
    while (waiting.hasNext()) {
      QueuedMessage message = waiting.next();
      if (message.delivery() == delivery) {
        if (message.isBegun()) {
          return false;
        }
        waiting.remove();
        queuedBytes -= message.payloadBytes();
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
        ControlFrame control = controls.poll();
        if (control != null) {
          output.write(true, control.opcode, control.payload, 0, control.payload.length);
          continue;
        }
        QueuedMessage message = messages.peek();
        if (message == null) {
          break;
        }
        writeFragment(message);
      }
    } finally {
      pumping = false;
    }
  }

  private void writeFragment(QueuedMessage message) {
    // The books are closed first: the transport may end the connection from inside the write.
    queuedBytes -= message.advance(fragmentSize);
    boolean last = message.isLast();
    if (last) {
      messages.poll();
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
    controls.clear();
    boolean dropped = !messages.isEmpty();
    queuedBytes = 0;
    for (QueuedMessage message = messages.poll(); message != null; message = messages.poll()) {
      Delivery delivery = message.delivery();
      if (delivery != null) {
        delivery.dropped();
      }
    }
    return dropped;
  }
}
