package dev.weir.protocol.deflate;

import java.util.ArrayDeque;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The compressors and inflaters of one event loop, which its connections share, so that one that is
 * idle owns none. Not thread-safe: one for each thread that drives connections.
 *
 * <p>Memory outside the heap is held for as long as there are users, and is bounded: one compressor
 * and few inflaters for all, and one inflater for each connection whose peer is in the middle of a
 * compressed message.
 *
 * <p>There is one compressor also for those that take their context over. Its 264 KiB stay in the
 * processor's cache, where one for each connection would be fetched anew for each message: that
 * costs more than telling the one compressor what a connection has sent last.
 */
public final class DeflatePool {
  /** The most bytes that are compressed at a time. */
  static final int SEGMENT_BYTES = 1 << 16;

  /** The most bytes that are inflated at a time. */
  static final int CHUNK_BYTES = 1 << 16;

  private static final int KEPT_INFLATERS = 4;

  /** A segment that does not compress grows by at most 11 bytes for each of 256. */
  private static final int OUTPUT_BYTES = SEGMENT_BYTES + SEGMENT_BYTES / 16;

  private static final int INPUT_BYTES = 1 << 14;

  private static final byte[] EMPTY = {};

  private int users;
  private byte[] output = EMPTY;
  private byte[] chunk = EMPTY;
  private byte[] input = EMPTY;
  private @Nullable Deflater shared;
  private int sharedLevel;
  private @Nullable MessageDeflater sharedUser;
  private final ArrayDeque<Inflater> inflaters = new ArrayDeque<>(KEPT_INFLATERS);

  // For tests and for those who watch.
  private int open;

  /** A user has come. */
  void enter() {
    users++;
  }

  /** A user has gone, who holds nothing any more; with the last all memory is released. */
  void leave() {
    users--;
    if (users > 0) {
      return;
    }
    if (shared != null) {
      open--;
      shared.end();
      shared = null;
    }
    for (Inflater inflater : inflaters) {
      end(inflater);
    }
    inflaters.clear();
    output = EMPTY;
    chunk = EMPTY;
    input = EMPTY;
  }

  /** How many compressors and inflaters hold memory outside the heap now. */
  public int open() {
    return open;
  }

  /** Where compressed bytes go; their reader must have taken them before anything else is done. */
  byte[] output() {
    if (output.length == 0) {
      output = new byte[OUTPUT_BYTES];
    }
    return output;
  }

  /** Where inflated bytes go; their reader must have taken them before anything else is done. */
  byte[] chunk() {
    if (chunk.length == 0) {
      chunk = new byte[CHUNK_BYTES];
    }
    return chunk;
  }

  /** Room for received bytes that do not lie in an array, with the same rule. */
  byte[] input() {
    if (input.length == 0) {
      input = new byte[INPUT_BYTES];
    }
    return input;
  }

  /**
   * The compressor that all share, with an empty window.
   *
   * @param user who may go on with it if nobody else has used it, or null for nobody
   */
  Deflater begun(@Nullable MessageDeflater user, int level) {
    Deflater deflater = shared;
    if (deflater == null) {
      open++;
      deflater = new Deflater(level, true);
      shared = deflater;
    } else {
      deflater.reset();
      if (sharedLevel != level) {
        deflater.setLevel(level);
        // Another level is taken up by the next call, which then does nothing else.
        deflater.deflate(output(), 0, 1, Deflater.NO_FLUSH);
      }
    }
    sharedLevel = level;
    sharedUser = user;
    return deflater;
  }

  /** The compressor with the window that this user has left in it, or null if it is gone. */
  @Nullable Deflater continued(MessageDeflater user) {
    return sharedUser == user ? shared : null;
  }

  /** The user is not to go on with what it has left in the compressor. */
  void forget(MessageDeflater user) {
    if (sharedUser == user) {
      sharedUser = null;
    }
  }

  /** An inflater with an empty window, to be given back. */
  Inflater borrowInflater() {
    Inflater inflater = inflaters.poll();
    if (inflater == null) {
      open++;
      return new Inflater(true);
    }
    return inflater;
  }

  void giveBack(Inflater inflater) {
    if (inflaters.size() < KEPT_INFLATERS) {
      inflater.reset();
      inflaters.push(inflater);
    } else {
      end(inflater);
    }
  }

  private void end(Inflater inflater) {
    open--;
    inflater.end();
  }
}
