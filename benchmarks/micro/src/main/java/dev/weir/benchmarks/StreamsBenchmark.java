package dev.weir.benchmarks;

import dev.weir.streams.CountQueuingStrategy;
import dev.weir.streams.ReadResult;
import dev.weir.streams.ReadableStream;
import dev.weir.streams.ReadableStreamDefaultController;
import dev.weir.streams.ReadableStreamDefaultReader;
import dev.weir.streams.UnderlyingSink;
import dev.weir.streams.UnderlyingSource;
import dev.weir.streams.WritableStream;
import dev.weir.streams.WritableStreamDefaultController;
import dev.weir.streams.WritableStreamDefaultWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One chunk through a readable and one into a writable, on one thread. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StreamsBenchmark {
  private static final Object CHUNK = new Object();

  private ReadableStreamDefaultController<Object> source;
  private ReadableStreamDefaultReader<Object> reader;
  private WritableStreamDefaultWriter<Object> writer;

  @Setup
  public void open() {
    reader =
        new ReadableStream<Object>(
                new UnderlyingSource<Object>() {
                  @Override
                  public CompletionStage<?> start(ReadableStreamDefaultController<Object> started) {
                    source = started;
                    return null;
                  }
                },
                new CountQueuingStrategy(16))
            .getReader();
    writer =
        new WritableStream<Object>(
                new UnderlyingSink<Object>() {
                  @Override
                  public CompletionStage<?> write(
                      Object chunk, WritableStreamDefaultController controller) {
                    return null;
                  }
                },
                new CountQueuingStrategy(16))
            .getWriter();
  }

  @Benchmark
  public CompletableFuture<ReadResult<Object>> readWhatIsQueued() {
    source.enqueue(CHUNK);
    return reader.read();
  }

  @Benchmark
  public CompletableFuture<ReadResult<Object>> readBeforeItComes() {
    CompletableFuture<ReadResult<Object>> read = reader.read();
    source.enqueue(CHUNK);
    return read;
  }

  @Benchmark
  public Object readBlockingWhatIsQueued() throws InterruptedException {
    source.enqueue(CHUNK);
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
}
