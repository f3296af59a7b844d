package dev.weir.streams;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What joins the two branches of a tee to the stream that they come from. Thread-safe: its lock
 * guards its own fields and is never held together with that of a stream.
 *
 * @param <T> the type of the chunks
 * @see <a href="https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaulttee">Streams
 *     Standard, ReadableStreamDefaultTee</a>
 */
final class Tee<T> implements ReadRequest<T> {
  private final ReadableStreamDefaultReader<T> reader;
  private final Branch first = new Branch();
  private final Branch second = new Branch();

  /** Neither branch pulls before the other is there to get the chunk, too. */
  private final Promise<Void> bothMade = new Promise<>();

  private final Promise<Void> cancelled = new Promise<>();
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private boolean reading;
  private boolean readAgain;

  Tee(ReadableStreamDefaultReader<T> reader) {
    this.reader = reader;
  }

  List<ReadableStream<T>> branches() {
    ReadableStream<T> one = new ReadableStream<>(first);
    ReadableStream<T> two = new ReadableStream<>(second);
    bothMade.fulfill(null);
    var unused =
        reader
            .closed()
            .whenComplete(
                (closed, failure) -> {
                  if (failure != null) {
                    failed(failure); // step 18
                  }
                });
    return List.of(one, two);
  }

  /** The source of one branch. */
  private final class Branch implements UnderlyingSource<T> {
    private volatile @Nullable ReadableStreamDefaultController<T> controller;

    // Guarded by the tee's lock.
    private boolean gone;
    private @Nullable Throwable reason;

    @Override
    public CompletionStage<?> start(ReadableStreamDefaultController<T> controller) {
      this.controller = controller;
      return bothMade;
    }

    @Override
    public @Nullable CompletionStage<?> pull(ReadableStreamDefaultController<T> ignored) {
      readForBoth();
      return null;
    }

    @Override
    public CompletionStage<?> cancel(@Nullable Throwable reason) {
      return cancelBranch(this, reason);
    }

    private void enqueue(T chunk) {
      if (controller != null) {
        controller.tryEnqueue(chunk);
      }
    }

    private void close() {
      if (controller != null) {
        controller.stream().close();
      }
    }

    private void error(Throwable failure) {
      if (controller != null) {
        controller.error(failure);
      }
    }
  }

  /** Step 13, the pull algorithm. */
  private void readForBoth() {
    if (beginReading()) {
      readOn();
    }
  }

  /** Reads as a loop over chunks that are there already; whoever comes here has begun reading. */
  private void readOn() {
    do {
      T chunk = reader.stream().pollOrWait(reader, this);
      if (chunk == null) {
        return; // this is told what comes
      }
      giveToBoth(chunk);
    } while (endReading());
  }

  private boolean beginReading() {
    lock.lock();
    try {
      if (reading) {
        readAgain = true;
        return false;
      }
      reading = true;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** True if a branch wanted another chunk meanwhile: then reading has begun again. */
  private boolean endReading() {
    lock.lock();
    try {
      reading = readAgain;
      readAgain = false;
      return reading;
    } finally {
      lock.unlock();
    }
  }

  private void giveToBoth(T chunk) {
    lock.lock();
    try {
      readAgain = false; // who asked for more since the read began gets this chunk
    } finally {
      lock.unlock();
    }
    first.enqueue(chunk);
    second.enqueue(chunk);
  }

  @Override
  public void chunk(T chunk) {
    giveToBoth(chunk);
    if (endReading()) {
      readOn();
    }
  }

  @Override
  public void close() {
    first.close();
    second.close();
    if (!bothGone()) {
      cancelled.fulfill(null);
    }
  }

  @Override
  public void error(Throwable failure) {
    // The reader's closed promise tells the branches, also if nothing is being read.
  }

  private void failed(Throwable failure) {
    first.error(failure);
    second.error(failure);
    if (!bothGone()) {
      cancelled.fulfill(null);
    }
  }

  private boolean bothGone() {
    lock.lock();
    try {
      return first.gone && second.gone;
    } finally {
      lock.unlock();
    }
  }

  /** Steps 14 and 15, the cancel algorithms. */
  private Promise<Void> cancelBranch(Branch branch, @Nullable Throwable reason) {
    lock.lock();
    try {
      branch.gone = true;
      branch.reason = reason;
      if (!(first.gone && second.gone)) {
        return cancelled;
      }
    } finally {
      lock.unlock();
    }
    var unused =
        reader.stream()
            .cancel(new TeeCancellation(first.reason, second.reason))
            .whenComplete(
                (done, failure) ->
                    cancelled.settle(failure == null ? null : Outcome.bare(failure)));
    return cancelled;
  }
}
