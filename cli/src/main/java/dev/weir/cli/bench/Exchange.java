package dev.weir.cli.bench;

import dev.weir.websocket.Message;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One connection's share of a run: sends what is due, checks and times what comes back.
 * Thread-safe: sending is for one thread at a time, receiving belongs to the event loop.
 */
final class Exchange implements Driver.Events {
  private final int number;
  private final Run run;
  private final long openedFrom;

  // Sending; by the pumping alone.
  private final Serial pumping = new Serial(this::pump);
  private final AtomicLong sent = new AtomicLong();
  private final long quota;

  /** When each message in flight was sent, for those that nobody has set a time for. */
  private final long[] sentAt;

  // Receiving; written by the event loop.
  private final AtomicLong received = new AtomicLong();
  private @Nullable Meter meter;

  private volatile Driver.@Nullable Link link;
  private final AtomicBoolean completed = new AtomicBoolean();

  /** What the connections of a run have in common. Thread-safe. */
  interface Run {
    Load load();

    Payloads payloads();

    Meters meters();

    Mishaps mishaps();

    /** The schedule; asked only after the start of a paced run. */
    Pacer pacer();

    /** Whether messages are to be sent now. */
    boolean isSending();

    /** Whether this side has begun to end it all. */
    boolean isEnding();

    /** The clock, in nanoseconds. */
    long now();

    /** A connection is open, or can not be opened. */
    void settled(Exchange exchange, boolean open, long nanos);

    /** A connection has done its share, or can do no more of it. */
    void completed();

    /** An open connection is gone. */
    void gone();
  }

  /**
   * A connection that is about to be opened.
   *
   * @param quota how many messages are its share, or {@link Long#MAX_VALUE}
   */
  Exchange(int number, long quota, Run run) {
    this.number = number;
    this.quota = quota;
    this.run = run;
    this.sentAt = run.load().isPaced() ? new long[0] : new long[run.load().inFlight()];
    this.openedFrom = run.now();
  }

  /** Its place among the connections, from 0. */
  int number() {
    return number;
  }

  /** Sends what is due and has room. Any thread. */
  void send() {
    pumping.run();
  }

  /** Reads another message of a connection that was opened paused. Any thread. */
  void readOne() {
    Driver.Link open = link;
    if (open != null) {
      open.request(1);
    }
  }

  /** Starts the closing handshake. Any thread. */
  void close() {
    Driver.Link open = link;
    if (open != null) {
      open.close();
    }
  }

  private void pump() {
    Driver.Link open = link;
    if (open == null || run.load().work() != Load.Work.ECHO) {
      return;
    }
    int window = run.load().inFlight();
    long next = sent.getPlain();
    while (run.isSending() && next < quota && next - received.getAcquire() < window) {
      long now = run.now();
      if (run.load().isPaced()) {
        if (run.pacer().due(number, next) - now > 0) {
          return;
        }
      } else {
        sentAt[(int) (next % window)] = now;
      }
      Message message = run.payloads().message(number, next);
      next++;
      // Before it goes out, since its echo may come on another thread.
      sent.setRelease(next);
      open.send(message);
    }
  }

  // Events

  @Override
  public void opened(Driver.Link opened) {
    link = opened;
    meter = run.meters().ofThread();
    run.settled(this, true, run.now() - openedFrom);
  }

  @Override
  public void failed(Throwable failure) {
    run.mishaps().notOpened(failure);
    run.settled(this, false, run.now() - openedFrom);
  }

  @Override
  public void received(Message message) {
    long now = run.now();
    Meter mine = run.load().readRate() > 0 || meter == null ? run.meters().ofThread() : meter;
    long answered = received.getPlain();
    if (run.load().work() == Load.Work.ECHO) {
      if (answered >= sent.getAcquire()) {
        run.mishaps().count(Mishaps.UNASKED);
        return;
      }
      switch (run.payloads().check(number, answered, message)) {
        case RIGHT -> mine.received(run.load().size());
        case OUT_OF_ORDER -> run.mishaps().count(Mishaps.OUT_OF_ORDER);
        case WRONG -> run.mishaps().count(Mishaps.WRONG_ECHO);
      }
      mine.latency(now - sentTime(answered));
    } else if (answered < quota) {
      mine.received(Payloads.sizeOf(message));
    } else {
      // The server sends on until the Close has reached it.
      return;
    }
    received.setRelease(answered + 1);
    if (answered + 1 == quota) {
      complete();
    } else {
      pumping.run();
    }
  }

  private long sentTime(long message) {
    return run.load().isPaced()
        ? run.pacer().due(number, message)
        : sentAt[(int) (message % sentAt.length)];
  }

  @Override
  public void ended(int code, boolean clean, @Nullable Throwable failure) {
    run.mishaps().closed(code);
    if (!clean) {
      run.mishaps().count(Mishaps.LOST);
    } else if (!run.isEnding()) {
      run.mishaps().count(Mishaps.CLOSED_EARLY);
    }
    complete();
    run.gone();
  }

  private void complete() {
    if (completed.compareAndSet(false, true)) {
      run.completed();
    }
  }
}
