package dev.weir.benchmarks;

import dev.weir.streams.ChunkBatch;
import dev.weir.streams.CountQueuingStrategy;
import dev.weir.streams.ReadResult;
import dev.weir.streams.ReadableStream;
import dev.weir.streams.ReadableStreamDefaultController;
import dev.weir.streams.ReadableStreamDefaultReader;
import dev.weir.streams.UnderlyingSink;
import dev.weir.streams.UnderlyingSource;
import dev.weir.streams.WritableStream;
import dev.weir.streams.WritableStreamDefaultWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Chunks through a readable, into a writable and from one to the other, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StreamsBenchmark {
  private static final Object CHUNK = new Object();
  private static final int BATCH = 16;

  private static final class Source implements UnderlyingSource<Object> {
    private ReadableStreamDefaultController<Object> controller;
    private final ReadableStream<Object> readable =
        new ReadableStream<>(this, new CountQueuingStrategy(BATCH));
    private final ChunkBatch<Object> batch = new ChunkBatch<>(controller);

    @Override
    public CompletionStage<?> start(ReadableStreamDefaultController<Object> started) {
      controller = started;
      return null;
    }

    void enqueueMany() {
      for (int i = 0; i < BATCH; i++) {
        batch.add(CHUNK);
      }
      batch.tryEnqueue();
    }
  }

  private Source source;
  private Source piped;
  private ReadableStreamDefaultReader<Object> reader;
  private WritableStreamDefaultWriter<Object> writer;

  @Setup
  public void open() {
    source = new Source();
    reader = source.readable.getReader();
    writer = writable().getWriter();
    piped = new Source();
    piped.readable.pipeTo(writable());
  }

  private static WritableStream<Object> writable() {
    UnderlyingSink<Object> sink = (chunk, controller) -> null;
    return new WritableStream<>(sink, new CountQueuingStrategy(1));
  }

  @Benchmark
  public CompletableFuture<ReadResult<Object>> readWhatIsQueued() {
    source.controller.enqueue(CHUNK);
    return reader.read();
  }

  @Benchmark
  public CompletableFuture<ReadResult<Object>> readBeforeItComes() {
    CompletableFuture<ReadResult<Object>> read = reader.read();
    source.controller.enqueue(CHUNK);
    return read;
  }

  @Benchmark
  public Object readBlockingWhatIsQueued() throws InterruptedException {
    source.controller.enqueue(CHUNK);
    return reader.readBlocking();
  }

  @Benchmark
  public CompletableFuture<Void> write() {
    return writer.write(CHUNK);
  }

  @Benchmark
  public void writeBlocking() throws InterruptedException {
    writer.writeBlocking(CHUNK);
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public Object readWhatIsEnqueuedTogether() {
    source.enqueueMany();
    for (int i = 1; i < BATCH; i++) {
      reader.read();
    }
    return reader.read();
  }

  @Benchmark
  @OperationsPerInvocation(BATCH)
  public void pipeWhatIsEnqueuedTogether() {
    piped.enqueueMany();
  }
}
