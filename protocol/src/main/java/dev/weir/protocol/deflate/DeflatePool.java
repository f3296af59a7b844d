package dev.weir.protocol.deflate;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The compressors and inflaters of one event loop, which its connections share, so that one that is
 * idle owns none. Not thread-safe: one for each thread that drives connections.
 *
 * <p>Memory outside the heap is held for as long as there are users, and is bounded: one compressor
 * and few inflaters for all, {@link #KEPT_COMPRESSORS} for those that take their context over, and
 * one inflater for each connection whose peer is in the middle of a compressed message.
 */
public final class DeflatePool {
  /** The most bytes that are compressed at a time. */
  static final int SEGMENT_BYTES = 1 << 16;

  /** The most bytes that are inflated at a time. */
  static final int CHUNK_BYTES = 1 << 16;

  /**
   * How many compressors are kept for connections that take their context over, of 264 KiB each.
   * Beyond, the one unused for longest is taken away: its connection begins with an empty window,
   * which its peer need not know.
   */
  static final int KEPT_COMPRESSORS = 128;

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
  private final ArrayDeque<Inflater> inflaters = new ArrayDeque<>(KEPT_INFLATERS);
  private final LinkedHashMap<MessageDeflater, Deflater> owned =
      new LinkedHashMap<>(16, 0.75f, true);

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
      end(shared);
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

  /** The compressor that all share, with an empty window. */
  Deflater shared(int level) {
    if (shared == null) {
      shared = newDeflater(level);
    } else if (sharedLevel == level) {
      shared.reset();
    } else {
      restart(shared, level);
    }
    sharedLevel = level;
    return shared;
  }

  /** The compressor of this owner alone, with the window that it left, or with an empty one. */
  Deflater owned(MessageDeflater owner, int level) {
    Deflater deflater = owned.get(owner);
    if (deflater == null) {
      deflater = owned.size() < KEPT_COMPRESSORS ? newDeflater(level) : takeOldest(level);
      owned.put(owner, deflater);
    }
    return deflater;
  }

  private Deflater takeOldest(int level) {
    Iterator<Deflater> oldest = owned.values().iterator();
    Deflater deflater = oldest.next();
    oldest.remove();
    restart(deflater, level);
    return deflater;
  }

  private void restart(Deflater deflater, int level) {
    deflater.reset();
    deflater.setLevel(level);
    // Another level is taken up by the next call, which then does nothing else.
    deflater.deflate(output(), 0, 1, Deflater.NO_FLUSH);
  }

  /** The owner needs its compressor no more. */
  void release(MessageDeflater owner) {
    Deflater deflater = owned.remove(owner);
    if (deflater != null) {
      end(deflater);
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

  private Deflater newDeflater(int level) {
    open++;
    return new Deflater(level, true);
  }

  private void end(Deflater deflater) {
    open--;
    deflater.end();
  }

  private void end(Inflater inflater) {
    open--;
    inflater.end();
  }
}
