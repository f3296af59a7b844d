package dev.weir.testkit;

/**
 * Something that goes wrong on a link once so many bytes have passed in one direction. Immutable.
 *
 * @param kind what goes wrong
 * @param side the direction in which bytes are counted
 * @param afterBytes how many bytes still arrive in that direction, 0 or more
 */
public record Fault(Kind kind, Side side, long afterBytes) {
  /** What goes wrong. */
  public enum Kind {
    /** Nothing more arrives in that direction, and no one is told. */
    STALL,
    /** That direction ends in order, and what is sent into it later vanishes. */
    HALF_CLOSE,
    /** Both directions end, as if a middlebox closed both of its connections. */
    CUT,
    /** Both ends get a connection reset; bytes under way are lost. */
    RESET
  }

  /** The two directions of a link. */
  public enum Side {
    /** From the client to the server. */
    TO_SERVER,
    /** From the server to the client. */
    TO_CLIENT
  }

  /** Takes what goes wrong and where. */
  public Fault {
    if (afterBytes < 0) {
      throw new IllegalArgumentException("expected 0 bytes or more but was " + afterBytes);
    }
  }

  /** Arms this fault on the link. */
  public void injectInto(Link link) {
    (side == Side.TO_SERVER ? link.toServer() : link.toClient()).fault(kind, afterBytes);
  }
}
