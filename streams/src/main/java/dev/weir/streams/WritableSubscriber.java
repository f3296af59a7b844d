package dev.weir.streams;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A subscriber that writes to a stream, and requests what that has room for. Thread-safe: whatever
 * happens calls {@link #run}, and one thread at a time requests.
 *
 * @param <T> the type of the chunks
 */
final class WritableSubscriber<T> implements Flow.Subscriber<T> {
  private final WritableStreamDefaultWriter<T> writer;
  private final AtomicInteger calls = new AtomicInteger();

  private volatile Flow.@Nullable Subscription subscription;
  private volatile boolean ended; // by the publisher

  /** Requested, and not yet come. */
  private final AtomicInteger outstanding = new AtomicInteger();

  private volatile boolean awaitingReady;
  private boolean cancelled; // touched by the thread that requests

  WritableSubscriber(WritableStreamDefaultWriter<T> writer) {
    this.writer = writer;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    Objects.requireNonNull(subscription, "subscription");
    if (this.subscription != null) {
      subscription.cancel(); // rule 2.5
      return;
    }
    this.subscription = subscription;
    var unused = writer.closed().whenComplete((closed, failure) -> run());
    run();
  }

  @Override
  public void onNext(T item) {
    Objects.requireNonNull(item, "item");
    var unused = writer.write(item); // a failure shows in the stream's state
    outstanding.decrementAndGet();
    run();
  }

  @Override
  public void onError(Throwable failure) {
    Objects.requireNonNull(failure, "failure");
    ended = true;
    var unused = writer.abort(failure);
    writer.releaseLock();
  }

  @Override
  public void onComplete() {
    ended = true;
    var unused = writer.stream().closeUnlessEnded();
    writer.releaseLock();
  }

  private void run() {
    if (calls.getAndIncrement() == 0) {
      int left = 1;
      do {
        while (step()) {}
        left = calls.addAndGet(-left);
      } while (left != 0);
    }
  }

  /** Does one thing; false if there is nothing to do until the next call of run(). */
  private boolean step() {
    Flow.Subscription from = subscription;
    if (from == null || ended || cancelled) {
      return false;
    }
    if (writer.stream().state() != WritableCore.State.WRITABLE) {
      cancelled = true;
      from.cancel();
      writer.releaseLock();
      return false;
    }
    if (outstanding.get() > 0) {
      return false;
    }
    double room = writer.stream().desiredSize();
    if (room > 0) {
      int more = Math.max(1, (int) Math.min(room, Flow.defaultBufferSize()));
      outstanding.addAndGet(more);
      from.request(more);
      return true;
    }
    if (!awaitingReady) {
      awaitingReady = true;
      var unused =
          writer
              .ready()
              .whenComplete(
                  (done, failure) -> {
                    awaitingReady = false;
                    run();
                  });
    }
    return false;
  }
}
