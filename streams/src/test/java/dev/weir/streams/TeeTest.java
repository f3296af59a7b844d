package dev.weir.streams;

import static dev.weir.streams.Recorded.chunk;
import static dev.weir.streams.Recorded.failure;
import static dev.weir.streams.Recorded.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How the branches of a tee share a stream. */
@Timeout(30)
class TeeTest {
  private final Recorded.Source<String> source = new Recorded.Source<>();
  private final ReadableStream<String> stream =
      new ReadableStream<>(source, new CountQueuingStrategy(0));
  private final IOException broken = new IOException("broken");

  @Test
  void givesEachBranchAllChunksAndTheEnd() {
    var branches = ReadableStream.from(IntStream.range(0, 1000).boxed()).tee();
    assertThat(list(branches.get(0))).hasSize(1000).isSorted();
    assertThat(list(branches.get(1))).hasSize(1000).isSorted();
  }

  @Test
  void givesTheSameObjects() {
    var branches = stream.tee();
    String chunk = new String("chunk");
    source.controller.enqueue(chunk);
    assertThat(chunk(branches.get(0).getReader().read())).isSameAs(chunk);
    assertThat(chunk(branches.get(1).getReader().read())).isSameAs(chunk);
  }

  @Test
  void locksTheStream() {
    stream.tee();
    assertThat(stream.locked()).isTrue();
    assertThatThrownBy(stream::tee).isInstanceOf(StreamStateException.class);
  }

  @Test
  void readsAtThePaceOfTheFasterBranch() {
    var branches = stream.tee();
    var fast = branches.get(0).getReader();
    source.controller.enqueue("a");
    source.controller.enqueue("b");
    source.controller.enqueue("c");
    assertThat(source.controller.queuedSize()).isEqualTo(2);
    assertThat(chunk(fast.read())).isEqualTo("a");
    assertThat(chunk(fast.read())).isEqualTo("b");
    assertThat(source.controller.queuedSize()).isZero();
    assertThat(chunk(branches.get(1).getReader().read())).isEqualTo("a");
  }

  @Test
  void errorsBothBranchesAlsoWhenNobodyReads() {
    var branches = stream.tee();
    source.controller.error(broken);
    assertThat(failure(branches.get(0).getReader().closed())).isSameAs(broken);
    assertThat(failure(branches.get(1).getReader().closed())).isSameAs(broken);
  }

  @Test
  void goesOnForTheOtherBranchWhenOneIsCancelled() {
    var branches = stream.tee();
    var cancelled = branches.get(0).cancel(broken);
    source.controller.enqueue("a");
    assertThat(chunk(branches.get(1).getReader().read())).isEqualTo("a");
    assertThat(cancelled).isNotDone();
    source.controller.close();
    assertThat(cancelled).isCompleted();
    assertThat(source.cancelReason).isNull();
  }

  @Test
  void cancelsTheStreamWithBothReasonsWhenBothAreCancelled() {
    var branches = stream.tee();
    var other = new IOException("other");
    var second = branches.get(1).cancel(other);
    assertThat(source.cancelReason).isNull();
    var first = branches.get(0).cancel(broken);
    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
    assertThat(source.cancelReason)
        .isInstanceOfSatisfying(
            TeeCancellation.class,
            both -> assertThat(both.reasons()).containsExactly(broken, other));
  }

  @Test
  void failsBothCancellationsAsTheSourceFails() {
    source.cancelAnswer = CompletableFuture.failedFuture(broken);
    var branches = stream.tee();
    var first = branches.get(0).cancel();
    var second = branches.get(1).cancel();
    assertThat(failure(first)).isSameAs(broken);
    assertThat(failure(second)).isSameAs(broken);
  }

  @Test
  void mayBeTeedAgain() {
    var branches = ReadableStream.from(IntStream.range(0, 100).boxed()).tee();
    var twigs = branches.get(0).tee();
    assertThat(list(twigs.get(1))).hasSize(100).isSorted();
    assertThat(list(branches.get(1))).hasSize(100).isSorted();
    assertThat(list(twigs.get(0))).hasSize(100).isSorted();
  }
}
