package dev.weir.streams;

import static dev.weir.streams.Recorded.chunk;
import static dev.weir.streams.Recorded.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many chunks that are enqueued together. */
@Timeout(30)
class ChunkBatchTest {
  private final Recorded.Source<String> source = new Recorded.Source<>();
  private final ReadableStream<String> stream =
      new ReadableStream<>(source, QueuingStrategy.of(10, String::length));
  private final ChunkBatch<String> batch = new ChunkBatch<>(source.controller);

  private void add(String... chunks) {
    for (String chunk : chunks) {
      batch.add(chunk);
    }
  }

  @Test
  void isSeenByNobodyBeforeItIsEnqueued() {
    var reader = stream.getReader();
    add("a", "bcd");
    assertThat(reader.tryRead()).isNull();
    assertThat(source.controller.desiredSize()).isEqualTo(10);
    assertThat(batch.count()).isEqualTo(2);
    assertThat(batch.size()).isEqualTo(4);
  }

  @Test
  void goesIntoTheQueueInOrderBehindWhatIsThere() {
    var reader = stream.getReader();
    source.controller.enqueue("a");
    add("bc", "d");
    assertThat(batch.tryEnqueue()).isTrue();
    assertThat(batch.count()).isZero();
    assertThat(batch.size()).isZero();
    assertThat(source.controller.desiredSize()).isEqualTo(6);
    for (String expected : List.of("a", "bc", "d")) {
      assertThat(chunk(reader.read())).isEqualTo(expected);
    }
    assertThat(source.controller.desiredSize()).isEqualTo(10);
  }

  @Test
  void servesAllWhoWaitInTheirOrderAndQueuesTheRest() {
    var reader = stream.getReader();
    var first = reader.read();
    var second = reader.read();
    add("a", "b", "c");
    batch.tryEnqueue();
    assertThat(chunk(first)).isEqualTo("a");
    assertThat(chunk(second)).isEqualTo("b");
    assertThat(source.controller.queuedSize()).isEqualTo(1);
    assertThat(chunk(reader.read())).isEqualTo("c");
  }

  @Test
  void leavesThoseWaitingForWhomItHasNoChunk() {
    var reader = stream.getReader();
    var first = reader.read();
    var second = reader.read();
    add("a");
    batch.tryEnqueue();
    assertThat(chunk(first)).isEqualTo("a");
    assertThat(second).isNotDone();
  }

  @Test
  void letsAReaderFindTheOthersWhenItIsGivenTheFirst() {
    var reader = stream.getReader();
    List<String> got = new ArrayList<>();
    var unused =
        reader
            .read()
            .thenAccept(
                result -> {
                  got.add(result.value());
                  for (var next = reader.tryRead(); next != null; next = reader.tryRead()) {
                    got.add(next.value());
                  }
                });
    add("a", "b", "c");
    batch.tryEnqueue();
    assertThat(got).containsExactly("a", "b", "c");
  }

  @Test
  void keepsTheOrderWhenAReactionAddsAndEnqueuesMore() {
    var reader = stream.getReader();
    var unused =
        reader
            .read()
            .thenAccept(
                result -> {
                  add("c", "d");
                  batch.tryEnqueue();
                });
    var second = reader.read();
    add("a", "b");
    batch.tryEnqueue();
    assertThat(chunk(second)).isEqualTo("b");
    assertThat(chunk(reader.read())).isEqualTo("c");
    assertThat(chunk(reader.read())).isEqualTo("d");
    assertThat(batch.count()).isZero();
  }

  @Test
  void pullsOnceForAllThatItLeavesRoomFor() {
    source.calls.clear();
    add("a", "b", "c");
    batch.tryEnqueue();
    assertThat(source.calls).containsExactly("pull");
    source.calls.clear();
    add("7 chars");
    batch.tryEnqueue();
    assertThat(source.calls).as("the queue is full").isEmpty();
  }

  @Test
  void isDroppedByAStreamThatHasEnded() {
    add("a", "b");
    var unused = stream.cancel();
    assertThat(batch.tryEnqueue()).isFalse();
    assertThat(batch.count()).isZero();
  }

  @Test
  void dropsTheRestWhenAReactionCancels() {
    var reader = stream.getReader();
    var unused = reader.read().thenRun(() -> reader.cancel());
    var second = reader.read();
    add("a", "b", "c");
    assertThat(batch.tryEnqueue()).isFalse();
    assertThat(second.join().done()).isTrue();
    assertThat(batch.count()).isZero();
  }

  @Test
  void isLostWithTheQueueWhenTheStreamErrors() {
    var reader = stream.getReader();
    var broken = new IOException("broken");
    add("a", "b");
    batch.tryEnqueue();
    source.controller.error(broken);
    assertThat(failure(reader.read())).isSameAs(broken);
  }

  @Test
  void errorsTheStreamWhenAChunkHasNoSize() {
    var unsized = new ReadableStream<>(source, QueuingStrategy.<String>of(1, chunk -> Double.NaN));
    var other = new ChunkBatch<>(source.controller);
    assertThatThrownBy(() -> other.add("a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NaN");
    assertThat(other.count()).isZero();
    assertThat(failure(unsized.getReader().read())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void holdsMoreThanOneRingAndStaysInOrder() {
    var reader = stream.getReader();
    for (int round = 0; round < 5; round++) {
      for (int i = 0; i < 300; i++) {
        add("chunk " + i);
      }
      batch.tryEnqueue();
      batch.add("last");
      batch.tryEnqueue();
      for (int i = 0; i < 300; i++) {
        assertThat(chunk(reader.read())).isEqualTo("chunk " + i);
      }
      assertThat(chunk(reader.read())).isEqualTo("last");
    }
    assertThat(source.controller.queuedSize()).isZero();
  }
}
