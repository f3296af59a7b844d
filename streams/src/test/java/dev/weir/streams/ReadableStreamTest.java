package dev.weir.streams;

import static dev.weir.streams.Recorded.chunk;
import static dev.weir.streams.Recorded.failure;
import static dev.weir.streams.Recorded.pending;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a readable stream does on one thread. */
@Timeout(30)
class ReadableStreamTest {
  private final Recorded.Source<String> source = new Recorded.Source<>();
  private final IOException broken = new IOException("broken");

  private ReadableStream<String> stream(double highWaterMark) {
    return new ReadableStream<>(source, new CountQueuingStrategy(highWaterMark));
  }

  @Nested
  class Reading {
    @Test
    void givesQueuedChunksInOrder() {
      var reader = stream(10).getReader();
      source.controller.enqueue("a");
      source.controller.enqueue("b");
      assertThat(chunk(reader.read())).isEqualTo("a");
      assertThat(chunk(reader.read())).isEqualTo("b");
    }

    @Test
    void waitsForChunksAndGivesThemInTheOrderOfTheReads() {
      var reader = stream(1).getReader();
      var first = reader.read();
      var second = reader.read();
      assertThat(first).isNotDone();
      source.controller.enqueue("a");
      assertThat(chunk(first)).isEqualTo("a");
      assertThat(second).isNotDone();
      source.controller.enqueue("b");
      assertThat(chunk(second)).isEqualTo("b");
    }

    @Test
    void endsAfterTheLastChunk() {
      var reader = stream(10).getReader();
      source.controller.enqueue("a");
      source.controller.close();
      assertThat(reader.closed()).isNotDone();
      assertThat(chunk(reader.read())).isEqualTo("a");
      assertThat(reader.closed()).isCompleted();
      assertThat(reader.read().join()).isEqualTo(ReadResult.end());
      assertThat(reader.read().join().done()).isTrue();
    }

    @Test
    void endsReadsThatWaitWhenTheStreamCloses() {
      var reader = stream(1).getReader();
      var read = reader.read();
      source.controller.close();
      assertThat(read.join().done()).isTrue();
    }

    @Test
    void failsWithTheErrorItselfAndDropsTheQueue() {
      var reader = stream(10).getReader();
      source.controller.enqueue("lost");
      source.controller.error(broken);
      assertThat(failure(reader.read())).isSameAs(broken);
      assertThat(failure(reader.closed())).isSameAs(broken);
    }

    @Test
    void failsReadsThatWaitWhenTheStreamErrors() {
      var reader = stream(1).getReader();
      var read = reader.read();
      source.controller.error(broken);
      assertThat(failure(read)).isSameAs(broken);
    }

    @Test
    void cannotBeDisturbedByCompletingOrCancellingTheFuture() {
      var reader = stream(1).getReader();
      var read = reader.read();
      assertThat(read.cancel(true)).isFalse();
      assertThat(read.complete(ReadResult.chunk("forged"))).isFalse();
      assertThat(reader.closed().completeExceptionally(broken)).isFalse();
      source.controller.enqueue("a");
      assertThat(chunk(read)).isEqualTo("a");
    }

    @Test
    void triesWithoutWaiting() {
      var reader = stream(10).getReader();
      assertThat(reader.tryRead()).isNull();
      source.controller.enqueue("a");
      assertThat(reader.tryRead()).isEqualTo(ReadResult.chunk("a"));
      source.controller.close();
      assertThat(reader.tryRead()).isEqualTo(ReadResult.end());
    }

    @Test
    void triesAndThrowsTheErrorItself() {
      var reader = stream(10).getReader();
      source.controller.error(broken);
      assertThatThrownBy(reader::tryRead).isSameAs(broken);
    }

    @Test
    void blockingGivesChunksThenNullAtTheEnd() throws Exception {
      var reader = stream(10).getReader();
      source.controller.enqueue("a");
      source.controller.close();
      assertThat(reader.readBlocking()).isEqualTo("a");
      assertThat(reader.readBlocking()).isNull();
    }

    @Test
    void blockingThrowsTheErrorItself() {
      var reader = stream(10).getReader();
      source.controller.error(broken);
      assertThatThrownBy(reader::readBlocking).isSameAs(broken);
    }

    @Test
    void goesOnFromAReactionWithoutGrowingTheStack() {
      int chunks = 100_000;
      var reader = stream(1).getReader();
      List<String> got = new ArrayList<>();
      class Loop {
        void next() {
          var unused =
              reader
                  .read()
                  .thenAccept(
                      result -> {
                        got.add(result.orElseThrow());
                        if (got.size() < chunks) {
                          next();
                        }
                      });
        }
      }
      new Loop().next();
      for (int i = 0; i < chunks; i++) {
        source.controller.enqueue("x");
      }
      assertThat(got).hasSize(chunks);
    }
  }

  @Nested
  class Pulling {
    @Test
    void waitsForTheStart() {
      CompletableFuture<Void> start = pending();
      source.startAnswer = start;
      var reader = stream(1).getReader();
      var read = reader.read();
      assertThat(source.calls).containsExactly("start");
      start.complete(null);
      assertThat(source.calls).containsExactly("start", "pull");
      source.controller.enqueue("a");
      assertThat(chunk(read)).isEqualTo("a");
    }

    @Test
    void happensAtOnceWhenThereIsRoom() {
      stream(1);
      assertThat(source.calls).containsExactly("start", "pull");
    }

    @Test
    void doesNotHappenWhenThereIsNoRoomUntilSomebodyReads() {
      var stream = stream(0);
      assertThat(source.calls).containsExactly("start");
      var unused = stream.getReader().read();
      assertThat(source.calls).containsExactly("start", "pull");
    }

    @Test
    void isNotRepeatedWhileOneIsUnderWayAndThenOnce() {
      CompletableFuture<Void> pull = pending();
      source.pullAnswer = pull;
      var reader = stream(1).getReader();
      var one = reader.read();
      var two = reader.read();
      assertThat(source.calls).containsExactly("start", "pull");
      source.pullAnswer = null;
      pull.complete(null);
      assertThat(source.calls).containsExactly("start", "pull", "pull");
      assertThat(one).isNotDone();
      assertThat(two).isNotDone();
    }

    @Test
    void fillsTheQueueToTheMarkInALoopNotByRecursion() {
      int mark = 100_000;
      var depth = new int[1];
      var counting =
          new UnderlyingSource<Integer>() {
            int next;

            @Override
            public CompletionStage<?> pull(ReadableStreamDefaultController<Integer> controller) {
              if (next % 1000 == 0) {
                depth[0] = Math.max(depth[0], new Throwable().getStackTrace().length);
              }
              controller.enqueue(next++);
              return null;
            }
          };
      new ReadableStream<>(counting, new CountQueuingStrategy(mark));
      assertThat(counting.next).isEqualTo(mark);
      assertThat(depth[0]).isLessThan(200);
    }

    @Test
    void isCalledAfterEachReadThatLeavesRoomAndCanSeeTheLowMark() throws Exception {
      List<Double> queuedAtPull = new ArrayList<>();
      var lowMark =
          new UnderlyingSource<Integer>() {
            ReadableStreamDefaultController<Integer> controller;

            @Override
            public CompletionStage<?> start(ReadableStreamDefaultController<Integer> controller) {
              this.controller = controller;
              return null;
            }

            @Override
            public CompletionStage<?> pull(ReadableStreamDefaultController<Integer> controller) {
              queuedAtPull.add(controller.queuedSize());
              return null;
            }
          };
      var stream =
          new ReadableStream<>(lowMark, QueuingStrategy.<Integer>of(10, Integer::doubleValue));
      for (int i = 0; i < 3; i++) {
        lowMark.controller.enqueue(4);
      }
      assertThat(lowMark.controller.desiredSize()).isEqualTo(-2);
      queuedAtPull.clear();
      var reader = stream.getReader();
      reader.readBlocking();
      reader.readBlocking();
      reader.readBlocking();
      assertThat(queuedAtPull).containsExactly(8.0, 4.0, 0.0);
    }

    @Test
    void errorsTheStreamWhenItThrows() {
      var throwing =
          new UnderlyingSource<String>() {
            @Override
            public CompletionStage<?> pull(ReadableStreamDefaultController<String> controller)
                throws IOException {
              throw broken;
            }
          };
      var reader = new ReadableStream<>(throwing).getReader();
      assertThat(failure(reader.read())).isSameAs(broken);
    }

    @Test
    void errorsTheStreamWhenItsStageFailsWithTheBareException() {
      CompletableFuture<Void> pull = pending();
      source.pullAnswer = pull.thenApply(done -> done);
      var reader = stream(1).getReader();
      pull.completeExceptionally(broken);
      assertThat(failure(reader.closed())).isSameAs(broken);
    }

    @Test
    void mayCloseTheStream() {
      var closing =
          new UnderlyingSource<String>() {
            @Override
            public CompletionStage<?> pull(ReadableStreamDefaultController<String> controller) {
              controller.enqueue("only");
              controller.close();
              return null;
            }
          };
      var reader = new ReadableStream<>(closing).getReader();
      assertThat(chunk(reader.read())).isEqualTo("only");
      assertThat(reader.closed()).isCompleted();
    }
  }

  @Nested
  class Starting {
    @Test
    void throwsWhatTheSourceThrows() {
      var throwing =
          new UnderlyingSource<String>() {
            @Override
            public CompletionStage<?> start(ReadableStreamDefaultController<String> controller)
                throws IOException {
              throw broken;
            }
          };
      assertThatThrownBy(() -> new ReadableStream<>(throwing)).isSameAs(broken);
    }

    @Test
    void errorsTheStreamWhenItsStageFails() {
      source.startAnswer = CompletableFuture.failedFuture(broken);
      assertThat(failure(stream(1).getReader().closed())).isSameAs(broken);
      assertThat(source.calls).containsExactly("start");
    }

    @Test
    void mayEnqueueAndClose() {
      var early =
          new UnderlyingSource<String>() {
            @Override
            public CompletionStage<?> start(ReadableStreamDefaultController<String> controller) {
              controller.enqueue("a");
              controller.close();
              return null;
            }
          };
      assertThat(Recorded.list(new ReadableStream<>(early))).containsExactly("a");
    }
  }

  @Nested
  class Locking {
    @Test
    void allowsOneReaderAtATime() {
      var stream = stream(1);
      var reader = stream.getReader();
      assertThat(stream.locked()).isTrue();
      assertThatThrownBy(stream::getReader)
          .isInstanceOf(StreamStateException.class)
          .hasMessageContaining("expected an unlocked readable stream but was locked to a reader");
      reader.releaseLock();
      assertThat(stream.locked()).isFalse();
      stream.getReader();
    }

    @Test
    void releaseFailsReadsThatWaitAndLosesNoChunk() {
      var stream = stream(1);
      var reader = stream.getReader();
      var closed = reader.closed();
      var read = reader.read();
      reader.releaseLock();
      assertThat(failure(read)).isInstanceOf(StreamStateException.class);
      assertThat(failure(closed)).isInstanceOf(StreamStateException.class);
      assertThat(failure(reader.closed())).isInstanceOf(StreamStateException.class);
      source.controller.enqueue("a");
      assertThat(chunk(stream.getReader().read())).isEqualTo("a");
    }

    @Test
    void releasedReaderCanNeitherReadNorCancel() {
      var reader = stream(1).getReader();
      reader.releaseLock();
      reader.releaseLock();
      assertThat(failure(reader.read())).isInstanceOf(StreamStateException.class);
      assertThat(failure(reader.cancel())).isInstanceOf(StreamStateException.class);
      assertThatThrownBy(reader::readBlocking).isInstanceOf(StreamStateException.class);
      assertThatThrownBy(reader::tryRead).isInstanceOf(StreamStateException.class);
      assertThat(source.calls).containsExactly("start", "pull");
    }

    @Test
    void releaseAfterTheEndReplacesTheClosedFuture() {
      var reader = stream(1).getReader();
      source.controller.close();
      var closed = reader.closed();
      reader.releaseLock();
      assertThat(closed).isCompleted();
      assertThat(failure(reader.closed())).isInstanceOf(StreamStateException.class);
    }

    @Test
    void aReaderOfAnEndedStreamKnowsAtOnce() {
      var stream = stream(1);
      source.controller.error(broken);
      assertThat(failure(stream.getReader().closed())).isSameAs(broken);
    }
  }

  @Nested
  class Cancelling {
    @Test
    void tellsTheSourceTheReasonAndEndsReads() {
      var reader = stream(1).getReader();
      var read = reader.read();
      assertThat(reader.cancel(broken)).isCompleted();
      assertThat(read.join().done()).isTrue();
      assertThat(reader.closed()).isCompleted();
      assertThat(source.cancelReason).isSameAs(broken);
    }

    @Test
    void waitsForTheSource() throws Exception {
      CompletableFuture<Void> answer = pending();
      source.cancelAnswer = answer;
      var cancelled = stream(1).cancel(null);
      assertThat(cancelled).isNotDone();
      answer.complete(null);
      assertThat(cancelled.get(1, TimeUnit.SECONDS)).isNull();
    }

    @Test
    void failsAsTheSourceFails() {
      source.cancelAnswer = CompletableFuture.failedFuture(broken);
      assertThat(failure(stream(1).cancel())).isSameAs(broken);
    }

    @Test
    void isRefusedOnALockedStream() {
      var stream = stream(1);
      stream.getReader();
      assertThat(failure(stream.cancel())).isInstanceOf(StreamStateException.class);
      assertThat(source.calls).doesNotContain("cancel null");
    }

    @Test
    void doesNothingOnAClosedStreamAndFailsOnAnErroredOne() {
      var closed = stream(1);
      source.controller.close();
      assertThat(closed.cancel()).isCompleted();
      var errored = stream(1);
      source.controller.error(broken);
      assertThat(failure(errored.cancel())).isSameAs(broken);
      assertThat(source.calls).doesNotContain("cancel null");
    }

    @Test
    void discardsTheQueueAndStopsPulling() {
      var stream = stream(10);
      source.controller.enqueue("lost");
      stream.cancel().join();
      assertThat(stream.getReader().read().join().done()).isTrue();
      assertThat(source.controller.tryEnqueue("late")).isFalse();
      assertThatThrownBy(() -> source.controller.enqueue("late"))
          .isInstanceOf(StreamStateException.class)
          .hasMessage("expected a readable stream that is open but was one that is CLOSED");
      assertThatThrownBy(source.controller::close).isInstanceOf(StreamStateException.class);
    }
  }

  @Nested
  class Sizes {
    @Test
    void desiredSizeFollowsTheQueueAndTheState() {
      var stream = stream(2);
      assertThat(source.controller.desiredSize()).isEqualTo(2);
      source.controller.enqueue("a");
      source.controller.enqueue("b");
      source.controller.enqueue("c");
      assertThat(source.controller.desiredSize()).isEqualTo(-1);
      assertThat(source.controller.queuedSize()).isEqualTo(3);
      stream.cancel().join();
      assertThat(source.controller.desiredSize()).isZero();
      stream(2);
      source.controller.error(broken);
      assertThat(source.controller.desiredSize()).isNaN();
    }

    @Test
    void aChunkThatGoesToAReaderIsNotMeasured() {
      List<String> measured = new ArrayList<>();
      var stream =
          new ReadableStream<>(
              source,
              QueuingStrategy.<String>of(
                  1,
                  chunk -> {
                    measured.add(chunk);
                    return 1;
                  }));
      var read = stream.getReader().read();
      source.controller.enqueue("a");
      source.controller.enqueue("b");
      assertThat(chunk(read)).isEqualTo("a");
      assertThat(measured).containsExactly("b");
    }

    @Test
    void whatTheStrategyThrowsErrorsTheStreamAndReachesTheSource() {
      var failure = new IllegalStateException("no size");
      var stream =
          new ReadableStream<>(
              source,
              QueuingStrategy.<String>of(
                  1,
                  chunk -> {
                    throw failure;
                  }));
      assertThatThrownBy(() -> source.controller.enqueue("a")).isSameAs(failure);
      assertThat(failure(stream.getReader().closed())).isSameAs(failure);
    }

    @Test
    void sizesThatAreNoSizesErrorTheStream() {
      for (double size : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
        var stream = new ReadableStream<>(source, QueuingStrategy.<String>of(1, chunk -> size));
        assertThatThrownBy(() -> source.controller.enqueue("a"))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("expected a finite chunk size of zero or more but was " + size);
        assertThat(failure(stream.getReader().closed()))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }

    @Test
    void marksThatAreNoMarksAreRefused() {
      for (double mark : new double[] {-1, Double.NaN, Double.NEGATIVE_INFINITY}) {
        assertThatThrownBy(() -> stream(mark))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("expected a high-water mark of zero or more but was " + mark);
      }
      stream(Double.POSITIVE_INFINITY);
      assertThat(source.controller.desiredSize()).isInfinite();
    }

    @Test
    void nullIsNoChunk() {
      stream(1);
      assertThatThrownBy(() -> source.controller.enqueue(null))
          .isInstanceOf(NullPointerException.class);
    }
  }

  @Nested
  class ErrorWhenDrained {
    @Test
    void deliversWhatIsQueuedFirst() throws Exception {
      var reader = stream(10).getReader();
      source.controller.enqueue("a");
      source.controller.enqueue("b");
      source.controller.errorWhenDrained(broken);
      assertThat(source.controller.tryEnqueue("late")).isFalse();
      assertThat(reader.readBlocking()).isEqualTo("a");
      assertThat(reader.closed()).isNotDone();
      assertThat(reader.readBlocking()).isEqualTo("b");
      assertThat(failure(reader.closed())).isSameAs(broken);
      assertThatThrownBy(reader::readBlocking).isSameAs(broken);
    }

    @Test
    void errorsAtOnceWhenNothingIsQueued() {
      var reader = stream(10).getReader();
      var read = reader.read();
      source.controller.errorWhenDrained(broken);
      assertThat(failure(read)).isSameAs(broken);
    }

    @Test
    void becomesACloseWhenTheConsumerCancels() {
      var reader = stream(10).getReader();
      source.controller.enqueue("a");
      source.controller.errorWhenDrained(broken);
      assertThat(reader.cancel()).isCompleted();
      assertThat(reader.closed()).isCompleted();
      assertThat(source.calls).contains("cancel null");
    }

    @Test
    void yieldsToAnErrorThatDiscards() {
      var reader = stream(10).getReader();
      var other = new IOException("other");
      source.controller.enqueue("a");
      source.controller.errorWhenDrained(broken);
      source.controller.error(other);
      assertThat(failure(reader.read())).isSameAs(other);
    }

    @Test
    void ofSeveralTheFirstCountsAndItTurnsACloseIntoAnError() throws Exception {
      var reader = stream(10).getReader();
      source.controller.enqueue("a");
      source.controller.close();
      source.controller.errorWhenDrained(broken);
      source.controller.errorWhenDrained(new IOException("other"));
      assertThat(reader.readBlocking()).isEqualTo("a");
      assertThatThrownBy(reader::readBlocking).isSameAs(broken);
    }
  }
}
