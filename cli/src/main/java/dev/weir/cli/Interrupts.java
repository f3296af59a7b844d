package dev.weir.cli;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * The wish to end that comes from outside: the first one is heeded, the second ends the process at
 * once. Thread-safe.
 */
final class Interrupts {
  private final Consumer<ExitCode> hardEnd;

  // Guarded by the lock.
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable ExitCode first;
  private Consumer<ExitCode> reaction = code -> {};

  /**
   * Interrupts that come from nowhere yet.
   *
   * @param hardEnd ends the process now
   */
  Interrupts(Consumer<ExitCode> hardEnd) {
    this.hardEnd = hardEnd;
  }

  /** Listens for SIGINT, SIGTERM and SIGHUP; those that this system has not are left out. */
  Interrupts listening() {
    Signals.register("INT", () -> raise(ExitCode.INTERRUPTED));
    Signals.register("TERM", () -> raise(ExitCode.TERMINATED));
    Signals.register("HUP", () -> raise(ExitCode.TERMINATED));
    return this;
  }

  /** Somebody wants an end. */
  void raise(ExitCode code) {
    Consumer<ExitCode> heeds;
    lock.lock();
    try {
      heeds = first == null ? reaction : hardEnd;
      if (first == null) {
        first = code;
      }
    } finally {
      lock.unlock();
    }
    heeds.accept(code);
  }

  /** Does this at the first interrupt from here on, at once if it has come before. */
  void react(Consumer<ExitCode> todo) {
    ExitCode come;
    lock.lock();
    try {
      reaction = todo;
      come = first;
    } finally {
      lock.unlock();
    }
    if (come != null) {
      todo.accept(come);
    }
  }

  /** What has come, or null. */
  @Nullable ExitCode raised() {
    lock.lock();
    try {
      return first;
    } finally {
      lock.unlock();
    }
  }
}
