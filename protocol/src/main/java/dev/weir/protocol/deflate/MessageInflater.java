package dev.weir.protocol.deflate;

import dev.weir.protocol.close.ProtocolViolation;
import dev.weir.protocol.frame.Mask;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Inflates the compressed messages that one connection receives (RFC 7692 §7.2.2), as their bytes
 * come. It holds an inflater from the first byte of a message to its last, and between messages
 * what the peer may refer back to. Not thread-safe.
 */
public final class MessageInflater {
  /** Takes what was inflated. */
  public interface Sink {
    /** How many bytes would be too many: at least 1. No more are inflated at a time. */
    int room();

    /**
     * Takes bytes, before this returns.
     *
     * @throws ProtocolViolation with 1009 if they are too many
     */
    void accept(byte[] bytes, int from, int count);
  }

  /**
   * What the sender left away (§7.2.1), and behind it an empty final block: an inflater that comes
   * to its end has seen whole blocks only.
   */
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff, 3, 0};

  /** A final block costs the inflater a new beginning; a message needs one at most. */
  private static final int MOST_FINAL_BLOCKS = 1 << 12;

  private final DeflatePool pool;
  private final @Nullable Window window;
  private @Nullable Inflater inflater;
  private int finalBlocks;

  MessageInflater(DeflatePool pool, boolean takeover, int windowBits) {
    this.pool = pool;
    this.window = takeover ? new Window(1 << windowBits) : null;
  }

  /** Whether a message may refer back to earlier ones. */
  boolean takesOver() {
    return window != null;
  }

  /**
   * Inflates the next bytes of a message.
   *
   * @param in where they stand, masked as they came; may be unmasked in place
   * @param count how many bytes to take: at most what remains of the frame and of the buffer
   * @param mask the frame's masking key, 0 for none
   * @param phase how many bytes of the frame were taken before, of which two bits count
   * @throws ProtocolViolation with 1007 where they are not in DEFLATE format, or by the sink
   */
  public void inflate(ByteBuffer in, int count, int mask, int phase, Sink sink) {
    if (in.hasArray()) {
      int from = in.arrayOffset() + in.position();
      in.position(in.position() + count);
      inflate(in.array(), from, count, mask, phase, sink);
      return;
    }
    byte[] piece = pool.input();
    for (int taken = 0; taken < count; ) {
      int length = Math.min(piece.length, count - taken);
      in.get(piece, 0, length);
      inflate(piece, 0, length, mask, phase + taken, sink);
      taken += length;
    }
  }

  private void inflate(byte[] bytes, int from, int count, int mask, int phase, Sink sink) {
    if (mask != 0) {
      Mask.apply(bytes, from, count, mask, phase);
    }
    inflate(bytes, from, count, sink);
  }

  private void inflate(byte[] bytes, int from, int count, Sink sink) {
    if (count == 0) {
      return;
    }
    Inflater current = begun();
    try {
      if (current.finished()) {
        begin(current);
      }
      current.setInput(bytes, from, count);
      while (inflateStep(current, sink)) {
        int rest = current.getRemaining();
        if (current.finished() && rest > 0) {
          begin(current);
          current.setInput(bytes, from + count - rest, rest);
        }
      }
    } catch (DataFormatException e) {
      throw ProtocolViolation.invalidPayload("DEFLATE data", reason(e));
    }
  }

  /**
   * Ends a message, all of whose bytes were given.
   *
   * @throws ProtocolViolation with 1007 if it ends within a block, or by the sink
   */
  public void end(Sink sink) {
    Inflater current = inflater;
    // A message of no bytes at all is empty, though its sender should have sent one.
    if (current == null) {
      return;
    }
    if (!current.finished()) {
      current.setInput(TAIL);
      try {
        boolean more = true;
        while (more && !current.finished()) {
          more = inflateStep(current, sink);
        }
      } catch (DataFormatException e) {
        throw cutOff();
      }
      if (!current.finished()) {
        throw cutOff();
      }
    }
    release();
  }

  private static ProtocolViolation cutOff() {
    return ProtocolViolation.invalidPayload(
        "a compressed message of whole DEFLATE blocks", "one that ends within a block");
  }

  private Inflater begun() {
    if (inflater == null) {
      inflater = pool.borrowInflater();
      finalBlocks = 0;
      if (window != null) {
        window.giveTo(inflater);
      }
    }
    return inflater;
  }

  /** Behind a final block comes a new beginning, with nothing to refer back to. */
  private void begin(Inflater current) {
    if (++finalBlocks > MOST_FINAL_BLOCKS) {
      throw ProtocolViolation.invalidPayload(
          "at most " + MOST_FINAL_BLOCKS + " final blocks in a message", "more");
    }
    current.reset();
  }

  /** Whether more may come of what the inflater was given. */
  private boolean inflateStep(Inflater current, Sink sink) throws DataFormatException {
    byte[] chunk = pool.chunk();
    int most = Math.min(chunk.length, sink.room());
    int count = current.inflate(chunk, 0, most);
    if (count > 0) {
      if (window != null) {
        window.append(chunk, 0, count);
      }
      sink.accept(chunk, 0, count);
    }
    // An inflater that leaves room has nothing more to give.
    return current.finished() ? current.getRemaining() > 0 : count == most;
  }

  private static String reason(DataFormatException e) {
    String message = e.getMessage();
    return message == null ? "something else" : message;
  }

  /** Gives back what is held. The rest of a message that has begun is not to come. */
  public void release() {
    if (inflater != null) {
      pool.giveBack(inflater);
      inflater = null;
    }
  }
}
