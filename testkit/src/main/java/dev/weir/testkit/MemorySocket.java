package dev.weir.testkit;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a {@link Link}, with what TCP makes of writing, ending, closing and resetting. Not
 * thread-safe: for the thread that drives the loop. Its events come in tasks of the loop, never
 * from inside a call.
 */
final class MemorySocket implements Direction.Sender, Direction.Receiver {
  private final ManualEventLoop loop;
  private final Direction out;
  private final Direction in;
  private final ByteQueue unsent = new ByteQueue();

  private Events events = Events.NONE;
  private Runnable whenGone = () -> {};
  private boolean reading;
  private boolean drainedDue;
  private boolean outputEnding;
  private boolean outputEnded;
  private boolean gone;

  MemorySocket(ManualEventLoop loop, Direction out, Direction in) {
    this.loop = loop;
    this.out = out;
    this.in = in;
  }

  /** Begins to tell; reading stays paused until {@link #setReading}. */
  void listen(Events listener) {
    events = listener;
  }

  /** Runs the action right before the last event, whoever listens. */
  void whenGone(Runnable action) {
    whenGone = action;
  }

  int unsentBytes() {
    return unsent.size();
  }

  boolean isGone() {
    return gone;
  }

  void write(byte[] bytes) {
    if (gone || bytes.length == 0) {
      return;
    }
    unsent.add(bytes);
    drainedDue = true;
    transfer();
  }

  /** Sends the end after what is unsent. */
  void shutdownOutput() {
    outputEnding = true;
    transfer();
  }

  /**
   * Closes both directions. What the system has taken still arrives, unless there is input that was
   * not read: then the peer gets a reset, as with TCP.
   */
  void close() {
    if (gone) {
      return;
    }
    if (in.arrived() > 0) {
      out.reset("Connection reset by peer");
    } else {
      out.end();
    }
    leave(null);
  }

  /** Closes if the output has ended; for an owner whose input has. */
  void closeIfOver() {
    if (outputEnded) {
      close();
    }
  }

  /** Closes both directions by a reset; what is under way is lost. */
  void reset() {
    if (!gone) {
      out.reset("Connection reset by peer");
      leave(null);
    }
  }

  void setReading(boolean nowReading) {
    reading = nowReading;
    if (nowReading) {
      in.readingResumed();
    }
  }

  private void leave(@Nullable IOException cause) {
    gone = true;
    unsent.clear();
    in.abandon();
    loop.execute(
        () -> {
          whenGone.run();
          events.gone(cause);
        });
  }

  private void transfer() {
    if (gone || outputEnded) {
      return;
    }
    IOException reset = in.arrivedReset();
    if (reset != null && !unsent.isEmpty()) {
      // A write to a connection that was reset fails, also where reading is paused.
      leave(reset);
      return;
    }
    int before = unsent.size();
    if (before > 0) {
      out.offer(unsent);
    }
    if (unsent.size() < before) {
      events.taken();
    }
    if (unsent.isEmpty()) {
      if (drainedDue) {
        drainedDue = false;
        events.drained();
      }
      if (outputEnding) {
        outputEnded = true;
        out.end();
      }
    }
  }

  @Override
  public void roomMade() {
    transfer();
  }

  @Override
  public boolean isReading() {
    return reading && !gone;
  }

  @Override
  public void bytes(ByteBuffer piece) {
    events.bytes(piece);
  }

  @Override
  public void burstEnded() {
    if (!gone) {
      events.burstEnded();
    }
  }

  @Override
  public void ending() {
    if (!gone) {
      events.ending();
    }
  }

  @Override
  public void ended() {
    if (!gone) {
      events.ended();
    }
  }

  @Override
  public void reset(IOException cause) {
    if (!gone) {
      leave(cause);
    }
  }

  /** What an end is told. {@code taken} and {@code drained} may come from inside a call. */
  interface Events {
    /** Tells nobody. */
    Events NONE =
        new Events() {
          @Override
          public void bytes(ByteBuffer piece) {}

          @Override
          public void burstEnded() {}

          @Override
          public void ending() {}

          @Override
          public void ended() {}

          @Override
          public void taken() {}

          @Override
          public void drained() {}

          @Override
          public void gone(@Nullable IOException cause) {}
        };

    void bytes(ByteBuffer piece);

    void burstEnded();

    void ending();

    void ended();

    /** The system took bytes that were unsent. */
    void taken();

    /** The system took the last of what was unsent. */
    void drained();

    void gone(@Nullable IOException cause);
  }
}
