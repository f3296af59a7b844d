package dev.weir.streams;

import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A publisher's elements as a source: the subscriber that requests what the stream wants.
 * Thread-safe.
 *
 * @param <T> the type of the chunks
 */
final class PublisherSource<T> implements UnderlyingSource<T>, Flow.Subscriber<T> {
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private @Nullable ReadableStreamDefaultController<T> controller;
  private Flow.@Nullable Subscription subscription;
  private boolean wanted; // a pull came before the subscription
  private boolean cancelled;
  private long outstanding; // requested, and not yet come

  @Override
  public @Nullable CompletionStage<?> start(ReadableStreamDefaultController<T> controller) {
    lock.lock();
    try {
      this.controller = controller;
    } finally {
      lock.unlock();
    }
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> pull(ReadableStreamDefaultController<T> controller) {
    request(controller);
    return null;
  }

  /** Requests so much that the queue will be full, or one element if somebody waits for it. */
  private void request(ReadableStreamDefaultController<T> controller) {
    long room = Math.max(1, (long) controller.desiredSize());
    Flow.Subscription asked;
    long more;
    lock.lock();
    try {
      asked = subscription;
      if (asked == null || cancelled) {
        wanted = true;
        return;
      }
      more = room - outstanding;
      if (more <= 0) {
        return;
      }
      outstanding += more;
    } finally {
      lock.unlock();
    }
    asked.request(more);
  }

  @Override
  public @Nullable CompletionStage<?> cancel(@Nullable Throwable reason) {
    Flow.Subscription ended;
    lock.lock();
    try {
      cancelled = true;
      ended = subscription;
    } finally {
      lock.unlock();
    }
    if (ended != null) {
      ended.cancel();
    }
    return null;
  }

  private ReadableStreamDefaultController<T> controller() {
    lock.lock();
    try {
      if (controller == null) {
        throw new IllegalStateException("expected a source of a stream but was not started");
      }
      return controller;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    Objects.requireNonNull(subscription, "subscription");
    boolean accepted;
    boolean requests;
    lock.lock();
    try {
      accepted = this.subscription == null && !cancelled;
      requests = wanted;
      if (accepted) {
        this.subscription = subscription;
      }
    } finally {
      lock.unlock();
    }
    if (!accepted) {
      subscription.cancel(); // rule 2.5
    } else if (requests) {
      request(controller());
    }
  }

  @Override
  public void onNext(T item) {
    Objects.requireNonNull(item, "item");
    lock.lock();
    try {
      outstanding--;
    } finally {
      lock.unlock();
    }
    controller().tryEnqueue(item);
  }

  @Override
  public void onError(Throwable failure) {
    Objects.requireNonNull(failure, "failure");
    controller().errorWhenDrained(failure);
  }

  @Override
  public void onComplete() {
    controller().stream().close();
  }
}
