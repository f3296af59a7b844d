package dev.weir.streams;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells an operation that it is to be given up, and why. Thread-safe; listeners run on the thread
 * that aborts, outside of any lock.
 *
 * <p>A signal made by {@link #any} asks its sources when it is asked, and listens to them only
 * while it has listeners itself. So a long-lived source holds no trace of a dependent signal that
 * nobody listens to.
 *
 * @see <a href="https://dom.spec.whatwg.org/#interface-AbortSignal">DOM, AbortSignal</a>
 */
public final class AbortSignal {
  /** Counts aborts, so that a dependent signal knows which of its sources came first. */
  private static final AtomicLong ABORTS = new AtomicLong();

  /** The signals that abort this one; never dependent ones themselves. Empty unless dependent. */
  private final List<AbortSignal> sources;

  /** Order: the lock of a dependent signal may be held while one of a source's is taken. */
  private final ReentrantLock lock = new ReentrantLock();

  // Written once, under the lock; read without it.
  private volatile @Nullable Abort abort;

  // Guarded by the lock.
  private final List<Registration> listeners = new ArrayList<>(0);
  private final List<Registration> atSources = new ArrayList<>(0);

  private record Abort(Throwable reason, long order) {}

  AbortSignal() {
    this(List.of());
  }

  private AbortSignal(List<AbortSignal> sources) {
    this.sources = sources;
  }

  /** A signal that is aborted already, with a new {@link AbortError}. */
  public static AbortSignal abort() {
    return abort(null);
  }

  /** A signal that is aborted already, with the reason, or a new {@link AbortError} if null. */
  public static AbortSignal abort(@Nullable Throwable reason) {
    AbortController controller = new AbortController();
    controller.abort(reason);
    return controller.signal();
  }

  /**
   * A signal that aborts with a {@link TimeoutError} after the duration. Its listeners run on the
   * common pool of the JVM.
   */
  public static AbortSignal timeout(Duration duration) {
    AbortSignal signal = new AbortSignal();
    CompletableFuture.delayedExecutor(nanos(duration), TimeUnit.NANOSECONDS)
        .execute(() -> signal.abortNow(timedOut(duration)));
    return signal;
  }

  /** As {@link #timeout(Duration)}, with the scheduler's time and threads. */
  public static AbortSignal timeout(Duration duration, ScheduledExecutorService scheduler) {
    AbortSignal signal = new AbortSignal();
    var unused =
        scheduler.schedule(
            () -> signal.abortNow(timedOut(duration)), nanos(duration), TimeUnit.NANOSECONDS);
    return signal;
  }

  private static long nanos(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("expected a timeout of zero or more but was " + duration);
    }
    try {
      return duration.toNanos();
    } catch (ArithmeticException longerThanTheClockCounts) {
      return Long.MAX_VALUE;
    }
  }

  private static TimeoutError timedOut(Duration duration) {
    return new TimeoutError("the operation took longer than " + duration.toMillis() + " ms");
  }

  /** A signal that is aborted as soon as one of the signals is, with that one's reason. */
  public static AbortSignal any(AbortSignal... signals) {
    return any(List.of(signals));
  }

  /** A signal that is aborted as soon as one of the signals is, with that one's reason. */
  public static AbortSignal any(Iterable<AbortSignal> signals) {
    Set<AbortSignal> sources = new LinkedHashSet<>();
    for (AbortSignal signal : signals) {
      Throwable reason = signal.reason();
      if (reason != null) { // step 2: of those aborted already, the first in the list counts
        return abort(reason);
      }
      if (signal.sources.isEmpty()) {
        sources.add(signal);
      } else {
        sources.addAll(signal.sources);
      }
    }
    return new AbortSignal(List.copyOf(sources));
  }

  /** Whether the operation is to be given up. */
  public boolean aborted() {
    return reason() != null;
  }

  /** Why, or null if not aborted; the same object at each call. */
  public @Nullable Throwable reason() {
    Abort current = current();
    return current == null ? null : current.reason();
  }

  /** Throws the reason itself, checked or not, if aborted. */
  public void throwIfAborted() {
    Throwable reason = reason();
    if (reason != null) {
      throw Outcome.raise(reason);
    }
  }

  /**
   * Calls the listener once with the reason when this signal aborts. Unlike a listener on the
   * platform, one that comes when the signal has been aborted already is called at once, on this
   * thread: with many threads "ask, then listen" would miss an abort in between.
   *
   * <p>What a listener throws goes to its thread's uncaught-exception handler; the other listeners
   * run all the same.
   *
   * @return the means to take the listener away again
   */
  public Registration onAbort(Consumer<? super Throwable> listener) {
    Registration registration = new Registration(this, listener);
    if (!addUnlessAborted(registration)) {
      Throwable reason = reason();
      if (reason != null) {
        registration.run(reason);
      }
    }
    return registration;
  }

  private boolean addUnlessAborted(Registration registration) {
    lock.lock();
    try {
      if (current() != null) {
        return false;
      }
      if (listeners.isEmpty() && !listenAtSources()) {
        return false;
      }
      listeners.add(registration);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean listenAtSources() {
    for (AbortSignal source : sources) {
      Registration atSource = new Registration(source, this::abortNow);
      if (!source.addUnlessAborted(atSource)) {
        leaveSources();
        return false; // current() now answers with that source's reason
      }
      atSources.add(atSource);
    }
    return true;
  }

  private void leaveSources() {
    atSources.forEach(Registration::remove);
    atSources.clear();
  }

  private void remove(Registration registration) {
    lock.lock();
    try {
      if (listeners.remove(registration) && listeners.isEmpty()) {
        leaveSources();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The abort of this signal; of a dependent one, that of the source which aborted first. */
  private @Nullable Abort current() {
    Abort own = abort;
    if (own != null || sources.isEmpty()) {
      return own;
    }
    Abort first = null;
    for (AbortSignal source : sources) {
      Abort of = source.abort;
      if (of != null && (first == null || of.order() < first.order())) {
        first = of;
      }
    }
    if (first == null) {
      return null;
    }
    lock.lock();
    try {
      if (abort == null) {
        abort = first; // settled now, whatever the clock of another source's abort says later
      }
      return abort;
    } finally {
      lock.unlock();
    }
  }

  /** Marks this signal aborted and runs its listeners; only the first call counts. */
  void abortNow(Throwable reason) {
    List<Registration> toRun;
    lock.lock();
    try {
      if (current() == null) {
        abort = new Abort(reason, ABORTS.incrementAndGet());
      }
      toRun = List.copyOf(listeners);
      listeners.clear();
      leaveSources();
    } finally {
      lock.unlock();
    }
    Throwable settled = reason();
    if (settled != null) {
      toRun.forEach(registration -> registration.run(settled));
    }
  }

  int listenerCount() {
    lock.lock();
    try {
      return listeners.size();
    } finally {
      lock.unlock();
    }
  }

  /** One listener at one signal. Thread-safe. */
  public static final class Registration implements AutoCloseable {
    private final AbortSignal signal;
    private final Consumer<? super Throwable> listener;

    private Registration(AbortSignal signal, Consumer<? super Throwable> listener) {
      this.signal = signal;
      this.listener = listener;
    }

    /** Takes the listener away; one that an abort is just calling may still be called. */
    public void remove() {
      signal.remove(this);
    }

    /** The same as {@link #remove}. */
    @Override
    public void close() {
      remove();
    }

    private void run(Throwable reason) {
      try {
        listener.accept(reason);
      } catch (Throwable thrown) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
      }
    }
  }
}
