package dev.weir.protocol.deflate;

import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses the messages that one connection sends (RFC 7692 §7.2.1), each in segments of at most
 * {@link #SEGMENT_BYTES} that end at a byte, so that nothing is held while a message waits between
 * two of them. Not thread-safe.
 *
 * <p>The compressor is everybody's. Where the context is taken over it is told what was sent last,
 * unless it knows because nobody else was there meanwhile: not the whole window, which would take
 * longer than compressing, but as much as pays.
 *
 * <p>The JDK's compressor knows the window of 15 bits only. A smaller one is kept by letting it see
 * no more than that at a time: pieces of half the window, each with an empty compressor that is
 * given the bytes before the piece as its dictionary.
 */
public final class MessageDeflater {
  /** The most bytes that are compressed in one step. */
  public static final int SEGMENT_BYTES = DeflatePool.SEGMENT_BYTES;

  /** What ends each flush, and is left away at the end of a message (§7.2.1). */
  private static final int TAIL_BYTES = 4;

  private static final int WHOLE_WINDOW = 1 << DeflateTerms.MOST_BITS;

  private static final int LEAST_HISTORY = 1 << 11;
  private static final int MOST_DEFAULT_LEVEL = 5;
  private static final int MOST_HIGH_LEVEL = 7;

  private final DeflatePool pool;
  private final int level;
  private final int windowBytes;
  private final @Nullable Window window;
  private int outputBytes;

  MessageDeflater(DeflatePool pool, boolean takeover, int windowBits, CompressionOptions options) {
    this.pool = pool;
    this.level = options.level();
    this.windowBytes = 1 << windowBits;
    this.window = takeover ? new Window(history(0)) : null;
  }

  /** Whether a message may refer back to earlier ones, so that its bytes depend on them. */
  public boolean takesOver() {
    return window != null;
  }

  /**
   * Compresses a whole message of at most {@link #SEGMENT_BYTES} to {@link #output}.
   *
   * @return false if the message is better sent as it is, which leaves no trace here
   */
  public boolean deflateWhole(byte[] message) {
    compress(message, 0, message.length, true);
    // With the whole window a later message may be worth what this one was not.
    boolean kept = window != null && windowBytes == WHOLE_WINDOW;
    if (!kept && outputBytes >= message.length) {
      return false;
    }
    keep(message);
    return true;
  }

  /**
   * Compresses a segment of a message to {@link #output}. All segments of a message are to be
   * compressed in order and sent.
   *
   * @param message the whole message, of which everything before {@code from} was compressed
   * @param length how many bytes to compress, at most {@link #SEGMENT_BYTES}
   */
  public void deflate(byte[] message, int from, int length) {
    boolean last = from + length == message.length;
    compress(message, from, length, last);
    if (last) {
      keep(message);
    }
  }

  private void keep(byte[] message) {
    if (window != null) {
      window.widenTo(history(message.length));
      window.append(message, 0, message.length);
    }
  }

  /**
   * How many bytes before a message its compressor is told: a quarter more time at most for the
   * lower levels, and the more the harder it is to try. 2 KiB before each kilobyte of JSON save
   * nearly all that 32 KiB would.
   */
  private int history(int messageBytes) {
    int tried = level <= MOST_DEFAULT_LEVEL ? 1 : level <= MOST_HIGH_LEVEL ? 4 : 16;
    long worth = tried * Math.max(LEAST_HISTORY, 2L * messageBytes);
    return (int) Math.min(windowBytes, worth);
  }

  private void compress(byte[] message, int from, int length, boolean last) {
    outputBytes = 0;
    if (windowBytes == WHOLE_WINDOW) {
      Deflater deflater = window != null || from > 0 ? pool.continued(this) : null;
      if (deflater == null) {
        deflater = pool.begun(this, level);
        refer(deflater, message, from, history(message.length));
      }
      run(deflater, message, from, length);
    } else {
      int end = from + length;
      int at = from;
      do {
        int piece = Math.min(end - at, windowBytes / 2);
        Deflater deflater = pool.begun(null, level);
        refer(deflater, message, at, Math.min(windowBytes - piece, history(message.length)));
        run(deflater, message, at, piece);
        at += piece;
      } while (at < end);
    }
    if (last) {
      outputBytes -= TAIL_BYTES;
    }
  }

  /** Lets the compressor refer back to at most so many bytes before this one. */
  private void refer(Deflater deflater, byte[] message, int before, int most) {
    if (window != null && before < most) {
      window.giveTo(deflater, most - before);
    }
    int own = Math.min(before, most);
    if (own > 0) {
      deflater.setDictionary(message, before - own, own);
    }
  }

  private void run(Deflater deflater, byte[] message, int from, int length) {
    byte[] output = pool.output();
    deflater.setInput(message, from, length);
    int room = output.length - outputBytes;
    int written = deflater.deflate(output, outputBytes, room, Deflater.SYNC_FLUSH);
    if (written == room || !deflater.needsInput()) {
      throw new IllegalStateException(
          "expected " + length + " bytes to fit into " + room + " compressed but they do not");
    }
    outputBytes += written;
  }

  /** Holds what was compressed last, until anything else is compressed on the same thread. */
  public byte[] output() {
    return pool.output();
  }

  /** How many bytes were compressed last. */
  public int outputBytes() {
    return outputBytes;
  }

  /** Gives up what is held. Later messages begin with an empty window. */
  void release() {
    pool.forget(this);
  }
}
