package dev.weir.benchmarks.peers.load;

import java.nio.ByteBuffer;

/**
 * Counts the messages in what a peer sends, at next to no cost: reads headers and skips payload.
 * For one thread.
 */
final class FrameCounter {
  private static final int CONTROL = 0x08;

  private final int size;
  private long payloadLeft;
  private boolean fin;
  private boolean control;
  private boolean closed;
  private long messageBytes;

  // A header of which the last read has brought a part.
  private final ByteBuffer begun = ByteBuffer.allocate(14);

  /**
   * A counter of messages of this size.
   *
   * @param size that each message must have
   */
  FrameCounter(int size) {
    this.size = size;
  }

  /**
   * Takes what a read has brought.
   *
   * @return how many messages it has completed
   * @throws IllegalStateException if one has another size
   */
  int count(ByteBuffer in) {
    int messages = 0;
    while (in.hasRemaining()) {
      if (payloadLeft > 0) {
        int skipped = (int) Math.min(payloadLeft, in.remaining());
        in.position(in.position() + skipped);
        payloadLeft -= skipped;
      } else if (!header(in)) {
        return messages;
      }
      if (payloadLeft == 0 && begun.position() == 0 && endsMessage()) {
        messages++;
      }
    }
    return messages;
  }

  /** Whether a Close has come. */
  boolean isClosed() {
    return closed;
  }

  private boolean endsMessage() {
    if (control || !fin) {
      return false;
    }
    if (messageBytes != size) {
      throw new IllegalStateException(
          "expected a message of " + size + " bytes but was one of " + messageBytes);
    }
    messageBytes = 0;
    return true;
  }

  /** Takes a header, or as much of one as is there. */
  private boolean header(ByteBuffer in) {
    if (begun.position() == 0 && in.remaining() >= begun.capacity()) {
      read(in);
      return true;
    }
    while (in.hasRemaining()) {
      begun.put(in.get());
      if (begun.position() >= 2 && begun.position() == length(begun.get(1))) {
        begun.flip();
        read(begun);
        begun.clear();
        return true;
      }
    }
    return false;
  }

  private static int length(byte second) {
    int field = second & 0x7f;
    return (field == 126 ? 4 : field == 127 ? 10 : 2) + (second < 0 ? 4 : 0);
  }

  private void read(ByteBuffer in) {
    int first = in.get();
    int second = in.get();
    int field = second & 0x7f;
    payloadLeft = field == 126 ? in.getShort() & 0xffff : field == 127 ? in.getLong() : field;
    if (second < 0) {
      in.getInt();
    }
    fin = first < 0;
    control = (first & CONTROL) != 0;
    closed |= (first & 0xf) == CONTROL;
    if (!control) {
      messageBytes += payloadLeft;
    }
  }
}
