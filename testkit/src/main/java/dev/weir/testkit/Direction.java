package dev.weir.testkit;

import dev.weir.testkit.Fault.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a {@link Link}: a bounded window of bytes under way, cut into pieces on arrival,
 * that can be stalled, ended or reset. Not thread-safe: for the thread that drives the loop.
 *
 * <p>As with TCP, the sender's bytes are taken while there is room in the window, and room is made
 * when the receiver reads; nothing takes time, so bytes arrive in the loop's next tasks.
 */
public final class Direction {
  /** The window unless {@link #window} says otherwise, in bytes. */
  public static final int DEFAULT_WINDOW = 65_536;

  private static final int MAX_READ = 65_536;
  private static final int READS_PER_BURST = 16;
  private static final long NEVER = Long.MAX_VALUE;

  private final ManualEventLoop loop;
  private final String name;
  private final ByteQueue underWay = new ByteQueue();

  // the two ends, set once by the link
  private @Nullable Direction reverse;
  private @Nullable Sender sender;
  private @Nullable Receiver receiver;

  // settings
  private int window = DEFAULT_WINDOW;
  private Chunking chunking = Chunking.whole();
  private boolean endNoticedWhilePaused = true;
  private long faultAt = NEVER;
  private @Nullable Kind fault;

  // state
  private long delivered;
  private boolean stalled;
  private boolean swallowing;
  private boolean receiverGone;
  private boolean ended;
  private @Nullable IOException reset;
  private boolean broken;
  private boolean noticed;
  private boolean endDelivered;
  private boolean resetDelivered;
  private boolean scheduled;

  Direction(ManualEventLoop loop, String name) {
    this.loop = loop;
    this.name = name;
  }

  void join(Direction reverse, Sender sender, Receiver receiver) {
    this.reverse = reverse;
    this.sender = sender;
    this.receiver = receiver;
  }

  /**
   * Sets how many bytes may be under way: what the systems of both ends hold together. 0 takes
   * nothing. {@value #DEFAULT_WINDOW} unless set.
   */
  public Direction window(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("expected a window of 0 bytes or more but was " + bytes);
    }
    window = bytes;
    schedule();
    return this;
  }

  /** Sets how arriving bytes are cut. {@link Chunking#whole} unless set. */
  public Direction chunking(Chunking pieces) {
    chunking = Objects.requireNonNull(pieces, "pieces");
    return this;
  }

  /**
   * Sets whether a receiver that has paused reading is told that the sender has ended or is gone
   * (B4). True unless set; not all real transports can tell.
   */
  public Direction endNoticedWhilePaused(boolean noticedWhilePaused) {
    endNoticedWhilePaused = noticedWhilePaused;
    return this;
  }

  /** Holds back all that is under way, the end too, until {@link #resume}. No one is told. */
  public void stall() {
    stalled = true;
  }

  /** Lets bytes arrive again after {@link #stall} or a fault of that kind. */
  public void resume() {
    stalled = false;
    schedule();
  }

  /**
   * Arms a fault, in the place of one armed before.
   *
   * @param afterBytes how many bytes still arrive, counted from the beginning of the link
   */
  public void fault(Kind kind, long afterBytes) {
    fault = Objects.requireNonNull(kind, "kind");
    faultAt = Math.max(afterBytes, delivered);
    schedule();
  }

  /** How many bytes have arrived so far. */
  public long delivered() {
    return delivered;
  }

  /** How many bytes are under way: taken from the sender, not yet read by the receiver. */
  public int underWay() {
    return underWay.size();
  }

  /** How many bytes have come as far as the receiver's system and wait there to be read. */
  int arrived() {
    return stalled ? 0 : underWay.size();
  }

  /** Moves as many bytes into the window as there is room for. */
  void offer(ByteQueue unsent) {
    if (swallowing) {
      unsent.clear();
      return;
    }
    int room = Math.max(0, window - underWay.size());
    int taken = Math.min(room, unsent.size());
    if (taken > 0) {
      unsent.moveTo(underWay, taken);
      schedule();
    }
  }

  /** The sender sends no more. */
  void end() {
    ended = true;
    schedule();
  }

  /** The sender is gone at once; what is under way is lost. */
  void reset(String why) {
    if (reset == null) {
      underWay.clear();
      reset = new IOException(why);
      schedule();
    }
  }

  /** The receiver is gone: bytes that arrive from now on are answered with a reset. */
  void abandon() {
    receiverGone = true;
    schedule();
  }

  /** The reset that has arrived, also if the receiver has paused reading and was not told of it. */
  @Nullable IOException arrivedReset() {
    return stalled ? null : reset;
  }

  /** The receiver reads again. */
  void readingResumed() {
    schedule();
  }

  private void schedule() {
    if (!scheduled) {
      scheduled = true;
      loop.execute(this::deliver);
    }
  }

  private void deliver() {
    scheduled = false;
    strikeWhenDue();
    if (stalled) {
      return;
    }
    Receiver to = Objects.requireNonNull(receiver, "not joined");
    if ((receiverGone || broken) && !underWay.isEmpty()) {
      underWay.clear();
      otherWay().reset("Connection reset by peer");
    }
    if (receiverGone) {
      // Nobody is left to be told.
    } else if (to.isReading()) {
      deliverBurst(to);
    } else if ((ended || reset != null) && !noticed && endNoticedWhilePaused) {
      noticed = true;
      to.ending();
    }
    Objects.requireNonNull(sender, "not joined").roomMade();
  }

  private void deliverBurst(Receiver to) {
    int reads = 0;
    while (!underWay.isEmpty() && to.isReading() && !stalled && reads < READS_PER_BURST) {
      long untilFault = faultAt - delivered;
      int available = (int) Math.min(Math.min(underWay.size(), MAX_READ), untilFault);
      byte[] piece = underWay.take(chunking.next(available));
      delivered += piece.length;
      reads++;
      hand(to, piece);
      strikeWhenDue();
    }
    if (reads > 0) {
      to.burstEnded();
    }
    if (!underWay.isEmpty()) {
      if (!stalled) {
        // There is more to read, or, if the receiver has just paused, perhaps an end to notice.
        schedule();
      }
    } else if (!stalled && to.isReading()) {
      finish(to);
    } else if (!stalled && (ended || reset != null) && !noticed) {
      // The receiver has paused with the last byte before the end.
      schedule();
    }
  }

  private void finish(Receiver to) {
    if (reset != null && !resetDelivered) {
      resetDelivered = true;
      to.reset(reset);
    } else if (reset == null && ended && !endDelivered) {
      endDelivered = true;
      to.ended();
    }
  }

  private void hand(Receiver to, byte[] piece) {
    ByteBuffer buffer = ByteBuffer.wrap(piece);
    to.bytes(buffer);
    if (buffer.hasRemaining()) {
      throw new IllegalStateException(
          "expected all of the "
              + piece.length
              + " bytes to be consumed but "
              + buffer.remaining()
              + " remain");
    }
    // The receiver had its chance to copy: whoever keeps the buffer finds it spoiled.
    Arrays.fill(piece, (byte) 0xDD);
  }

  private void strikeWhenDue() {
    if (fault == null || delivered < faultAt) {
      return;
    }
    Kind kind = fault;
    fault = null;
    faultAt = NEVER;
    switch (kind) {
      case STALL -> stalled = true;
      case HALF_CLOSE -> {
        underWay.clear();
        swallowing = true;
        ended = true;
      }
      case CUT -> {
        breakOff();
        otherWay().breakOff();
      }
      case RESET -> {
        reset("Connection reset by peer");
        otherWay().reset("Connection reset by peer");
      }
    }
  }

  private void breakOff() {
    underWay.clear();
    broken = true;
    ended = true;
    schedule();
  }

  private Direction otherWay() {
    return Objects.requireNonNull(reverse, "not joined");
  }

  @Override
  public String toString() {
    return name + "[" + delivered + " bytes delivered, " + underWay.size() + " under way]";
  }

  /** The end that sends into a direction. */
  interface Sender {
    /** There may be room in the window. */
    void roomMade();
  }

  /** The end that receives from a direction. */
  interface Receiver {
    boolean isReading();

    void bytes(ByteBuffer piece);

    void burstEnded();

    void ending();

    void ended();

    void reset(IOException cause);
  }
}
