package dev.weir.websocket.tests;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/** An executor that runs a task when the test says so. Not thread-safe. */
final class ManualExecutor implements Executor {
  private final Queue<Runnable> tasks = new ArrayDeque<>();

  @Override
  public void execute(Runnable task) {
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
