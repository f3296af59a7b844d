package dev.weir.streams;

import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A thread that waits for one chunk. Made and awaited by that thread; answered by any other.
 *
 * @param <T> the type of the chunks
 */
final class BlockingRead<T> implements ReadRequest<T> {
  private enum State {
    WAITING,
    CHUNK,
    CLOSED,
    FAILED
  }

  private final Thread reader = Thread.currentThread();

  // Written before the state, by the one thread that answers.
  private @Nullable T chunk;
  private @Nullable Throwable failure;

  private volatile State state = State.WAITING;

  @Override
  public void chunk(T chunk) {
    chunk(chunk, LockSupport::unpark);
  }

  @Override
  public void chunk(T chunk, Consumer<Thread> waker) {
    this.chunk = chunk;
    state = State.CHUNK;
    waker.accept(reader);
  }

  @Override
  public void close() {
    answered(State.CLOSED);
  }

  @Override
  public void error(Throwable failure) {
    this.failure = failure;
    answered(State.FAILED);
  }

  private void answered(State answer) {
    state = answer;
    LockSupport.unpark(reader);
  }

  /** Waits for the answer; null is the end of the stream. */
  @Nullable T await(ReadableCore<T> stream) throws InterruptedException {
    boolean interrupted = false;
    while (state == State.WAITING) {
      LockSupport.park(this);
      if (state == State.WAITING && Thread.interrupted()) {
        if (stream.withdraw(this)) {
          throw new InterruptedException();
        }
        interrupted = true; // the answer is on its way, and must not get lost
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return answer();
  }

  /** Waits for the answer up to a time of {@link System#nanoTime}; null is the end. */
  @Nullable T await(ReadableCore<T> stream, long nanos)
      throws InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + nanos;
    while (state == State.WAITING) {
      long left = deadline - System.nanoTime();
      if (left > 0) {
        LockSupport.parkNanos(this, left);
      }
      boolean late = left <= 0;
      boolean stop = late || Thread.currentThread().isInterrupted();
      if (stop && state == State.WAITING) {
        if (!stream.withdraw(this)) {
          return await(stream); // the answer is on its way
        }
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        throw new TimeoutException("no chunk within " + nanos / 1_000_000 + " ms");
      }
    }
    return answer();
  }

  private @Nullable T answer() {
    if (failure != null) {
      throw Outcome.raise(failure);
    }
    return chunk;
  }
}
