package dev.weir.protocol.connection;

/**
 * The bounds that a connection keeps (P2, P4, P5). Immutable.
 *
 * @param maxMessageBytes the most payload of one received message; a longer one is answered with
 *     1009
 * @param maxFrameBytes the most payload of one received data frame; a longer one is answered with
 *     1009
 * @param maxFragments the most fragments of one received message; more are answered with 1009
 * @param fragmentOverhead the least bytes that each fragment of a message in several counts for
 *     against {@code maxMessageBytes}, so that a flood of tiny fragments ends early (P5)
 * @param fragmentSize the most payload of one sent data frame; longer messages go in fragments of
 *     this size, between which control frames get through (B1)
 * @param pendingPongs how many pongs, and how many pings, may wait while the output is not
 *     writable; beyond that the oldest are dropped; at least 64 (P2)
 */
public record Limits(
    int maxMessageBytes,
    int maxFrameBytes,
    int maxFragments,
    int fragmentOverhead,
    int fragmentSize,
    int pendingPongs) {
  /** The largest message there can be: what fits into an array. */
  public static final int MOST_BYTES = Integer.MAX_VALUE - 64;

  private static final int MOST_FRAGMENT_SIZE = 1 << 24;
  private static final int MIB = 1 << 20;
  private static final int DEFAULT_FRAGMENT_OVERHEAD = 64;
  private static final int DEFAULT_FRAGMENT_SIZE = 1 << 16;
  private static final int DEFAULT_PENDING_PONGS = 64;

  private static final Limits CLIENT = defaults(64 * MIB, 1 << 18);
  private static final Limits SERVER = defaults(16 * MIB, 1 << 17);

  /**
   * Checks every bound.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public Limits {
    check("maxMessageBytes", maxMessageBytes, 1, MOST_BYTES);
    check("maxFrameBytes", maxFrameBytes, 1, MOST_BYTES);
    check("maxFragments", maxFragments, 1, Integer.MAX_VALUE - 1);
    check("fragmentOverhead", fragmentOverhead, 0, 1 << 16);
    check("fragmentSize", fragmentSize, 1, MOST_FRAGMENT_SIZE);
    check("pendingPongs", pendingPongs, 64, 1 << 16);
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "expected " + name + " from " + least + " to " + most + " but was " + value);
    }
  }

  private static Limits defaults(int maxMessageBytes, int maxFragments) {
    return new Limits(
        maxMessageBytes,
        maxMessageBytes,
        maxFragments,
        DEFAULT_FRAGMENT_OVERHEAD,
        DEFAULT_FRAGMENT_SIZE,
        DEFAULT_PENDING_PONGS);
  }

  /** A client's defaults: messages of 64 MiB in at most 262,144 fragments. */
  public static Limits client() {
    return CLIENT;
  }

  /** A server's defaults: messages of 16 MiB in at most 131,072 fragments. */
  public static Limits server() {
    return SERVER;
  }

  /**
   * These limits with messages of at most {@code bytes}. The frame limit follows as long as it is
   * the same as the message limit.
   */
  public Limits withMaxMessageBytes(int bytes) {
    int frame = maxFrameBytes == maxMessageBytes ? bytes : maxFrameBytes;
    return new Limits(bytes, frame, maxFragments, fragmentOverhead, fragmentSize, pendingPongs);
  }

  /** These limits with received frames of at most {@code bytes}. */
  public Limits withMaxFrameBytes(int bytes) {
    return new Limits(
        maxMessageBytes, bytes, maxFragments, fragmentOverhead, fragmentSize, pendingPongs);
  }

  /** These limits with at most {@code count} fragments per received message. */
  public Limits withMaxFragments(int count) {
    return new Limits(
        maxMessageBytes, maxFrameBytes, count, fragmentOverhead, fragmentSize, pendingPongs);
  }

  /** These limits with fragments that count for at least {@code bytes}. */
  public Limits withFragmentOverhead(int bytes) {
    return new Limits(
        maxMessageBytes, maxFrameBytes, maxFragments, bytes, fragmentSize, pendingPongs);
  }

  /** These limits with sent frames of at most {@code bytes} of payload. */
  public Limits withFragmentSize(int bytes) {
    return new Limits(
        maxMessageBytes, maxFrameBytes, maxFragments, fragmentOverhead, bytes, pendingPongs);
  }

  /** These limits with at most {@code count} pongs that wait. */
  public Limits withPendingPongs(int count) {
    return new Limits(
        maxMessageBytes, maxFrameBytes, maxFragments, fragmentOverhead, fragmentSize, count);
  }
}
