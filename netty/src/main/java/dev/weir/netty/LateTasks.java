package dev.weir.netty;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs what is handed to event loops after their end, one task at a time. Thread-safe.
 *
 * <p>A call on a connection whose transport has been closed must still get its answer. The thread
 * is a daemon and ends when it has been idle for a while.
 */
final class LateTasks {
  private static final long IDLE_MILLIS = 100;
  private static final ThreadPoolExecutor EXECUTOR =
      new ThreadPoolExecutor(
          1, 1, IDLE_MILLIS, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), LateThread::new);

  static {
    EXECUTOR.allowCoreThreadTimeOut(true);
  }

  private LateTasks() {}

  static void execute(Runnable task) {
    EXECUTOR.execute(task);
  }

  static boolean isCurrentThread() {
    return Thread.currentThread() instanceof LateThread;
  }

  private static final class LateThread extends Thread {
    LateThread(Runnable task) {
      super(task, "weir-late");
      setDaemon(true);
    }
  }
}
