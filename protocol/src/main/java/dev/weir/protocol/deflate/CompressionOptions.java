package dev.weir.protocol.deflate;

/**
 * Whether and how one side compresses its messages with permessage-deflate (RFC 7692). Immutable.
 *
 * <p>"Send" is this side's direction, "receive" the peer's. What a side wants is not what it gets:
 * both settle on what either can do, and without the peer's consent nothing is compressed.
 *
 * @param enabled whether the extension is offered, or accepted, at all
 * @param sendTakeover whether what is sent may refer back to earlier messages: smaller messages,
 *     for memory of what was sent last: 2 KiB, or twice the longest message, and several times that
 *     with a level over 5, but never more than the window
 * @param receiveTakeover whether the peer may refer back to its earlier messages: a window of at
 *     most {@code receiveWindowBits} is kept
 * @param sendWindowBits how far back what is sent may refer, as a power of two: 9 to 15
 * @param receiveWindowBits how far back the peer may refer, as a power of two: 9 to 15. A client
 *     that does not say that it can reduce its window keeps its own.
 * @param threshold messages of fewer bytes are sent as they are
 * @param level how hard to compress, from 1, fast, to 9, small
 */
public record CompressionOptions(
    boolean enabled,
    boolean sendTakeover,
    boolean receiveTakeover,
    int sendWindowBits,
    int receiveWindowBits,
    int threshold,
    int level) {
  /** The smallest window that is kept, 512 bytes; that of 8 bits has no support in zlib. */
  public static final int LEAST_WINDOW_BITS = 9;

  private static final int DEFAULT_THRESHOLD = 128;
  private static final int DEFAULT_LEVEL = 5;

  private static final CompressionOptions CLIENT = defaults(true);
  private static final CompressionOptions SERVER = defaults(false);
  private static final CompressionOptions OFF = SERVER.withEnabled(false);

  /**
   * Checks every value.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public CompressionOptions {
    check("sendWindowBits", sendWindowBits, LEAST_WINDOW_BITS, DeflateTerms.MOST_BITS);
    check("receiveWindowBits", receiveWindowBits, LEAST_WINDOW_BITS, DeflateTerms.MOST_BITS);
    check("threshold", threshold, 0, Integer.MAX_VALUE);
    check("level", level, 1, 9);
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "expected " + name + " from " + least + " to " + most + " but was " + value);
    }
  }

  private static CompressionOptions defaults(boolean takeover) {
    return new CompressionOptions(
        true,
        takeover,
        takeover,
        DeflateTerms.MOST_BITS,
        DeflateTerms.MOST_BITS,
        DEFAULT_THRESHOLD,
        DEFAULT_LEVEL);
  }

  /** A client's defaults: what browsers offer, with takeover both ways where the server likes. */
  public static CompressionOptions client() {
    return CLIENT;
  }

  /** A server's defaults: without takeover, so that an idle connection keeps nothing. */
  public static CompressionOptions server() {
    return SERVER;
  }

  /** No compression. */
  public static CompressionOptions off() {
    return OFF;
  }

  /** These options switched on or off. */
  public CompressionOptions withEnabled(boolean on) {
    return new CompressionOptions(
        on, sendTakeover, receiveTakeover, sendWindowBits, receiveWindowBits, threshold, level);
  }

  /** These options with or without takeover, in what is sent and in what is received. */
  public CompressionOptions withTakeover(boolean send, boolean receive) {
    return new CompressionOptions(
        enabled, send, receive, sendWindowBits, receiveWindowBits, threshold, level);
  }

  /** These options with windows of these sizes, as powers of two from 9 to 15. */
  public CompressionOptions withWindowBits(int send, int receive) {
    return new CompressionOptions(
        enabled, sendTakeover, receiveTakeover, send, receive, threshold, level);
  }

  /** These options with messages of fewer than {@code bytes} sent as they are. */
  public CompressionOptions withThreshold(int bytes) {
    return new CompressionOptions(
        enabled, sendTakeover, receiveTakeover, sendWindowBits, receiveWindowBits, bytes, level);
  }

  /** These options with another level, from 1, fast, to 9, small. */
  public CompressionOptions withLevel(int other) {
    return new CompressionOptions(
        enabled,
        sendTakeover,
        receiveTakeover,
        sendWindowBits,
        receiveWindowBits,
        threshold,
        other);
  }
}
