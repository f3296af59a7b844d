package dev.weir.streams;

import static dev.weir.streams.Recorded.chunk;
import static dev.weir.streams.Recorded.failure;
import static dev.weir.streams.Recorded.list;
import static dev.weir.streams.Recorded.pending;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the two sides of a transform stream act on each other. */
@Timeout(30)
class TransformStreamTest {
  private final IOException broken = new IOException("broken");

  /** Writes down what is asked of it; doubles each chunk. */
  private static final class Doubling implements Transformer<String, String> {
    final List<String> calls = new ArrayList<>();
    TransformStreamDefaultController<String> controller;
    CompletionStage<?> startAnswer;
    CompletionStage<?> transformAnswer;
    CompletionStage<?> flushAnswer;
    CompletionStage<?> cancelAnswer;

    @Override
    public CompletionStage<?> start(TransformStreamDefaultController<String> controller) {
      this.controller = controller;
      calls.add("start");
      return startAnswer;
    }

    @Override
    public CompletionStage<?> transform(
        String chunk, TransformStreamDefaultController<String> controller) {
      calls.add("transform " + chunk);
      controller.enqueue(chunk + chunk);
      return transformAnswer;
    }

    @Override
    public CompletionStage<?> flush(TransformStreamDefaultController<String> controller) {
      calls.add("flush");
      return flushAnswer;
    }

    @Override
    public CompletionStage<?> cancel(Throwable reason) {
      calls.add("cancel " + (reason == null ? null : reason.getMessage()));
      return cancelAnswer;
    }
  }

  private final Doubling doubling = new Doubling();

  @Test
  void transformsOnlyWhenTheReadableSideIsRead() {
    var stream = new TransformStream<>(doubling);
    var write = stream.writable().getWriter().write("a");
    assertThat(doubling.calls).containsExactly("start");
    assertThat(write).isNotDone();
    assertThat(chunk(stream.readable().getReader().read())).isEqualTo("aa");
    assertThat(write).isCompleted();
  }

  @Test
  void transformsOnWritingWhenSomebodyWaits() {
    var stream = new TransformStream<>(doubling);
    var read = stream.readable().getReader().read();
    assertThat(stream.writable().getWriter().write("a")).isCompleted();
    assertThat(chunk(read)).isEqualTo("aa");
  }

  @Test
  void hasBackpressureUntilTheReadableSideWantsMore() {
    var stream =
        new TransformStream<>(doubling, new CountQueuingStrategy(1), new CountQueuingStrategy(1));
    var writer = stream.writable().getWriter();
    assertThat(writer.write("a")).isCompleted();
    assertThat(doubling.controller.desiredSize()).isZero();
    var write = writer.write("b");
    assertThat(write).isNotDone();
    assertThat(writer.ready()).isNotDone();
    assertThat(chunk(stream.readable().getReader().read())).isEqualTo("aa");
    assertThat(write).isCompleted();
    assertThat(writer.ready()).isCompleted();
  }

  @Test
  void waitsForTheStart() {
    CompletableFuture<Void> start = pending();
    doubling.startAnswer = start;
    var stream = new TransformStream<>(doubling);
    var read = stream.readable().getReader().read();
    var unused = stream.writable().getWriter().write("a");
    assertThat(doubling.calls).containsExactly("start");
    start.complete(null);
    assertThat(chunk(read)).isEqualTo("aa");
  }

  @Test
  void throwsWhatTheStartThrows() {
    assertThatThrownBy(
            () ->
                new TransformStream<>(
                    new Transformer<String, String>() {
                      @Override
                      public CompletionStage<?> start(
                          TransformStreamDefaultController<String> controller) throws IOException {
                        throw broken;
                      }

                      @Override
                      public CompletionStage<?> transform(
                          String chunk, TransformStreamDefaultController<String> controller) {
                        return null;
                      }
                    }))
        .isSameAs(broken);
  }

  @Test
  void flushesAndClosesTheReadableSideWhenClosed() {
    var stream = new TransformStream<>(doubling);
    var reader = stream.readable().getReader();
    var closed = stream.writable().close();
    assertThat(closed).isCompleted();
    assertThat(reader.closed()).isCompleted();
    assertThat(doubling.calls).containsExactly("start", "flush");
  }

  @Test
  void waitsForTheFlush() {
    CompletableFuture<Void> flush = pending();
    doubling.flushAnswer = flush;
    var stream = new TransformStream<>(doubling);
    var reader = stream.readable().getReader();
    var closed = stream.writable().close();
    doubling.controller.enqueue("last");
    assertThat(closed).isNotDone();
    flush.complete(null);
    assertThat(closed).isCompleted();
    assertThat(chunk(reader.read())).isEqualTo("last");
    assertThat(reader.closed()).isCompleted();
  }

  @Test
  void errorsBothSidesWhenTheFlushFails() {
    doubling.flushAnswer = CompletableFuture.failedFuture(broken);
    var stream = new TransformStream<>(doubling);
    assertThat(failure(stream.writable().close())).isSameAs(broken);
    assertThat(failure(stream.readable().getReader().closed())).isSameAs(broken);
  }

  @Test
  void errorsBothSidesWhenATransformFails() {
    doubling.transformAnswer = CompletableFuture.failedFuture(broken);
    var stream = new TransformStream<>(doubling);
    var reader = stream.readable().getReader();
    var read = reader.read();
    var writer = stream.writable().getWriter();
    assertThat(failure(writer.write("a"))).isSameAs(broken);
    assertThat(failure(writer.closed())).isSameAs(broken);
    assertThat(chunk(read)).isEqualTo("aa");
    assertThat(failure(reader.closed())).isSameAs(broken);
  }

  @Test
  void errorsBothSidesWhenTheTransformerThrows() {
    var stream =
        new TransformStream<String, String>(
            (chunk, controller) -> {
              throw broken;
            });
    var read = stream.readable().getReader().read();
    assertThat(failure(stream.writable().getWriter().write("a"))).isSameAs(broken);
    assertThat(failure(read)).isSameAs(broken);
  }

  @Test
  void errorsBothSidesByItsController() {
    var stream = new TransformStream<>(doubling);
    var writer = stream.writable().getWriter();
    var write = writer.write("a");
    doubling.controller.error(broken);
    assertThat(failure(write)).isSameAs(broken);
    assertThat(failure(writer.closed())).isSameAs(broken);
    assertThat(failure(stream.readable().getReader().closed())).isSameAs(broken);
    assertThat(doubling.controller.desiredSize()).isNaN();
  }

  @Test
  void terminationClosesTheReadableSideAndErrorsTheWritableOne() {
    var stream =
        new TransformStream<String, String>(
            (chunk, controller) -> {
              controller.enqueue(chunk);
              if (chunk.equals("stop")) {
                controller.terminate();
              }
              return null;
            });
    var piped = ReadableStream.from(List.of("a", "stop", "b")).pipeThrough(stream);
    assertThat(list(piped)).containsExactly("a", "stop");
    assertThat(failure(stream.writable().getWriter().closed()))
        .isInstanceOf(StreamStateException.class);
  }

  @Test
  void cancellingTheReadableSideErrorsTheWritableOne() {
    var stream = new TransformStream<>(doubling);
    var writer = stream.writable().getWriter();
    var write = writer.write("a");
    assertThat(stream.readable().cancel(broken)).isCompleted();
    assertThat(doubling.calls).containsExactly("start", "cancel broken");
    assertThat(failure(write)).isSameAs(broken);
    assertThat(failure(writer.closed())).isSameAs(broken);
  }

  @Test
  void abortingTheWritableSideErrorsTheReadableOne() {
    var stream = new TransformStream<>(doubling);
    var reader = stream.readable().getReader();
    var read = reader.read();
    assertThat(stream.writable().abort(broken)).isCompleted();
    assertThat(doubling.calls).containsExactly("start", "cancel broken");
    assertThat(failure(read)).isSameAs(broken);
  }

  @Test
  void aCancellationThatFailsErrorsTheWritableSideWithThat() {
    doubling.cancelAnswer = CompletableFuture.failedFuture(broken);
    var stream = new TransformStream<>(doubling);
    assertThat(failure(stream.readable().cancel(new IOException("why")))).isSameAs(broken);
    assertThat(failure(stream.writable().getWriter().closed())).isSameAs(broken);
  }

  @Test
  void aCancellationAndACloseMakeOneLastCall() {
    CompletableFuture<Void> flush = pending();
    doubling.flushAnswer = flush;
    var stream = new TransformStream<>(doubling);
    var close = stream.writable().close();
    var cancel = stream.readable().cancel(broken);
    assertThat(cancel).isNotDone();
    flush.complete(null);
    assertThat(close).isCompleted();
    assertThat(cancel).isCompleted();
    assertThat(doubling.calls).containsExactly("start", "flush");
  }

  @Test
  void mayGiveManyChunksForOne() {
    var stream =
        new TransformStream<Integer, Integer>(
            (chunk, controller) -> {
              IntStream.range(0, chunk).forEach(controller::enqueue);
              return null;
            });
    assertThat(list(ReadableStream.from(List.of(2, 0, 3)).pipeThrough(stream)))
        .containsExactly(0, 1, 0, 1, 2);
  }

  @Test
  void inALongChainKeepsTheOrder() {
    ReadableStream<Integer> stream = ReadableStream.from(IntStream.range(0, 10_000).boxed());
    for (int i = 0; i < 10; i++) {
      stream = stream.pipeThrough(TransformStream.identity());
    }
    assertThat(list(stream)).hasSize(10_000).isSorted();
  }

  @Test
  void aStrategyThatThrowsErrorsBothSides() {
    var failure = new IllegalStateException("no size");
    var stream =
        new TransformStream<>(
            doubling,
            new CountQueuingStrategy(1),
            QueuingStrategy.<String>of(
                1,
                chunk -> {
                  throw failure;
                }));
    var writer = stream.writable().getWriter();
    assertThat(failure(writer.write("a"))).isSameAs(failure);
    assertThat(failure(stream.readable().getReader().closed())).isSameAs(failure);
    assertThat(failure(writer.closed())).isSameAs(failure);
  }
}
