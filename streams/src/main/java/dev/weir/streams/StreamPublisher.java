package dev.weir.streams;

import java.util.Objects;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A readable stream as a publisher for one subscriber. Thread-safe.
 *
 * @param <T> the type of the chunks
 */
final class StreamPublisher<T> implements Flow.Publisher<T> {
  private final ReadableStream<T> stream;

  StreamPublisher(ReadableStream<T> stream) {
    this.stream = stream;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super T> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    ReadableStreamDefaultReader<T> reader;
    try {
      reader = stream.getReader();
    } catch (StreamStateException locked) {
      subscriber.onSubscribe(new Refused());
      subscriber.onError(locked);
      return;
    }
    new Reading<>(reader, subscriber).start(subscriber);
  }

  /** The subscription of a subscriber that gets nothing. */
  private static final class Refused implements Flow.Subscription {
    @Override
    public void request(long n) {}

    @Override
    public void cancel() {}
  }

  /**
   * The subscription of the one subscriber. Thread-safe: whatever happens calls {@link #run}, and
   * one thread at a time reads and signals.
   */
  private static final class Reading<T> implements Flow.Subscription, ReadRequest<T> {
    private final ReadableStreamDefaultReader<T> reader;
    private final AtomicLong demand = new AtomicLong();
    private final AtomicInteger calls = new AtomicInteger();

    private volatile boolean cancelled;
    private volatile @Nullable Throwable refusedRequest;

    // The answer to the read that is under way; handed over by the calls.
    private volatile @Nullable T answer;
    private volatile boolean answered;

    // Touched by the thread that signals. The subscriber is let go when nothing follows.
    private Flow.@Nullable Subscriber<? super T> subscriber;
    private boolean reading;

    Reading(ReadableStreamDefaultReader<T> reader, Flow.Subscriber<? super T> subscriber) {
      this.reader = reader;
      this.subscriber = subscriber;
    }

    void start(Flow.Subscriber<? super T> to) {
      calls.incrementAndGet(); // onSubscribe comes before all else, rule 1.9
      to.onSubscribe(this);
      var unused = reader.closed().whenComplete((closed, failure) -> run());
      drain();
    }

    @Override
    public void request(long n) {
      if (n <= 0) {
        refusedRequest = // rule 3.9
            new IllegalArgumentException("expected a request of 1 element or more but was " + n);
      } else {
        demand.getAndAccumulate(n, (had, more) -> had + more < 0 ? Long.MAX_VALUE : had + more);
      }
      run();
    }

    @Override
    public void cancel() {
      cancelled = true;
      run();
    }

    @Override
    public void chunk(T chunk) {
      answer = chunk;
      answered = true;
      run();
    }

    @Override
    public void close() {
      answered = true;
      run();
    }

    @Override
    public void error(Throwable failure) {
      answered = true;
      run();
    }

    private void run() {
      if (calls.getAndIncrement() == 0) {
        drain();
      }
    }

    private void drain() {
      int left = 1;
      do {
        Flow.Subscriber<? super T> to = subscriber;
        while (to != null && step(to)) {
          to = subscriber;
        }
        left = calls.addAndGet(-left);
      } while (left != 0);
    }

    /** Does one thing; false if there is nothing to do until the next call of run(). */
    private boolean step(Flow.Subscriber<? super T> to) {
      Throwable refused = refusedRequest;
      if (cancelled) {
        giveUp();
      } else if (refused != null) {
        giveUp();
        to.onError(refused);
      } else if (answered) {
        T chunk = answer;
        answer = null;
        answered = false;
        reading = false;
        if (chunk != null) {
          signal(to, chunk);
        }
      } else if (reader.stream().state() == ReadableCore.State.ERRORED) {
        return end(() -> to.onError(reader.stream().storedError()));
      } else if (reader.stream().state() == ReadableCore.State.CLOSED) {
        return end(to::onComplete);
      } else if (!reading && demand.get() > 0) {
        reading = true;
        T chunk = reader.stream().pollOrWait(reader, this);
        if (chunk != null) {
          reading = false;
          signal(to, chunk);
        }
      } else {
        return false;
      }
      return true;
    }

    private void signal(Flow.Subscriber<? super T> to, T chunk) {
      if (demand.get() != Long.MAX_VALUE) {
        demand.decrementAndGet();
      }
      try {
        to.onNext(chunk);
      } catch (Throwable thrown) { // rule 2.13: as if cancelled
        giveUp();
        throw thrown;
      }
    }

    private boolean end(Runnable signal) {
      if (reading) {
        return false; // its answer is on its way, and may be a chunk
      }
      subscriber = null;
      reader.releaseLock();
      signal.run();
      return true;
    }

    private void giveUp() {
      subscriber = null;
      var unused = reader.cancel();
      reader.releaseLock();
    }
  }
}
