package dev.weir.websocket.tests;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** An executor that runs a task when the test says so. Not thread-safe. */
final class ManualExecutor implements Executor {
  private final Queue<Runnable> tasks = new ArrayDeque<>();

  private boolean shut;

  /** Takes nothing from now on; what it has taken may still be run. */
  void shutDown() {
    shut = true;
  }

  /** Takes nothing from now on, and forgets what it has taken. */
  void shutDownNow() {
    shut = true;
    tasks.clear();
  }

  @Override
  public void execute(Runnable task) {
    if (shut) {
      throw new RejectedExecutionException("shut down");
    }
    tasks.add(task);
  }

  int waiting() {
    return tasks.size();
  }

  /** Runs one task. */
  void runOne() {
    tasks.remove().run();
  }

  /** Runs all tasks, those included that they add. */
  void runAll() {
    while (!tasks.isEmpty()) {
      runOne();
    }
  }
}
