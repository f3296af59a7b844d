package dev.weir.websocket;

import dev.weir.websocket.spi.EventLoop;
import java.time.Duration;

/**
 * Closes a connection over which no message has come or gone for a time (P4). Not thread-safe: the
 * event loop's.
 */
final class UseWatch implements Runnable {
  private final Session session;
  private final long limitNanos;
  private EventLoop.Timer timer;
  private long usedAt;

  /** A watch that begins now. */
  UseWatch(Session session, Duration limit) {
    this.session = session;
    this.limitNanos = limit.toNanos();
    this.usedAt = now();
    this.timer = schedule(limitNanos);
  }

  private long now() {
    return session.eventLoop().nanoTime();
  }

  private EventLoop.Timer schedule(long delayNanos) {
    return session.eventLoop().schedule(this, delayNanos);
  }

  /** A message was sent or received. */
  void used() {
    usedAt = now();
  }

  void stop() {
    timer.cancel();
  }

  @Override
  public void run() {
    long left = limitNanos - (now() - usedAt);
    if (left > 0) {
      timer = schedule(left);
    } else {
      session.closeForIdleness();
    }
  }
}
