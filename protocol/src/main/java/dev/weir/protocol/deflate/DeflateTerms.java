package dev.weir.protocol.deflate;

/**
 * What client and server agreed on for permessage-deflate (RFC 7692 §7.1). Immutable.
 *
 * @param serverTakeover whether the server may refer back to its earlier messages
 * @param clientTakeover whether the client may refer back to its earlier messages
 * @param serverWindowBits how far back the server may refer: at most two to this power of bytes, 8
 *     to 15
 * @param clientWindowBits how far back the client may refer: at most two to this power of bytes, 8
 *     to 15
 */
public record DeflateTerms(
    boolean serverTakeover, boolean clientTakeover, int serverWindowBits, int clientWindowBits) {
  /** The smallest window that RFC 7692 knows, 256 bytes. */
  public static final int LEAST_BITS = 8;

  /** The largest window there is, 32 KiB; what holds where nothing else was agreed. */
  public static final int MOST_BITS = 15;

  /**
   * Checks the windows.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public DeflateTerms {
    check("serverWindowBits", serverWindowBits);
    check("clientWindowBits", clientWindowBits);
  }

  private static void check(String name, int bits) {
    if (bits < LEAST_BITS || bits > MOST_BITS) {
      throw new IllegalArgumentException(
          "expected " + name + " from " + LEAST_BITS + " to " + MOST_BITS + " but was " + bits);
    }
  }
}
