package dev.weir.streams;

import java.util.Objects;

/**
 * What a sink holds of its {@link WritableStream}: the means to fail it, and to learn of an abort.
 * Thread-safe.
 *
 * @see <a href="https://streams.spec.whatwg.org/#ws-default-controller-class">Streams Standard,
 *     5.4</a>
 */
public final class WritableStreamDefaultController {
  private final WritableCore<?> stream;

  WritableStreamDefaultController(WritableCore<?> stream) {
    this.stream = stream;
  }

  /**
   * Aborted as soon as the stream's {@code abort} is called, also while a write or close of the
   * sink is under way, so that it need not run to its end.
   */
  public AbortSignal signal() {
    return stream.signal();
  }

  /**
   * Errors the stream: writes that wait fail with this, and the sink is called no more. Does
   * nothing unless the stream is writable.
   */
  public void error(Throwable failure) {
    stream.error(Objects.requireNonNull(failure, "failure"));
  }

  /**
   * Says that nothing more will be taken, though the sink may be busy for long: writes that wait
   * behind the one under way fail with this, at once, and so do those that would come to wait there
   * later. The one under way keeps its own fate and the stream its state, so that {@link #error}
   * may still say how it ended; writes and a close that need not wait go to the sink. Java only.
   */
  public void refuseWaiting(Throwable failure) {
    stream.refuseWaiting(Objects.requireNonNull(failure, "failure"));
  }
}
