package dev.weir.streams;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The lock of one stream, with what is to run once it is free. Thread-safe.
 *
 * <p>Whoever changes a stream's state under the lock finds out what has to be told to others, but
 * must not tell them there: a callback could block or take another stream's lock. It leaves that to
 * {@link #afterwards}, and {@link #unlock} runs it on the same thread.
 */
final class StreamLock {
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock. Rarely needed: reads and writes of chunks do without.
  private @Nullable List<Runnable> afterwards;

  /** Takes the lock; it is not taken twice by a thread. */
  void lock() {
    lock.lock();
  }

  /** Has the action run when the lock is released; the caller holds the lock. */
  void afterwards(Runnable action) {
    if (afterwards == null) {
      afterwards = new ArrayList<>();
    }
    afterwards.add(action);
  }

  /** Releases the lock, then runs what was left for afterwards, in order. */
  void unlock() {
    List<Runnable> actions = afterwards;
    afterwards = null;
    lock.unlock();
    if (actions != null) {
      actions.forEach(Runnable::run);
    }
  }
}
