package dev.weir.streams;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A thread that waits for one write. Made and awaited by that thread; answered by any other. */
final class BlockingWrite implements WriteRequest {
  private enum State {
    WAITING,
    WRITTEN,
    FAILED
  }

  private final Thread writer = Thread.currentThread();

  private @Nullable Throwable failure; // written before the state, by the one thread that answers
  private volatile State state = State.WAITING;

  @Override
  public void written() {
    answered(State.WRITTEN);
  }

  @Override
  public void failed(Throwable failure) {
    this.failure = failure;
    answered(State.FAILED);
  }

  private void answered(State answer) {
    state = answer;
    LockSupport.unpark(writer);
  }

  void await() throws InterruptedException {
    while (state == State.WAITING) {
      LockSupport.park(this);
      if (state == State.WAITING && Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    if (failure != null) {
      throw Outcome.raise(failure);
    }
  }
}
