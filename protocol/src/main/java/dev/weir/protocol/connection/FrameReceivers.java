package dev.weir.protocol.connection;

import org.jspecify.annotations.Nullable;

/**
 * What the connections of one thread read frames with, lent to each for as long as it is inside a
 * frame or a message: one that is idle needs no such memory. Not thread-safe.
 */
public final class FrameReceivers {
  /** How many are kept: there are as many kinds as connections differ in limits and compression. */
  private static final int KEPT = 4;

  private final @Nullable FrameReceiver[] spare = new FrameReceiver[KEPT];

  /** Where a short text lies between its string and a buffer that is no array. */
  static final int TEXT_SCRATCH_BYTES = 1024;

  private byte[] textScratch = {};

  /** Receivers for connections that one thread drives. */
  public FrameReceivers() {}

  /** Memory that is anybody's until the call that asked for it returns. */
  byte[] textScratch() {
    if (textScratch.length == 0) {
      textScratch = new byte[TEXT_SCRATCH_BYTES];
    }
    return textScratch;
  }

  FrameReceiver lend(Role role, Limits limits, boolean compressed) {
    for (int i = 0; i < KEPT; i++) {
      FrameReceiver kept = spare[i];
      if (kept != null && kept.isFor(role, limits, compressed)) {
        spare[i] = null;
        return kept;
      }
    }
    return new FrameReceiver(role, limits, compressed);
  }

  /** Takes one back that is between two messages. */
  void giveBack(FrameReceiver receiver) {
    int place = 0;
    while (place < KEPT - 1 && spare[place] != null) {
      place++;
    }
    spare[place] = receiver;
  }
}
