package dev.weir.benchmarks.peers.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What a client under test is to do once it is connected, and the message that it does it with.
 * Immutable; the buffers that it hands out are the caller's.
 */
record Task(Mode mode, boolean text, int size) {
  /** How long a slow consumer takes for each message, in milliseconds: 100 messages a second. */
  static final long SLOW_MILLIS = 10;

  /** What a client does. */
  enum Mode {
    /** Sends a message and, whenever one comes, the next. */
    ROUND_TRIP,
    /** Takes what comes. */
    RECEIVE,
    /** Takes what comes, slowly. */
    SLOW,
    /** Sends as fast as it may. */
    SEND
  }

  static Task parse(String mode, String kind, String size) {
    return new Task(
        Mode.valueOf(mode.toUpperCase(Locale.ROOT)), kind.equals("text"), Integer.parseInt(size));
  }

  boolean isRoundTrip() {
    return mode == Mode.ROUND_TRIP;
  }

  boolean isSend() {
    return mode == Mode.SEND;
  }

  String string() {
    return "0123456789abcdef".repeat(size / 16 + 1).substring(0, size);
  }

  byte[] bytes() {
    return string().getBytes(StandardCharsets.US_ASCII);
  }

  ByteBuffer buffer() {
    return ByteBuffer.wrap(bytes());
  }

  /** Waits where a slow consumer does. */
  void pause() {
    if (mode == Mode.SLOW) {
      try {
        Thread.sleep(SLOW_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
