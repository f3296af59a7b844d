package dev.weir.benchmarks;

import dev.weir.protocol.deflate.Compression;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.protocol.deflate.DeflatePool;
import dev.weir.protocol.deflate.DeflateTerms;
import dev.weir.protocol.deflate.MessageDeflater;
import dev.weir.protocol.deflate.MessageInflater;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Compressing and inflating one message of JSON of about a kilobyte. The messages go round in a
 * ring that is longer than the window, so that none is found in it as it stands.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DeflateBenchmark {
  private static final int RING = 64;
  private static final int FIELDS = 28;

  @Param({"true", "false"})
  public boolean takeover;

  private final byte[][] messages = new byte[RING][];
  private final byte[][] compressed = new byte[RING][];
  private Compression compression;
  private int next;

  @Setup
  public void fill() {
    var random = new Random(1);
    for (int i = 0; i < RING; i++) {
      var json = new StringBuilder("{\"sequence\":").append(i);
      for (int field = 0; field < FIELDS; field++) {
        json.append(",\"price-").append(field).append("\":").append(random.nextInt(10_000_000));
        json.append(",\"side\":\"").append(random.nextBoolean() ? "buy" : "sell").append('"');
      }
      messages[i] = json.append('}').toString().getBytes(StandardCharsets.US_ASCII);
    }
    compression =
        Compression.ofServer(
            new DeflatePool(),
            new DeflateTerms(takeover, takeover, DeflateTerms.MOST_BITS, DeflateTerms.MOST_BITS),
            CompressionOptions.server().withTakeover(takeover, takeover));
    MessageDeflater deflater = compression.deflater();
    // Twice, so that the first message refers back to the last as it does later; the inflater's
    // window has to follow.
    for (int i = 0; i < 2 * RING; i++) {
      deflater.deflateWhole(messages[i % RING]);
      compressed[i % RING] = Arrays.copyOf(deflater.output(), deflater.outputBytes());
      inflate(compressed[i % RING], (bytes, from, count) -> {});
    }
  }

  @TearDown
  public void release() {
    compression.release();
  }

  @Benchmark
  public int deflate() {
    MessageDeflater deflater = compression.deflater();
    deflater.deflateWhole(messages[next++ % RING]);
    return deflater.outputBytes();
  }

  @Benchmark
  public void inflate(Blackhole hole) {
    inflate(compressed[next++ % RING], (bytes, from, count) -> hole.consume(bytes));
  }

  private interface Taking {
    void take(byte[] bytes, int from, int count);
  }

  private void inflate(byte[] bytes, Taking taking) {
    var sink =
        new MessageInflater.Sink() {
          @Override
          public int room() {
            return Integer.MAX_VALUE;
          }

          @Override
          public void accept(byte[] inflated, int from, int count) {
            taking.take(inflated, from, count);
          }
        };
    compression.inflater().inflate(ByteBuffer.wrap(bytes), bytes.length, 0, 0, sink);
    compression.inflater().end(sink);
  }
}
