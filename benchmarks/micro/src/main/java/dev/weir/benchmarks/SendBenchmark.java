package dev.weir.benchmarks;

import dev.weir.protocol.connection.Connection;
import dev.weir.protocol.connection.Limits;
import dev.weir.protocol.connection.Role;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** From a message to the bytes of its frames in the transport's buffer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SendBenchmark {
  @Param({"64", "1024", "65536"})
  public int size;

  @Param({"SERVER", "CLIENT"})
  public Role role = Role.SERVER;

  private Wire wire = new Wire(1);
  private Connection connection = wire.connection(role, Limits.server(), new Sink());
  private byte[] bytes = {};
  private String text = "";

  @Setup
  public void make() {
    wire = new Wire(size + 1024);
    connection = wire.connection(role, Limits.server(), new Sink());
    text = "x".repeat(size);
    bytes = text.getBytes(StandardCharsets.US_ASCII);
  }

  @Benchmark
  public Wire binary() {
    wire.forget();
    connection.sendBinary(bytes, null);
    return wire;
  }

  @Benchmark
  public Wire text() {
    wire.forget();
    connection.sendText(text, null);
    return wire;
  }
}
