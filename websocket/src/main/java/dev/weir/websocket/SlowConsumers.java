package dev.weir.websocket;

import dev.weir.protocol.close.CloseCode;
import java.util.Objects;

/**
 * What a {@link Topic} does with members that do not keep up (B5). Immutable.
 *
 * <p>What the network does not take at once waits in a queue of each member, beyond the
 * connection's own send buffer. A queued message counts for its payload and 64 bytes more. The
 * queue is bounded, but for one message, which always goes, however large; when one more does not
 * fit, the action is taken.
 *
 * @param action what is done when a member's queue is full
 * @param queueBytes the bound of each member's queue, in bytes; 1 MiB unless set
 * @param underWayBytes the bound of all publishes to one topic that are under way, in bytes, each
 *     counted once; 4 MiB unless set. One is under way until its future is done: until every event
 *     loop has taken it and, with {@link Action#WAIT}, all members have room. One more is refused
 */
public record SlowConsumers(Action action, long queueBytes, long underWayBytes) {
  /** The bound of a member's queue unless another is set: 1 MiB. */
  public static final long QUEUE_BYTES = 1 << 20;

  /** The bound of the publishes under way unless another is set: 4 MiB. */
  public static final long UNDER_WAY_BYTES = 4 << 20;

  /** What a topic does unless told otherwise: {@link #close(int) close(1013)}. */
  public static final SlowConsumers DEFAULT =
      new SlowConsumers(Action.CLOSE_1013, QUEUE_BYTES, UNDER_WAY_BYTES);

  /** What is done when a member's queue is full. */
  public enum Action {
    /**
     * The publisher waits: the message is queued all the same, for the slow member too, and the
     * future of its publish stays pending until each member's queue is down to half its bound, or
     * its connection has ended. No thread waits, and other members have the message already. Who
     * publishes on without waiting is refused at the bound of the publishes under way, so a queue
     * holds at most the two bounds together.
     */
    WAIT,
    /**
     * The oldest queued messages of this topic are dropped for this member until the new one fits.
     * A message that is partly sent is not dropped, nor are messages sent by {@code send}.
     */
    DROP_OLDEST,
    /** The member is closed with 1008, and what is queued for it by this topic is dropped. */
    CLOSE_1008,
    /** The member is closed with 1013, and what is queued for it by this topic is dropped. */
    CLOSE_1013
  }

  /**
   * What a topic does with these bounds.
   *
   * @throws IllegalArgumentException if a bound is not positive
   */
  public SlowConsumers {
    Objects.requireNonNull(action, "action");
    positive(queueBytes, "queue");
    positive(underWayBytes, "publishes under way");
  }

  private static void positive(long bytes, String what) {
    if (bytes <= 0) {
      throw new IllegalArgumentException(
          "expected a positive bound of the " + what + " but was " + bytes + " bytes");
    }
  }

  /** The publisher waits, as {@link Action#WAIT} says. */
  public static SlowConsumers publisherWaits() {
    return DEFAULT.with(Action.WAIT);
  }

  /** The oldest messages are dropped, as {@link Action#DROP_OLDEST} says. */
  public static SlowConsumers dropOldest() {
    return DEFAULT.with(Action.DROP_OLDEST);
  }

  /**
   * The slow member is closed. Its Close frame follows what is partly sent, so a peer that reads
   * nothing at all within the close timeout sees 1006 instead.
   *
   * @param closeCode 1008 or 1013
   * @throws IllegalArgumentException if the code is another
   */
  public static SlowConsumers close(int closeCode) {
    return switch (closeCode) {
      case CloseCode.POLICY_VIOLATION -> DEFAULT.with(Action.CLOSE_1008);
      case CloseCode.TRY_AGAIN_LATER -> DEFAULT.with(Action.CLOSE_1013);
      default -> throw new IllegalArgumentException("expected 1008 or 1013 but was " + closeCode);
    };
  }

  private SlowConsumers with(Action other) {
    return new SlowConsumers(other, queueBytes, underWayBytes);
  }

  /** The same with this bound of each member's queue, in bytes. */
  public SlowConsumers withQueueBytes(long bytes) {
    return new SlowConsumers(action, bytes, underWayBytes);
  }

  /** The same with this bound of the publishes under way, in bytes. */
  public SlowConsumers withUnderWayBytes(long bytes) {
    return new SlowConsumers(action, queueBytes, bytes);
  }
}
