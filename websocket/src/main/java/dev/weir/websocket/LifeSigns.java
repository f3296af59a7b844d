package dev.weir.websocket;

import dev.weir.websocket.spi.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Watches whether the peer lives: pings a silent one (H7), and ends the connection of one that
 * stays silent or whose input has ended unread (B4). Not thread-safe: the event loop's.
 *
 * <p>While this side has paused reading the peer can not be heard, so its time stands still (B3).
 */
final class LifeSigns implements Runnable {
  private final Session session;

  private EventLoop.@Nullable Timer peerTimer;

  /**
   * The next probe while reading is paused; from the peer's end on, when its reader's time ends.
   */
  private EventLoop.@Nullable Timer unheardTimer;

  /** Only where connections that are not used are closed. */
  private @Nullable UseWatch useWatch;

  private long heardAt;

  /** Whether it was pinged and not heard since. */
  private boolean answerDue;

  private boolean hearing = true;
  private boolean peerEnding;
  private boolean readSinceEnding;

  LifeSigns(Session session) {
    this.session = session;
  }

  void start() {
    KeepAliveOptions keepAlive = keepAlive();
    if (keepAlive != null) {
      heardAt = now();
      peerTimer = schedule(this, keepAlive.interval());
    }
    Duration idleTimeout = session.options().idleTimeout();
    if (idleTimeout != null) {
      useWatch = new UseWatch(session, idleTimeout);
    }
  }

  // Not kept in fields: there may be very many connections.

  private @Nullable KeepAliveOptions keepAlive() {
    return session.options().keepAlive();
  }

  private Duration endingTimeout() {
    return session.options().closeTimeout();
  }

  private long now() {
    return session.eventLoop().nanoTime();
  }

  private EventLoop.Timer schedule(Runnable task, Duration delay) {
    return session.eventLoop().schedule(task, delay.toNanos());
  }

  void stop() {
    cancel(peerTimer);
    cancel(unheardTimer);
    if (useWatch != null) {
      useWatch.stop();
    }
  }

  private static void cancel(EventLoop.@Nullable Timer timer) {
    if (timer != null) {
      timer.cancel();
    }
  }

  /** Bytes of any kind came: the peer lives. */
  void bytesReceived() {
    readSinceEnding = true;
    if (keepAlive() != null) {
      heardAt = now();
      answerDue = false;
    }
  }

  /**
   * A full output has drained: the peer took what it had been too slow for, so it lives, though its
   * pong may wait behind that. What a system's send buffer merely takes in proves nothing.
   */
  void outputDrained() {
    if (keepAlive() != null) {
      heardAt = now();
      answerDue = false;
    }
  }

  /** A message was sent or received. */
  void dataMoved() {
    if (useWatch != null) {
      useWatch.used();
    }
  }

  /** Reading was paused or resumed: a peer is given its whole time anew once it can be heard. */
  void readingChanged() {
    boolean now = !session.isReadingPaused();
    if (now == hearing) {
      return;
    }
    hearing = now;
    if (!hearing) {
      if (!peerEnding) {
        probeWhilePaused();
      }
      return;
    }
    if (!peerEnding) {
      cancel(unheardTimer);
    }
    if (keepAlive() != null) {
      heardAt = now();
      answerDue = false;
    }
  }

  /**
   * Not every transport can see the peer's end while nothing is read. A write to a peer that is
   * gone fails, so one that needs no answer is made now and then: a pong that nobody asked for (B4,
   * RFC 6455 §5.5.3).
   */
  private void probeWhilePaused() {
    unheardTimer =
        schedule(
            () -> {
              session.sendProbe();
              probeWhilePaused();
            },
            endingTimeout());
  }

  /** Listens whether the peer has been heard in time. */
  @Override
  public void run() {
    KeepAliveOptions wanted = keepAlive();
    if (wanted == null) {
      return;
    }
    if (!hearing) {
      peerTimer = schedule(this, wanted.interval());
      return;
    }
    if (answerDue) {
      session.end(
          new TimeoutException(
              "the peer sent nothing within "
                  + Durations.text(wanted.timeout())
                  + " of a ping, after "
                  + Durations.text(wanted.interval())
                  + " of silence"));
      return;
    }
    long silence = now() - heardAt;
    long left = wanted.interval().toNanos() - silence;
    if (left > 0) {
      peerTimer = schedule(this, Duration.ofNanos(left));
      return;
    }
    answerDue = true;
    session.sendKeepAlivePing();
    peerTimer = schedule(this, wanted.timeout());
  }

  /**
   * The peer is gone, though what it sent may not have been read yet. As long as the reader reads
   * it has its time; one that does not must not keep a dead connection (B4).
   */
  void inputEnding() {
    if (!peerEnding) {
      peerEnding = true;
      cancel(unheardTimer);
      waitForReader();
    }
  }

  private void waitForReader() {
    readSinceEnding = false;
    long undelivered = session.undeliveredBytes();
    unheardTimer =
        schedule(
            () -> {
              if (readSinceEnding || session.undeliveredBytes() < undelivered) {
                waitForReader();
              } else {
                session.end(
                    new TimeoutException(
                        "the peer ended the connection, and what it had sent before was not read"
                            + " within "
                            + Durations.text(endingTimeout())));
              }
            },
            endingTimeout());
  }
}
