package dev.weir.streams;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A place to write chunks to, by one producer at a time. Thread-safe.
 *
 * @param <T> the type of the chunks
 * @see <a href="https://streams.spec.whatwg.org/#ws-class">Streams Standard, 5.2</a>
 */
public final class WritableStream<T> {
  private static final QueuingStrategy<Object> ONE_CHUNK = new CountQueuingStrategy(1);

  private final WritableCore<T> core;

  /** A stream into the sink that has room for one chunk. */
  public WritableStream(UnderlyingSink<T> sink) {
    this(sink, ONE_CHUNK);
  }

  /**
   * A stream into the sink. The sink is started before this returns.
   *
   * @throws IllegalArgumentException if the strategy's high-water mark is negative or not a number
   */
  public WritableStream(UnderlyingSink<T> sink, QueuingStrategy<? super T> strategy) {
    this.core = new WritableCore<>(sink, strategy);
    core.start();
  }

  WritableCore<T> core() {
    return core;
  }

  static StreamStateException isLocked() {
    return new StreamStateException(
        "an unlocked writable stream", "locked to a writer (or to a pipe or a subscriber)");
  }

  /** Whether a writer holds this stream, or a pipe or subscriber does. */
  public boolean locked() {
    return core.locked();
  }

  /**
   * Locks this stream and returns its writer.
   *
   * @throws StreamStateException if it is locked
   */
  public WritableStreamDefaultWriter<T> getWriter() {
    return new WritableStreamDefaultWriter<>(core);
  }

  /**
   * Closes this stream once all that was written has reached the sink. The future completes when
   * the sink has closed; it fails with a StreamStateException if the stream is locked, closing,
   * closed or errored.
   */
  public CompletableFuture<Void> close() {
    return locked() ? Promise.rejected(isLocked()) : core.close();
  }

  /** As {@link #abort(Throwable)} without a reason. */
  public CompletableFuture<Void> abort() {
    return abort(null);
  }

  /**
   * Gives this stream up: writes that wait fail with the reason, and the sink is told it. The
   * future completes when the sink is done with that; it fails with a StreamStateException if the
   * stream is locked.
   *
   * @param reason why; a new {@link AbortError} if null
   */
  public CompletableFuture<Void> abort(@Nullable Throwable reason) {
    return locked() ? Promise.rejected(isLocked()) : core.abort(reason);
  }

  /**
   * A subscriber that writes what it gets to this stream, and requests no more than that has room
   * for; locks it. The publisher's completion closes this stream and its failure aborts it; an
   * error of this stream cancels the subscription.
   *
   * @throws StreamStateException if this stream is locked
   */
  public Flow.Subscriber<T> subscriber() {
    return new WritableSubscriber<>(getWriter());
  }
}
