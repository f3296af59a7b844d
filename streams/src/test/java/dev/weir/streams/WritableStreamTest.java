package dev.weir.streams;

import static dev.weir.streams.Recorded.failure;
import static dev.weir.streams.Recorded.pending;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a writable stream does on one thread. */
@Timeout(30)
class WritableStreamTest {
  private final Recorded.Sink<String> sink = new Recorded.Sink<>();
  private final IOException broken = new IOException("broken");

  private WritableStream<String> stream(double highWaterMark) {
    return new WritableStream<>(sink, new CountQueuingStrategy(highWaterMark));
  }

  @Nested
  class Writing {
    @Test
    void isDoneOnReturnWhenTheSinkIs() throws Exception {
      var writer = stream(1).getWriter();
      assertThat(writer.write("a")).isCompleted();
      writer.writeBlocking("b");
      assertThat(sink.calls).containsExactly("start", "write a", "write b");
      assertThat(writer.desiredSize()).isEqualTo(1);
      assertThat(writer.ready()).isCompleted();
    }

    @Test
    void neverOverlapsAndKeepsTheOrder() {
      CompletableFuture<Void> answer = pending();
      sink.writeAnswer = answer;
      var writer = stream(5).getWriter();
      var a = writer.write("a");
      var b = writer.write("b");
      var c = writer.write("c");
      assertThat(sink.calls).containsExactly("start", "write a");
      sink.writeAnswer = null;
      answer.complete(null);
      assertThat(sink.calls).containsExactly("start", "write a", "write b", "write c");
      assertThat(List.of(a, b, c)).allMatch(CompletableFuture::isDone);
    }

    @Test
    void waitsForTheStart() {
      CompletableFuture<Void> start = pending();
      sink.startAnswer = start;
      var writer = stream(5).getWriter();
      var a = writer.write("a");
      assertThat(sink.calls).containsExactly("start");
      start.complete(null);
      assertThat(sink.calls).containsExactly("start", "write a");
      assertThat(a).isCompleted();
    }

    @Test
    void fromInsideTheSinkIsDoneAfterwards() {
      List<String> written = new ArrayList<>();
      var holder = new ArrayList<WritableStreamDefaultWriter<String>>();
      var stream =
          new WritableStream<String>(
              (chunk, controller) -> {
                written.add("begin " + chunk);
                if (chunk.equals("a")) {
                  var unused = holder.get(0).write("b");
                }
                written.add("end " + chunk);
                return null;
              });
      holder.add(stream.getWriter());
      var unused = holder.get(0).write("a");
      assertThat(written).containsExactly("begin a", "end a", "begin b", "end b");
    }

    @Test
    void ofALongQueueDoesNotGrowTheStack() {
      CompletableFuture<Void> start = pending();
      sink.startAnswer = start;
      var writer = stream(1).getWriter();
      for (int i = 0; i < 100_000; i++) {
        var unused = writer.write("x");
      }
      start.complete(null);
      assertThat(sink.calls.size()).isEqualTo(100_001);
    }

    @Test
    void errorsTheStreamWhenTheSinkFails() {
      var writer = stream(1).getWriter();
      sink.writeAnswer = CompletableFuture.failedFuture(broken);
      assertThat(failure(writer.write("a"))).isSameAs(broken);
      assertThat(failure(writer.closed())).isSameAs(broken);
      assertThat(failure(writer.ready())).isSameAs(broken);
      assertThat(failure(writer.write("b"))).isSameAs(broken);
      assertThat(writer.desiredSize()).isNaN();
      assertThat(sink.calls).containsExactly("start", "write a");
    }

    @Test
    void blockingThrowsTheFailureItself() {
      var writer = stream(1).getWriter();
      sink.writeAnswer = CompletableFuture.failedFuture(broken);
      assertThatThrownBy(() -> writer.writeBlocking("a")).isSameAs(broken);
      assertThatThrownBy(() -> writer.writeBlocking("b")).isSameAs(broken);
    }

    @Test
    void failsQueuedWritesWithTheErrorOfTheOneBefore() {
      CompletableFuture<Void> answer = pending();
      sink.writeAnswer = answer;
      var writer = stream(5).getWriter();
      var a = writer.write("a");
      var b = writer.write("b");
      answer.completeExceptionally(broken);
      assertThat(failure(a)).isSameAs(broken);
      assertThat(failure(b)).isSameAs(broken);
    }

    @Test
    void cannotBeDisturbedByCompletingOrCancellingTheFuture() {
      CompletableFuture<Void> answer = pending();
      sink.writeAnswer = answer;
      var writer = stream(1).getWriter();
      var write = writer.write("a");
      assertThat(write.cancel(true)).isFalse();
      assertThat(writer.ready().complete(null)).isFalse();
      assertThat(writer.closed().complete(null)).isFalse();
      answer.complete(null);
      assertThat(write).isCompleted();
      assertThat(writer.closed()).isNotDone();
    }
  }

  @Nested
  class Backpressure {
    @Test
    void readyIsPendingUntilTheQueueHasRoom() {
      CompletableFuture<Void> answer = pending();
      sink.writeAnswer = answer;
      var writer = stream(2).getWriter();
      var unused = writer.write("a");
      assertThat(writer.desiredSize()).isEqualTo(1);
      assertThat(writer.ready()).isCompleted();
      unused = writer.write("b");
      assertThat(writer.desiredSize()).isZero();
      var ready = writer.ready();
      assertThat(ready).isNotDone().isSameAs(writer.ready());
      sink.writeAnswer = pending();
      answer.complete(null);
      assertThat(ready).isCompleted();
      assertThat(writer.desiredSize()).isEqualTo(1);
    }

    @Test
    void holdsFromTheBeginningWithAMarkOfZero() {
      var writer = stream(0).getWriter();
      assertThat(writer.desiredSize()).isZero();
      assertThat(writer.ready()).isNotDone();
    }

    @Test
    void isSeenByTheSinkWhileItWrites() {
      List<Double> desired = new ArrayList<>();
      var holder = new ArrayList<WritableStreamDefaultWriter<String>>();
      var stream =
          new WritableStream<String>(
              (chunk, controller) -> {
                desired.add(holder.get(0).desiredSize());
                return null;
              },
              new CountQueuingStrategy(3));
      holder.add(stream.getWriter());
      var unused = holder.get(0).write("a");
      assertThat(desired).containsExactly(2.0);
    }

    @Test
    void endsWhenTheStreamIsClosing() {
      sink.writeAnswer = pending();
      var writer = stream(1).getWriter();
      var unused = writer.write("a");
      var ready = writer.ready();
      unused = writer.close();
      assertThat(ready).isCompleted();
    }

    @Test
    void aStrategyThatThrowsErrorsTheStream() {
      var failure = new IllegalStateException("no size");
      var stream =
          new WritableStream<>(
              sink,
              QueuingStrategy.<String>of(
                  1,
                  chunk -> {
                    throw failure;
                  }));
      var writer = stream.getWriter();
      assertThat(failure(writer.write("a"))).isSameAs(failure);
      assertThat(failure(writer.closed())).isSameAs(failure);
      assertThat(sink.calls).containsExactly("start");
    }
  }

  @Nested
  class Closing {
    @Test
    void comesAfterAllWrites() {
      CompletableFuture<Void> answer = pending();
      sink.writeAnswer = answer;
      CompletableFuture<Void> closeAnswer = pending();
      sink.closeAnswer = closeAnswer;
      var writer = stream(5).getWriter();
      var unused = writer.write("a");
      unused = writer.write("b");
      var close = writer.close();
      sink.writeAnswer = null;
      answer.complete(null);
      assertThat(sink.calls).containsExactly("start", "write a", "write b", "close");
      assertThat(close).isNotDone();
      assertThat(writer.closed()).isNotDone();
      closeAnswer.complete(null);
      assertThat(close).isCompleted();
      assertThat(writer.closed()).isCompleted();
      assertThat(writer.desiredSize()).isZero();
    }

    @Test
    void refusesWritesAndFurtherCloses() {
      sink.closeAnswer = pending();
      var writer = stream(1).getWriter();
      var unused = writer.close();
      assertThat(failure(writer.write("late")))
          .isInstanceOf(StreamStateException.class)
          .hasMessage("expected a writable stream that is open but was one that is closing");
      assertThat(failure(writer.close())).isInstanceOf(StreamStateException.class);
    }

    @Test
    void isRefusedWhenClosedOrErroredOrLocked() {
      var stream = stream(1);
      stream.close().join();
      assertThat(failure(stream.close())).isInstanceOf(StreamStateException.class);
      var errored = stream(1);
      sink.controller.error(broken);
      assertThat(failure(errored.close())).isInstanceOf(StreamStateException.class);
      var locked = stream(1);
      locked.getWriter();
      assertThat(failure(locked.close())).isInstanceOf(StreamStateException.class);
    }

    @Test
    void failsAsTheSinkFails() {
      sink.closeAnswer = CompletableFuture.failedFuture(broken);
      var writer = stream(1).getWriter();
      assertThat(failure(writer.close())).isSameAs(broken);
      assertThat(failure(writer.closed())).isSameAs(broken);
    }

    @Test
    void blockingThrowsTheFailureItself() throws Exception {
      stream(1).getWriter().closeBlocking();
      sink.closeAnswer = CompletableFuture.failedFuture(broken);
      var writer = stream(1).getWriter();
      assertThatThrownBy(writer::closeBlocking).isSameAs(broken);
    }
  }

  @Nested
  class Aborting {
    @Test
    void failsQueuedWritesAndTellsTheSink() {
      CompletableFuture<Void> start = pending();
      sink.startAnswer = start;
      var writer = stream(5).getWriter();
      var write = writer.write("a");
      var abort = writer.abort(broken);
      assertThat(failure(writer.ready())).isSameAs(broken);
      assertThat(write).isNotDone();
      start.complete(null);
      assertThat(failure(write)).isSameAs(broken);
      assertThat(sink.calls).containsExactly("start", "abort broken");
      assertThat(abort).isCompleted();
      assertThat(failure(writer.closed())).isSameAs(broken);
    }

    @Test
    void waitsForTheWriteThatRunsAndSignalsIt() {
      CompletableFuture<Void> answer = pending();
      sink.writeAnswer = answer;
      var writer = stream(5).getWriter();
      var a = writer.write("a");
      var b = writer.write("b");
      var abort = writer.abort(broken);
      assertThat(sink.controller.signal().reason()).isSameAs(broken);
      assertThat(sink.calls).containsExactly("start", "write a");
      assertThat(writer.abort(new IOException("again"))).isSameAs(abort);
      answer.complete(null);
      assertThat(a).isCompleted();
      assertThat(failure(b)).isSameAs(broken);
      assertThat(sink.calls).containsExactly("start", "write a", "abort broken");
      assertThat(abort).isCompleted();
    }

    @Test
    void isStillDoneWhenTheWriteThatRunsFails() {
      CompletableFuture<Void> answer = pending();
      sink.writeAnswer = answer;
      var writer = stream(5).getWriter();
      var a = writer.write("a");
      var abort = writer.abort(broken);
      var other = new IOException("other");
      answer.completeExceptionally(other);
      assertThat(failure(a)).isSameAs(other);
      assertThat(sink.calls).containsExactly("start", "write a", "abort broken");
      assertThat(abort).isCompleted();
      assertThat(failure(writer.closed())).isSameAs(broken);
    }

    @Test
    void losesAgainstACloseThatSucceeds() {
      CompletableFuture<Void> answer = pending();
      sink.closeAnswer = answer;
      var writer = stream(1).getWriter();
      var close = writer.close();
      var abort = writer.abort(broken);
      answer.complete(null);
      assertThat(close).isCompleted();
      assertThat(abort).isCompleted();
      assertThat(writer.closed()).isCompleted();
      assertThat(sink.calls).containsExactly("start", "close");
    }

    @Test
    void failsWithACloseThatFails() {
      CompletableFuture<Void> answer = pending();
      sink.closeAnswer = answer;
      var writer = stream(1).getWriter();
      var close = writer.close();
      var abort = writer.abort(broken);
      var other = new IOException("other");
      answer.completeExceptionally(other);
      assertThat(failure(close)).isSameAs(other);
      assertThat(failure(abort)).isSameAs(other);
      assertThat(failure(writer.closed())).isSameAs(broken);
    }

    @Test
    void failsACloseThatWasQueued() {
      CompletableFuture<Void> answer = pending();
      sink.writeAnswer = answer;
      var writer = stream(1).getWriter();
      var unused = writer.write("a");
      var close = writer.close();
      var abort = writer.abort(broken);
      answer.complete(null);
      assertThat(failure(close)).isSameAs(broken);
      assertThat(abort).isCompleted();
      assertThat(sink.calls).containsExactly("start", "write a", "abort broken");
    }

    @Test
    void failsAsTheSinkFails() {
      var other = new IOException("other");
      sink.abortAnswer = CompletableFuture.failedFuture(other);
      var writer = stream(1).getWriter();
      assertThat(failure(writer.abort(broken))).isSameAs(other);
      assertThat(failure(writer.closed())).isSameAs(broken);
    }

    @Test
    void withoutAReasonIsAnAbortError() {
      var writer = stream(1).getWriter();
      assertThat(writer.abort()).isCompleted();
      assertThat(failure(writer.closed())).isInstanceOf(AbortError.class);
    }

    @Test
    void doesNothingOnceClosedOrErroredAndIsRefusedWhenLocked() {
      var closed = stream(1);
      closed.close().join();
      assertThat(closed.abort(broken)).isCompleted();
      var locked = stream(1);
      locked.getWriter();
      assertThat(failure(locked.abort(broken))).isInstanceOf(StreamStateException.class);
      assertThat(sink.calls).containsExactly("start", "close", "start");
    }

    @Test
    void afterAnErrorThatWaitsForAWriteFailsWithThatError() {
      CompletableFuture<Void> answer = pending();
      sink.writeAnswer = answer;
      var writer = stream(1).getWriter();
      var unused = writer.write("a");
      sink.controller.error(broken);
      var abort = writer.abort(new IOException("other"));
      answer.complete(null);
      assertThat(failure(abort)).isSameAs(broken);
      assertThat(sink.calls).containsExactly("start", "write a");
    }
  }

  @Nested
  class Erroring {
    @Test
    void byTheControllerFailsEverythingAndCallsTheSinkNoMore() {
      var writer = stream(1).getWriter();
      sink.controller.error(broken);
      sink.controller.error(new IOException("later"));
      assertThat(failure(writer.closed())).isSameAs(broken);
      assertThat(failure(writer.write("a"))).isSameAs(broken);
      assertThat(sink.calls).containsExactly("start");
      assertThat(sink.controller.signal().aborted()).isFalse();
    }

    @Test
    void waitsForTheWriteThatRuns() {
      CompletableFuture<Void> answer = pending();
      sink.writeAnswer = answer;
      var writer = stream(1).getWriter();
      var write = writer.write("a");
      sink.controller.error(broken);
      assertThat(failure(writer.ready())).isSameAs(broken);
      assertThat(writer.closed()).isNotDone();
      answer.complete(null);
      assertThat(write).isCompleted();
      assertThat(failure(writer.closed())).isSameAs(broken);
    }

    @Test
    void byAFailedStart() {
      sink.startAnswer = CompletableFuture.failedFuture(broken);
      assertThat(failure(stream(1).getWriter().closed())).isSameAs(broken);
    }
  }

  @Nested
  class Locking {
    @Test
    void allowsOneWriterAtATime() {
      var stream = stream(1);
      var writer = stream.getWriter();
      assertThatThrownBy(stream::getWriter).isInstanceOf(StreamStateException.class);
      writer.releaseLock();
      writer.releaseLock();
      assertThat(stream.locked()).isFalse();
      stream.getWriter();
    }

    @Test
    void aReleasedWriterCanDoNothingButItsWritesGoOn() {
      CompletableFuture<Void> answer = pending();
      sink.writeAnswer = answer;
      var stream = stream(1);
      var writer = stream.getWriter();
      var write = writer.write("a");
      var ready = writer.ready();
      writer.releaseLock();
      assertThat(failure(ready)).isInstanceOf(StreamStateException.class);
      assertThat(failure(writer.ready())).isInstanceOf(StreamStateException.class);
      assertThat(failure(writer.closed())).isInstanceOf(StreamStateException.class);
      assertThat(failure(writer.write("b"))).isInstanceOf(StreamStateException.class);
      assertThat(failure(writer.close())).isInstanceOf(StreamStateException.class);
      assertThat(failure(writer.abort())).isInstanceOf(StreamStateException.class);
      assertThatThrownBy(writer::desiredSize).isInstanceOf(StreamStateException.class);
      assertThat(stream.getWriter().ready()).isNotDone();
      answer.complete(null);
      assertThat(write).isCompleted();
    }
  }
}
