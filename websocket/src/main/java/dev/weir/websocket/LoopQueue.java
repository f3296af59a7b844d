package dev.weir.websocket;

import dev.weir.websocket.spi.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Hands tasks of any thread to one event loop: in order, with one wake-up per burst, and with one
 * call at the end of each burst. Thread-safe.
 *
 * <p>Invariant: a task that is queued has a wake-up on its way, and a task runs inline only when
 * none is queued before it.
 */
final class LoopQueue {
  private final EventLoop loop;
  private final Runnable afterBurst;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean wakeUpOnItsWay = new AtomicBoolean();

  /** Whether tasks are being run now; the event loop's alone. */
  private boolean running;

  LoopQueue(EventLoop loop, Runnable afterBurst) {
    this.loop = loop;
    this.afterBurst = afterBurst;
  }

  /** Runs the task on the loop, after all that were given before it; at once if that is now. */
  void execute(Runnable task) {
    if (mayRunNow()) {
      task.run();
      afterBurst.run();
      return;
    }
    tasks.add(task);
    if (!wakeUpOnItsWay.get() && wakeUpOnItsWay.compareAndSet(false, true)) {
      loop.execute(this::runAll);
    }
  }

  /** Whether the caller is on the loop and nothing is queued before it. */
  boolean mayRunNow() {
    return loop.inEventLoop() && !running && tasks.isEmpty();
  }

  /** Runs what waits now; the event loop's. */
  void runNow() {
    if (!running && !tasks.isEmpty()) {
      runAll();
    }
  }

  private void runAll() {
    wakeUpOnItsWay.set(false);
    running = true;
    try {
      for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
        task.run();
      }
    } finally {
      running = false;
      afterBurst.run();
    }
  }
}
