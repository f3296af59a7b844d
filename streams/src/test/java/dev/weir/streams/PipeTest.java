package dev.weir.streams;

import static dev.weir.streams.Recorded.failure;
import static dev.weir.streams.Recorded.list;
import static dev.weir.streams.Recorded.pending;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How pipeTo moves chunks and ends. */
@Timeout(30)
class PipeTest {
  private final Recorded.Source<String> source = new Recorded.Source<>();
  private final Recorded.Sink<String> sink = new Recorded.Sink<>();
  private final ReadableStream<String> readable =
      new ReadableStream<>(source, new CountQueuingStrategy(5));
  private final WritableStream<String> writable = new WritableStream<>(sink);
  private final IOException broken = new IOException("broken");

  @Nested
  class Flowing {
    @Test
    void writesWhatIsReadAndClosesAndUnlocks() {
      var pipe = readable.pipeTo(writable);
      assertThat(readable.locked()).isTrue();
      assertThat(writable.locked()).isTrue();
      source.controller.enqueue("a");
      source.controller.enqueue("b");
      assertThat(sink.calls).containsExactly("start", "write a", "write b");
      assertThat(pipe).isNotDone();
      source.controller.close();
      assertThat(pipe).isCompleted();
      assertThat(sink.calls).endsWith("close");
      assertThat(readable.locked()).isFalse();
      assertThat(writable.locked()).isFalse();
    }

    @Test
    void readsOnlyWhenTheDestinationHasRoom() {
      CompletableFuture<Void> answer = pending();
      sink.writeAnswer = answer;
      var unused = readable.pipeTo(writable);
      source.controller.enqueue("a");
      source.controller.enqueue("b");
      source.controller.enqueue("c");
      assertThat(sink.calls).containsExactly("start", "write a");
      assertThat(source.controller.queuedSize()).isEqualTo(2);
      CompletableFuture<Void> next = pending();
      sink.writeAnswer = next;
      answer.complete(null);
      assertThat(sink.calls).containsExactly("start", "write a", "write b");
      assertThat(source.controller.queuedSize()).isEqualTo(1);
    }

    @Test
    void waitsForRoomThatOthersHaveTaken() {
      CompletableFuture<Void> answer = pending();
      sink.writeAnswer = answer;
      var writer = writable.getWriter();
      var unused = writer.write("other");
      writer.releaseLock();
      source.controller.enqueue("a");
      unused = readable.pipeTo(writable);
      assertThat(sink.calls).containsExactly("start", "write other");
      sink.writeAnswer = null;
      answer.complete(null);
      assertThat(sink.calls).containsExactly("start", "write other", "write a");
    }

    @Test
    void ofManyChunksDoesNotGrowTheStack() {
      int chunks = 100_000;
      List<Integer> written = new ArrayList<>();
      ReadableStream.from(IntStream.range(0, chunks).boxed())
          .pipeTo(
              new WritableStream<>(
                  (chunk, controller) -> {
                    written.add(chunk);
                    return null;
                  }))
          .join();
      assertThat(written).hasSize(chunks).isSorted();
    }

    @Test
    void isRefusedWhenEitherStreamIsLocked() {
      var reader = readable.getReader();
      assertThat(failure(readable.pipeTo(writable))).isInstanceOf(StreamStateException.class);
      assertThat(writable.locked()).isFalse();
      reader.releaseLock();
      writable.getWriter();
      assertThat(failure(readable.pipeTo(writable))).isInstanceOf(StreamStateException.class);
      assertThat(readable.locked()).isFalse();
    }
  }

  @Nested
  class Closing {
    @Test
    void waitsForTheWriteThatRuns() {
      CompletableFuture<Void> answer = pending();
      sink.writeAnswer = answer;
      var pipe = readable.pipeTo(writable);
      source.controller.enqueue("a");
      source.controller.close();
      assertThat(sink.calls).containsExactly("start", "write a");
      answer.complete(null);
      assertThat(sink.calls).containsExactly("start", "write a", "close");
      assertThat(pipe).isCompleted();
    }

    @Test
    void canBePrevented() {
      var pipe = readable.pipeTo(writable, PipeOptions.DEFAULT.withPreventClose());
      source.controller.close();
      assertThat(pipe).isCompleted();
      assertThat(sink.calls).containsExactly("start");
      assertThat(writable.getWriter().write("more")).isCompleted();
    }

    @Test
    void failsWithTheSinksFailure() {
      sink.closeAnswer = CompletableFuture.failedFuture(broken);
      var pipe = readable.pipeTo(writable);
      source.controller.close();
      assertThat(failure(pipe)).isSameAs(broken);
    }

    @Test
    void ofTheDestinationCancelsTheSource() {
      writable.close().join();
      var pipe = readable.pipeTo(writable);
      assertThat(failure(pipe)).isInstanceOf(StreamStateException.class);
      assertThat(source.cancelReason).isSameAs(failure(pipe));
    }

    @Test
    void ofTheDestinationLeavesTheSourceWhenPrevented() {
      writable.close().join();
      var pipe = readable.pipeTo(writable, PipeOptions.DEFAULT.withPreventCancel());
      assertThat(failure(pipe)).isInstanceOf(StreamStateException.class);
      assertThat(source.cancelReason).isNull();
      source.controller.enqueue("kept");
      assertThat(Recorded.chunk(readable.getReader().read())).isEqualTo("kept");
    }
  }

  @Nested
  class Failing {
    @Test
    void ofTheSourceAbortsTheDestination() {
      var pipe = readable.pipeTo(writable);
      source.controller.error(broken);
      assertThat(failure(pipe)).isSameAs(broken);
      assertThat(sink.calls).containsExactly("start", "abort broken");
    }

    @Test
    void ofTheSourceIsSeenAlsoWhileTheDestinationHasNoRoom() {
      CompletableFuture<Void> answer = pending();
      sink.writeAnswer = answer;
      var pipe = readable.pipeTo(writable);
      source.controller.enqueue("a");
      source.controller.error(broken);
      assertThat(sink.calls).containsExactly("start", "write a");
      answer.complete(null);
      assertThat(sink.calls).containsExactly("start", "write a", "abort broken");
      assertThat(failure(pipe)).isSameAs(broken);
    }

    @Test
    void ofTheSourceLeavesTheDestinationWhenPrevented() {
      var pipe = readable.pipeTo(writable, PipeOptions.DEFAULT.withPreventAbort());
      source.controller.error(broken);
      assertThat(failure(pipe)).isSameAs(broken);
      assertThat(writable.getWriter().write("more")).isCompleted();
    }

    @Test
    void ofAWriteCancelsTheSource() {
      sink.writeAnswer = CompletableFuture.failedFuture(broken);
      var pipe = readable.pipeTo(writable);
      source.controller.enqueue("a");
      assertThat(failure(pipe)).isSameAs(broken);
      assertThat(source.cancelReason).isSameAs(broken);
    }

    @Test
    void ofTheDestinationIsSeenAlsoWhileNothingIsThereToBeRead() {
      var pipe = readable.pipeTo(writable);
      sink.controller.error(broken);
      assertThat(failure(pipe)).isSameAs(broken);
      assertThat(source.cancelReason).isSameAs(broken);
      assertThat(readable.locked()).isFalse();
    }

    @Test
    void ofTheDestinationLeavesTheSourceAndItsChunksWhenPrevented() {
      var pipe = readable.pipeTo(writable, PipeOptions.DEFAULT.withPreventCancel());
      sink.controller.error(broken);
      assertThat(failure(pipe)).isSameAs(broken);
      source.controller.enqueue("kept");
      assertThat(Recorded.chunk(readable.getReader().read())).isEqualTo("kept");
    }

    @Test
    void ofTheActionReplacesTheFirstFailure() {
      var other = new IOException("other");
      source.cancelAnswer = CompletableFuture.failedFuture(other);
      var pipe = readable.pipeTo(writable);
      sink.controller.error(broken);
      assertThat(failure(pipe)).isSameAs(other);
    }

    @Test
    void waitsForTheAction() {
      CompletableFuture<Void> answer = pending();
      source.cancelAnswer = answer;
      var pipe = readable.pipeTo(writable);
      sink.controller.error(broken);
      assertThat(pipe).isNotDone();
      assertThat(readable.locked()).isTrue();
      answer.complete(null);
      assertThat(failure(pipe)).isSameAs(broken);
    }
  }

  @Nested
  class Signals {
    private final AbortController controller = new AbortController();
    private final PipeOptions options = PipeOptions.DEFAULT.withSignal(controller.signal());

    @Test
    void abortBothStreams() {
      var pipe = readable.pipeTo(writable, options);
      controller.abort(broken);
      assertThat(failure(pipe)).isSameAs(broken);
      assertThat(source.cancelReason).isSameAs(broken);
      assertThat(sink.calls).containsExactly("start", "abort broken");
    }

    @Test
    void thatAreAbortedAlreadyMoveNothing() {
      source.controller.enqueue("a");
      controller.abort(broken);
      assertThat(failure(readable.pipeTo(writable, options))).isSameAs(broken);
      assertThat(sink.calls).containsExactly("start", "abort broken");
    }

    @Test
    void onlyUnlockTheStreamsWhenAllIsPrevented() {
      var pipe = readable.pipeTo(writable, options.withPreventAbort().withPreventCancel());
      controller.abort(broken);
      assertThat(failure(pipe)).isSameAs(broken);
      source.controller.enqueue("kept");
      assertThat(Recorded.chunk(readable.getReader().read())).isEqualTo("kept");
      assertThat(writable.getWriter().write("more")).isCompleted();
    }

    @Test
    void waitForTheWriteThatRuns() {
      CompletableFuture<Void> answer = pending();
      sink.writeAnswer = answer;
      var pipe = readable.pipeTo(writable, options);
      source.controller.enqueue("a");
      controller.abort(broken);
      assertThat(sink.calls).containsExactly("start", "write a");
      answer.complete(null);
      assertThat(sink.calls).containsExactly("start", "write a", "abort broken");
      assertThat(failure(pipe)).isSameAs(broken);
    }

    @Test
    void areNotListenedToAfterThePipe() {
      var pipe = readable.pipeTo(writable, options);
      assertThat(controller.signal().listenerCount()).isEqualTo(1);
      source.controller.close();
      assertThat(pipe).isCompleted();
      assertThat(controller.signal().listenerCount()).isZero();
    }
  }

  @Nested
  class Through {
    @Test
    void aTransformReturnsItsReadableSide() {
      var upper =
          new TransformStream<String, String>(
              (chunk, controller) -> {
                controller.enqueue(chunk.toUpperCase(Locale.ROOT));
                return null;
              });
      assertThat(list(ReadableStream.from(List.of("a", "b")).pipeThrough(upper)))
          .containsExactly("A", "B");
    }

    @Test
    void isRefusedWhenEitherSideIsLocked() {
      var identity = TransformStream.<String>identity();
      identity.writable().getWriter();
      assertThatThrownBy(() -> readable.pipeThrough(identity))
          .isInstanceOf(StreamStateException.class);
      readable.getReader();
      assertThatThrownBy(() -> readable.pipeThrough(TransformStream.identity()))
          .isInstanceOf(StreamStateException.class);
    }
  }
}
