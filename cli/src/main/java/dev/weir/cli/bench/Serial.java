package dev.weir.cli.bench;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs one task for whoever asks, on the thread that asks, but never twice at a time: an asker that
 * finds it running makes it run once more and goes on. Thread-safe.
 */
final class Serial implements Runnable {
  private final AtomicInteger asked = new AtomicInteger();
  private final Runnable task;

  Serial(Runnable task) {
    this.task = task;
  }

  @Override
  public void run() {
    if (asked.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      task.run();
      seen = asked.addAndGet(-seen);
    } while (seen != 0);
  }
}
