package dev.weir.websocket;

import dev.weir.websocket.spi.EventLoop;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * Hands tasks of any thread to one event loop: in order, with one wake-up per burst, and with one
 * call at the end of each burst. Thread-safe.
 *
 * <p>What its tasks belong to extends it, so that of very many none has one more object.
 *
 * <p>Invariant: a task that is queued has a wake-up on its way, and a task runs inline only when
 * none is queued before it.
 */
abstract class LoopQueue implements Runnable {
  private static final class Task {
    private final Runnable action;

    /** The one before it, and once all are taken the one after it. */
    private @Nullable Task next;

    private Task(Runnable action) {
      this.action = action;
    }
  }

  private static final AtomicReferenceFieldUpdater<LoopQueue, @Nullable Task> NEWEST =
      AtomicReferenceFieldUpdater.newUpdater(LoopQueue.class, Task.class, "newest");

  /** Who puts the first one in front of none wakes the loop, which takes all of them at once. */
  private volatile @Nullable Task newest;

  /** Whether tasks are being run now, or none may be; the event loop's alone. */
  private boolean running;

  /** Where the tasks run. */
  abstract EventLoop eventLoop();

  /** The tasks of a burst have run. On the event loop. */
  abstract void burstEnded();

  /** Runs the task on the loop, after all that were given before it; at once if that is now. */
  final void execute(Runnable task) {
    if (mayRunNow()) {
      task.run();
      burstEnded();
      return;
    }
    if (add(task)) {
      wake();
    }
  }

  /**
   * Adds the task behind all that were given before it.
   *
   * @return whether the caller has to {@link #wake} the loop now
   */
  final boolean add(Runnable task) {
    var added = new Task(task);
    Task before;
    do {
      before = newest;
      added.next = before;
    } while (!NEWEST.compareAndSet(this, before, added));
    return before == null;
  }

  /** Lets the loop run what was added. */
  final void wake() {
    eventLoop().execute(this);
  }

  /** Runs what waits; the event loop's. */
  @Override
  public final void run() {
    runAll();
  }

  /** Whether the caller is on the loop and nothing is queued before it. */
  final boolean mayRunNow() {
    return eventLoop().inEventLoop() && !running && newest == null;
  }

  /** Runs what waits now; the event loop's. */
  final void runNow() {
    if (!running && newest != null) {
      runAll();
    }
  }

  private void runAll() {
    running = true;
    try {
      for (Task taken = takeAll(); taken != null; taken = takeAll()) {
        runInOrder(taken);
      }
    } finally {
      running = false;
      burstEnded();
    }
  }

  /**
   * Lets all tasks wait that are given from now on, as they do while others run, until {@link
   * #resume}; the event loop's.
   *
   * @return whether the caller has to resume it: not if it was paused, or running tasks, already
   */
  final boolean pause() {
    boolean begins = !running;
    running = true;
    return begins;
  }

  /** Ends a pause; what was given meanwhile runs when the loop gets to it. */
  final void resume() {
    running = false;
  }

  private @Nullable Task takeAll() {
    return NEWEST.getAndSet(this, null);
  }

  /** Runs the oldest first; one that fails does not take the rest with it. */
  private static void runInOrder(Task taken) {
    Task oldest = null;
    for (Task next = taken; next != null; ) {
      Task before = next.next;
      next.next = oldest;
      oldest = next;
      next = before;
    }
    RuntimeException failure = null;
    for (Task next = oldest; next != null; next = next.next) {
      try {
        next.action.run();
      } catch (RuntimeException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
