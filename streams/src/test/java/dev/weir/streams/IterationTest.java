package dev.weir.streams;

import static dev.weir.streams.Recorded.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of collections, and loops over streams. */
@Timeout(30)
class IterationTest {
  private final Recorded.Source<String> source = new Recorded.Source<>();
  private final ReadableStream<String> stream =
      new ReadableStream<>(source, new CountQueuingStrategy(10));
  private final IOException broken = new IOException("broken");

  @Test
  void loopsToTheEndAndUnlocks() {
    List<String> got = new ArrayList<>();
    source.controller.enqueue("a");
    source.controller.enqueue("b");
    source.controller.close();
    for (String chunk : stream) {
      got.add(chunk);
    }
    assertThat(got).containsExactly("a", "b");
    assertThat(stream.locked()).isFalse();
  }

  @Test
  void throwsTheErrorItselfAndUnlocks() {
    source.controller.enqueue("a");
    source.controller.errorWhenDrained(broken);
    var iterator = stream.iterator();
    assertThat(iterator.next()).isEqualTo("a");
    assertThatThrownBy(iterator::hasNext).isSameAs(broken);
    assertThat(iterator.hasNext()).isFalse();
    assertThat(stream.locked()).isFalse();
  }

  @Test
  void hasNoElementAfterTheEnd() {
    source.controller.close();
    assertThatThrownBy(stream.iterator()::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void aLoopThatIsLeftKeepsTheStreamLockedAndUncancelled() {
    source.controller.enqueue("a");
    source.controller.enqueue("b");
    for (String chunk : stream) {
      assertThat(chunk).isEqualTo("a");
      break;
    }
    assertThat(stream.locked()).isTrue();
    assertThat(source.controller.queuedSize()).isEqualTo(1);
    assertThat(source.calls).doesNotContain("cancel null");
  }

  @Test
  void aClosedIterationCancelsTheStream() {
    source.controller.enqueue("a");
    source.controller.enqueue("b");
    try (var chunks = stream.values()) {
      for (String chunk : chunks) {
        assertThat(chunk).isEqualTo("a");
        break;
      }
    }
    assertThat(source.calls).contains("cancel null");
    assertThat(stream.locked()).isFalse();
  }

  @Test
  void aClosedIterationThatPreventsCancelLeavesTheRestToOthers() {
    source.controller.enqueue("a");
    source.controller.enqueue("b");
    try (var chunks = stream.valuesPreventingCancel()) {
      assertThat(chunks.iterator().next()).isEqualTo("a");
    }
    assertThat(source.calls).doesNotContain("cancel null");
    assertThat(stream.iterator().next()).isEqualTo("b");
  }

  @Test
  void closingAfterTheEndDoesNothing() {
    source.controller.close();
    try (var chunks = stream.values()) {
      assertThat(chunks.iterator().hasNext()).isFalse();
      chunks.close();
    }
    assertThat(source.calls).doesNotContain("cancel null");
  }

  @Test
  void aSecondLoopOverTheSameIterationGoesOn() {
    source.controller.enqueue("a");
    source.controller.enqueue("b");
    source.controller.close();
    try (var chunks = stream.values()) {
      chunks.iterator().next();
      assertThat(chunks.iterator().next()).isEqualTo("b");
    }
  }

  @Test
  void anInterruptIsAnAbortErrorAndStaysSet() {
    Thread.currentThread().interrupt();
    var iterator = stream.iterator();
    assertThatThrownBy(iterator::hasNext)
        .isInstanceOf(AbortError.class)
        .hasCauseInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
    source.controller.enqueue("kept");
    assertThat(iterator.next()).isEqualTo("kept");
  }

  @Test
  void takesElementsFromAnIterableOnlyWhenTheyAreRead() throws Exception {
    List<Integer> taken = new ArrayList<>();
    var reader =
        ReadableStream.<Integer>from(Stream.iterate(1, i -> i + 1).peek(taken::add)).getReader();
    assertThat(taken).isEmpty();
    assertThat(reader.readBlocking()).isEqualTo(1);
    assertThat(reader.readBlocking()).isEqualTo(2);
    assertThat(taken.size()).isLessThanOrEqualTo(3);
  }

  @Test
  void closesAJavaStreamAtItsEndAndOnCancellation() {
    var atEnd = new AtomicBoolean();
    assertThat(Recorded.list(ReadableStream.from(Stream.of(1, 2).onClose(() -> atEnd.set(true)))))
        .containsExactly(1, 2);
    assertThat(atEnd).isTrue();
    var onCancel = new AtomicBoolean();
    ReadableStream.from(Stream.of(1, 2).onClose(() -> onCancel.set(true))).cancel().join();
    assertThat(onCancel).isTrue();
  }

  @Test
  void anIteratorThatThrowsErrorsTheStream() {
    var failing =
        new Iterator<String>() {
          @Override
          public boolean hasNext() {
            throw new IllegalStateException("no");
          }

          @Override
          public String next() {
            return "";
          }
        };
    assertThat(failure(ReadableStream.from(failing).getReader().read()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aNullElementErrorsTheStream() {
    var reader = ReadableStream.<String>from(Arrays.asList("a", null)).getReader();
    assertThat(Recorded.chunk(reader.read())).isEqualTo("a");
    assertThat(failure(reader.read())).hasMessage("expected an element but was null");
  }
}
