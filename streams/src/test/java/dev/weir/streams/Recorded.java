package dev.weir.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

/** Sources and sinks that write down what is asked of them, and wait for the test to answer. */
final class Recorded {
  private Recorded() {}

  /** A push source: the test enqueues by its controller. */
  static final class Source<T> implements UnderlyingSource<T> {
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    ReadableStreamDefaultController<T> controller;
    volatile CompletionStage<?> startAnswer;
    volatile CompletionStage<?> pullAnswer;
    volatile CompletionStage<?> cancelAnswer;
    volatile Throwable cancelReason;

    @Override
    public CompletionStage<?> start(ReadableStreamDefaultController<T> controller) {
      this.controller = controller;
      calls.add("start");
      return startAnswer;
    }

    @Override
    public CompletionStage<?> pull(ReadableStreamDefaultController<T> controller) {
      calls.add("pull");
      return pullAnswer;
    }

    @Override
    public CompletionStage<?> cancel(Throwable reason) {
      calls.add("cancel " + reason);
      cancelReason = reason;
      return cancelAnswer;
    }
  }

  /** A sink whose answers the test gives. */
  static final class Sink<T> implements UnderlyingSink<T> {
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    WritableStreamDefaultController controller;
    volatile CompletionStage<?> startAnswer;
    volatile CompletionStage<?> writeAnswer;
    volatile CompletionStage<?> closeAnswer;
    volatile CompletionStage<?> abortAnswer;

    @Override
    public CompletionStage<?> start(WritableStreamDefaultController controller) {
      this.controller = controller;
      calls.add("start");
      return startAnswer;
    }

    @Override
    public CompletionStage<?> write(T chunk, WritableStreamDefaultController controller) {
      calls.add("write " + chunk);
      return writeAnswer;
    }

    @Override
    public CompletionStage<?> close() {
      calls.add("close");
      return closeAnswer;
    }

    @Override
    public CompletionStage<?> abort(Throwable reason) {
      calls.add("abort " + reason.getMessage());
      return abortAnswer;
    }
  }

  static CompletableFuture<Void> pending() {
    return new CompletableFuture<>();
  }

  /** The bare failure of a future that has failed. */
  static Throwable failure(CompletableFuture<?> future) {
    assertThat(future).isCompletedExceptionally();
    return Outcome.bare(future.handle((value, failure) -> failure).join());
  }

  /** The chunk of a read that is complete. */
  static <T> T chunk(CompletableFuture<ReadResult<T>> read) {
    assertThat(read.state()).isEqualTo(Future.State.SUCCESS);
    return read.join().orElseThrow();
  }

  /** All chunks of a stream that ends. */
  static <T> List<T> list(ReadableStream<T> stream) {
    List<T> chunks = new ArrayList<>();
    stream.forEach(chunks::add);
    return chunks;
  }
}
