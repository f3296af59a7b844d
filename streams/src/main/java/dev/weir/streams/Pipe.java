package dev.weir.streams;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One pipe from a readable stream to a writable one. Thread-safe: whatever happens to either stream
 * calls {@link #run}, and one thread at a time does what is to be done then.
 *
 * @param <T> the type of the chunks that are read
 * @param <W> the type of the chunks that can be written
 * @see <a href="https://streams.spec.whatwg.org/#readable-stream-pipe-to">Streams Standard,
 *     ReadableStreamPipeTo</a>
 */
final class Pipe<T extends W, W> implements ReadRequest<T>, WriteRequest, Supplier<WriteRequest> {
  private enum State {
    FLOWING,
    /** What was read is being written; then the action follows. */
    WRITING_OUT,
    ACTING,
    FINISHED
  }

  /** What a pipe does to its streams before it ends. */
  private interface Action {
    CompletableFuture<Void> run();
  }

  private final ReadableCore<T> source;
  private final WritableCore<W> destination;
  private final ReadableStreamDefaultReader<T> reader;
  private final WritableStreamDefaultWriter<W> writer;
  private final PipeOptions options;
  private final Promise<Void> promise = new Promise<>();

  /** How many calls of run() have not been dealt with. */
  private final AtomicInteger calls = new AtomicInteger();

  /** How many writes have not been settled. */
  private final AtomicInteger writes = new AtomicInteger();

  // The answer to the read that is under way; handed over by the calls.
  private volatile @Nullable T answer;
  private volatile boolean answered;

  private volatile boolean awaitingReady;

  // Touched by the thread that runs the pipe.
  private State state = State.FLOWING;
  private boolean reading;
  private boolean room; // the last write was done at once, so there is as much room as at the start
  private boolean waitsForWrites;
  private @Nullable Action action;
  private @Nullable CompletableFuture<Void> acting;
  private @Nullable Throwable failure;
  private AbortSignal.@Nullable Registration registration;

  private Pipe(ReadableCore<T> source, WritableCore<W> destination, PipeOptions options) {
    this.source = source;
    this.destination = destination;
    this.options = options;
    this.reader = new ReadableStreamDefaultReader<>(source);
    try {
      this.writer = new WritableStreamDefaultWriter<>(destination);
    } catch (StreamStateException locked) {
      reader.releaseLock();
      throw locked;
    }
  }

  static <T> CompletableFuture<Void> start(
      ReadableCore<T> source, WritableCore<? super T> destination, PipeOptions options) {
    try {
      return new Pipe<>(source, destination, options).start();
    } catch (StreamStateException locked) {
      return Promise.rejected(locked);
    }
  }

  private CompletableFuture<Void> start() {
    calls.incrementAndGet(); // what follows must not run the pipe before it is set up
    AbortSignal signal = options.signal();
    if (signal != null) {
      registration = signal.onAbort(reason -> run());
    }
    var unusedReader = reader.closed().whenComplete((closed, error) -> run());
    var unusedWriter = writer.closed().whenComplete((closed, error) -> run());
    drain(1);
    return promise;
  }

  // What happens to the streams

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
  public void error(Throwable error) {
    answered = true;
    run();
  }

  /** Each write of this pipe that is not done at once is told to the pipe itself. */
  @Override
  public WriteRequest get() {
    writes.incrementAndGet();
    return this;
  }

  @Override
  public void written() {
    writes.decrementAndGet();
    run();
  }

  @Override
  public void failed(Throwable error) {
    writes.decrementAndGet();
    run();
  }

  private void run() {
    if (calls.getAndIncrement() == 0) {
      drain(1);
    }
  }

  private void drain(int dealtWith) {
    int left = dealtWith;
    do {
      while (step()) {}
      left = calls.addAndGet(-left);
    } while (left != 0);
  }

  // What follows from that, by one thread at a time

  /** Does one thing; false if there is nothing to do until the next call of run(). */
  private boolean step() {
    if (answered) {
      takeAnswer();
      return true;
    }
    return switch (state) {
      case FLOWING -> endIfNeeded() || readIfRoom();
      case WRITING_OUT -> actIfWrittenOut();
      case ACTING -> finishIfActed();
      case FINISHED -> false;
    };
  }

  private void takeAnswer() {
    T chunk = answer;
    answer = null;
    answered = false;
    reading = false;
    if (chunk != null) {
      write(chunk);
    }
  }

  private boolean readIfRoom() {
    if (reading) {
      return false;
    }
    if (!room && !(destination.desiredSize() > 0)) {
      return awaitReady();
    }
    reading = true;
    T chunk = source.pollOrWait(reader, this);
    if (chunk != null) {
      reading = false;
      write(chunk);
    }
    return true;
  }

  private void write(T chunk) {
    room = destination.write(writer, chunk, this) == null && destination.hasRoomWhenIdle();
  }

  /** Waits for room; a write that ends makes room too, so this is for writes of others. */
  private boolean awaitReady() {
    if (awaitingReady || writes.get() > 0) {
      return false;
    }
    CompletableFuture<Void> ready = writer.ready();
    if (ready.isDone()) {
      return !ready.isCompletedExceptionally();
    }
    awaitingReady = true;
    var unused = ready.whenComplete((done, error) -> readyAgain());
    return false;
  }

  private void readyAgain() {
    awaitingReady = false;
    run();
  }

  // Shutting down

  /** The conditions of step 15, in their order, after the signal of step 14. */
  private boolean endIfNeeded() {
    AbortSignal signal = options.signal();
    Throwable aborted = signal == null ? null : signal.reason();
    if (aborted != null) {
      return shutDown(() -> abortBoth(aborted), aborted);
    }
    if (source.state() == ReadableCore.State.ERRORED) {
      Throwable error = source.storedError();
      return shutDown(options.preventAbort() ? null : () -> destination.abort(error), error);
    }
    if (destination.state() == WritableCore.State.ERRORED) {
      Throwable error = destination.storedError();
      return shutDown(options.preventCancel() ? null : () -> source.cancel(error), error);
    }
    if (source.state() == ReadableCore.State.CLOSED) {
      return shutDown(options.preventClose() ? null : destination::closeUnlessEnded, null);
    }
    if (destination.closingOrClosed()) {
      Throwable error =
          new StreamStateException("a destination that is open", "one that is closing or closed");
      return shutDown(options.preventCancel() ? null : () -> source.cancel(error), error);
    }
    return false;
  }

  private CompletableFuture<Void> abortBoth(Throwable reason) {
    CompletableFuture<Void> abort =
        options.preventAbort() || destination.state() != WritableCore.State.WRITABLE
            ? Promise.done()
            : destination.abort(reason);
    CompletableFuture<Void> cancel =
        options.preventCancel() || source.state() != ReadableCore.State.READABLE
            ? Promise.done()
            : source.cancel(reason);
    return CompletableFuture.allOf(abort, cancel);
  }

  /** "Shutdown with an action", steps 1 to 3, or "shutdown" if there is none. */
  private boolean shutDown(@Nullable Action action, @Nullable Throwable failure) {
    this.state = State.WRITING_OUT;
    this.action = action;
    this.failure = failure;
    this.waitsForWrites =
        destination.state() == WritableCore.State.WRITABLE && !destination.closingOrClosed();
    if (reading && source.withdraw(this)) {
      reading = false; // else its answer is on its way, and may be a chunk to be written
    }
    return true;
  }

  private boolean actIfWrittenOut() {
    if (reading || (waitsForWrites && writes.get() > 0)) {
      return false;
    }
    state = State.ACTING;
    acting = action == null ? Promise.done() : action.run();
    var unused = acting.whenComplete((done, error) -> run());
    return true;
  }

  /** "Finalize". */
  private boolean finishIfActed() {
    if (acting == null || !acting.isDone()) {
      return false;
    }
    state = State.FINISHED;
    writer.releaseLock();
    reader.releaseLock();
    if (registration != null) {
      registration.remove();
    }
    Throwable actionFailure = Outcome.failure(acting);
    promise.settle(actionFailure == null ? failure : actionFailure);
    return false;
  }
}
