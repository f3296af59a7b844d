package dev.weir.streams;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a sink, until it is let go. Thread-safe; that the calls do not overlap is the
 * caller's business.
 *
 * @param <T> the type of the chunks
 */
final class SinkCalls<T> {
  private final WritableCore<T> stream;
  private final WritableStreamDefaultController controller;
  private volatile @Nullable UnderlyingSink<T> sink;

  SinkCalls(WritableCore<T> stream, UnderlyingSink<T> sink) {
    this.stream = stream;
    this.controller = new WritableStreamDefaultController(stream);
    this.sink = sink;
  }

  /** WritableStreamDefaultControllerClearAlgorithms. */
  void letGo() {
    sink = null;
  }

  /** SetUpWritableStreamDefaultController, steps 15 and 16; throws what the sink throws. */
  void start(Consumer<@Nullable Throwable> settled) {
    UnderlyingSink<T> starting = sink;
    CompletableFuture<?> outcome;
    try {
      outcome = starting == null ? null : Outcome.future(starting.start(controller));
    } catch (Throwable thrown) {
      throw Outcome.raise(thrown);
    }
    Outcome.whenSettled(outcome, settled);
  }

  /** What is to wait in the chunk's place. */
  T keep(T chunk) {
    UnderlyingSink<T> target = sink;
    return target == null ? chunk : target.keep(chunk);
  }

  @Nullable CompletableFuture<?> write(T chunk) {
    UnderlyingSink<T> target = sink;
    if (target == null) { // errored since this write was begun
      return CompletableFuture.failedFuture(stream.storedError());
    }
    try {
      return Outcome.future(target.write(chunk, controller));
    } catch (Throwable thrown) {
      return Outcome.thrown(thrown);
    }
  }

  @Nullable CompletableFuture<?> close() {
    UnderlyingSink<T> target = sink;
    return target == null
        ? CompletableFuture.failedFuture(stream.storedError())
        : Outcome.of(target::close);
  }

  /** Lets the sink go, too. */
  @Nullable CompletableFuture<?> abort(Throwable reason) {
    UnderlyingSink<T> target = sink;
    sink = null;
    return target == null ? null : Outcome.of(() -> target.abort(reason));
  }
}
