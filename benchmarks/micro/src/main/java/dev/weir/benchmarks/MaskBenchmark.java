package dev.weir.benchmarks;

import dev.weir.protocol.frame.Mask;
import java.nio.ByteBuffer;
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

/** Masking of one payload: in place, as a server unmasks, and on the way out, as a client masks. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MaskBenchmark {
  private static final int KEY = 0x37fa213d;

  @Param({"16", "64", "1024", "65536", "1048576"})
  public int size;

  private byte[] payload = {};
  private ByteBuffer direct = ByteBuffer.allocate(0);

  @Setup
  public void fill() {
    payload = new byte[size];
    new Random(1).nextBytes(payload);
    direct = ByteBuffer.allocateDirect(size);
  }

  @Benchmark
  public byte[] inArray() {
    Mask.apply(payload, 0, size, KEY, 0);
    return payload;
  }

  @Benchmark
  public ByteBuffer inDirectBuffer() {
    Mask.apply(direct, 0, size, KEY);
    return direct;
  }

  @Benchmark
  public ByteBuffer fromArrayToDirectBuffer() {
    Mask.copy(payload, 0, size, direct.clear(), KEY);
    return direct;
  }

  /** What the same bytes cost without a mask. */
  @Benchmark
  public ByteBuffer plainCopy() {
    return direct.clear().put(payload, 0, size);
  }
}
