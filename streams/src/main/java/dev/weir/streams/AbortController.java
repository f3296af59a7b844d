package dev.weir.streams;

import org.jspecify.annotations.Nullable;

/**
 * The owner of an {@link AbortSignal}: who holds it can abort what was given the signal.
 * Thread-safe.
 *
 * @see <a href="https://dom.spec.whatwg.org/#interface-abortcontroller">DOM, AbortController</a>
 */
public final class AbortController {
  private final AbortSignal signal = new AbortSignal();

  /** Makes a controller with a signal that is not aborted. */
  public AbortController() {}

  /** The signal, the same at each call. */
  public AbortSignal signal() {
    return signal;
  }

  /** Aborts with a new {@link AbortError}. */
  public void abort() {
    abort(null);
  }

  /**
   * Aborts, and runs the signal's listeners on this thread. Does nothing if it was aborted before.
   *
   * @param reason why; a new {@link AbortError} if null
   */
  public void abort(@Nullable Throwable reason) {
    signal.abortNow(reason == null ? new AbortError() : reason);
  }
}
