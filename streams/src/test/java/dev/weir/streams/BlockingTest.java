package dev.weir.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that wait for streams. */
@Timeout(30)
class BlockingTest {
  private final Recorded.Source<String> source = new Recorded.Source<>();
  private final ReadableStream<String> readable =
      new ReadableStream<>(source, new CountQueuingStrategy(10));
  private final ReadableStreamDefaultReader<String> reader = readable.getReader();
  private final Recorded.Sink<String> sink = new Recorded.Sink<>();
  private final WritableStreamDefaultWriter<String> writer = new WritableStream<>(sink).getWriter();
  private final IOException broken = new IOException("broken");

  /** A call on a virtual thread, which has parked when this is constructed. */
  private static final class Waiting<V> {
    final FutureTask<V> task;
    final Thread thread;

    Waiting(Callable<V> call) {
      task = new FutureTask<>(call);
      thread = Thread.ofVirtual().start(task);
      while (thread.getState() != Thread.State.WAITING
          && thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
    }

    V result() throws Exception {
      return task.get(10, TimeUnit.SECONDS);
    }

    Throwable failure() throws Exception {
      try {
        result();
      } catch (ExecutionException failed) {
        return failed.getCause();
      }
      throw new AssertionError("expected a failure");
    }
  }

  @Test
  void aReadWakesUpWithTheChunk() throws Exception {
    var read = new Waiting<>(reader::readBlocking);
    source.controller.enqueue("a");
    assertThat(read.result()).isEqualTo("a");
  }

  @Test
  void aReadWakesUpAtTheEnd() throws Exception {
    var read = new Waiting<>(reader::readBlocking);
    source.controller.close();
    assertThat(read.result()).isNull();
  }

  @Test
  void aReadWakesUpWithTheErrorItself() throws Exception {
    var read = new Waiting<>(reader::readBlocking);
    source.controller.error(broken);
    assertThat(read.failure()).isSameAs(broken);
  }

  @Test
  void aReadWakesUpWhenItsReaderIsReleased() throws Exception {
    var read = new Waiting<>(reader::readBlocking);
    reader.releaseLock();
    assertThat(read.failure()).isInstanceOf(StreamStateException.class);
  }

  @Test
  void anInterruptedReadTakesNoChunk() throws Exception {
    var read = new Waiting<>(reader::readBlocking);
    read.thread.interrupt();
    assertThat(read.failure()).isInstanceOf(InterruptedException.class);
    source.controller.enqueue("kept");
    assertThat(reader.readBlocking()).isEqualTo("kept");
  }

  @Test
  void aReadThatTimesOutTakesNoChunk() throws Exception {
    assertThatThrownBy(() -> reader.readBlocking(Duration.ofMillis(1)))
        .isInstanceOf(TimeoutException.class);
    source.controller.enqueue("kept");
    assertThat(reader.readBlocking(Duration.ofMillis(1))).isEqualTo("kept");
    var read = new Waiting<>(() -> reader.readBlocking(Duration.ofDays(1)));
    source.controller.enqueue("a");
    assertThat(read.result()).isEqualTo("a");
    var interrupted = new Waiting<>(() -> reader.readBlocking(Duration.ofDays(1)));
    interrupted.thread.interrupt();
    assertThat(interrupted.failure()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void aWriteWakesUpWhenTheSinkIsDone() throws Exception {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    sink.writeAnswer = answer;
    var write =
        new Waiting<>(
            () -> {
              writer.writeBlocking("a");
              return "written";
            });
    answer.complete(null);
    assertThat(write.result()).isEqualTo("written");
  }

  @Test
  void aWriteWakesUpWithTheFailureItself() throws Exception {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    sink.writeAnswer = answer;
    var write =
        new Waiting<>(
            () -> {
              writer.writeBlocking("a");
              return "written";
            });
    answer.completeExceptionally(broken);
    assertThat(write.failure()).isSameAs(broken);
  }

  @Test
  void aWriteCanBeInterrupted() throws Exception {
    sink.writeAnswer = new CompletableFuture<>();
    var write =
        new Waiting<>(
            () -> {
              writer.writeBlocking("a");
              return "written";
            });
    write.thread.interrupt();
    assertThat(write.failure()).isInstanceOf(InterruptedException.class);
  }

  @Test
  void aThreadThatIsInterruptedAlreadyWritesNothing() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> writer.writeBlocking("a")).isInstanceOf(InterruptedException.class);
    assertThat(sink.calls).containsExactly("start");
  }

  @Test
  void aCloseWaitsForTheSink() throws Exception {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    sink.closeAnswer = answer;
    var close =
        new Waiting<>(
            () -> {
              writer.closeBlocking();
              return "closed";
            });
    answer.complete(null);
    assertThat(close.result()).isEqualTo("closed");
  }

  @Test
  void aSourceMayBlockInPull() throws Exception {
    var blocking =
        new ReadableStream<>(
            new UnderlyingSource<String>() {
              @Override
              public CompletionStage<?> pull(ReadableStreamDefaultController<String> controller)
                  throws Exception {
                controller.enqueue(reader.readBlocking());
                return null;
              }
            },
            new CountQueuingStrategy(0));
    var outer = blocking.getReader();
    var read = new Waiting<>(outer::readBlocking);
    source.controller.enqueue("a");
    assertThat(read.result()).isEqualTo("a");
  }
}
