package dev.weir.benchmarks;

import dev.weir.protocol.connection.Connection;
import dev.weir.protocol.connection.Limits;
import dev.weir.protocol.connection.Role;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/**
 * From the bytes of a read to whole messages: header, unmasking, UTF-8 and assembly together. Each
 * read holds {@value #MESSAGES} messages, and the figure is that of one.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReceiveBenchmark {
  static final int MESSAGES = 16;

  @Param({"64", "1024", "65536"})
  public int size;

  @Param({"SERVER", "CLIENT"})
  public Role role = Role.SERVER;

  @Param({"true", "false"})
  public boolean direct;

  private Wire wire = new Wire(1);
  private ByteBuffer binary = ByteBuffer.allocate(0);
  private ByteBuffer text = ByteBuffer.allocate(0);
  private ByteBuffer fragmented = ByteBuffer.allocate(0);
  private Connection receiver = wire.connection(role, Limits.server(), new Sink());
  private Sink sink = new Sink();

  @Setup
  public void lay() {
    wire = new Wire(2 * MESSAGES * (size + 1024));
    String letters = "x".repeat(size);
    byte[] bytes = letters.getBytes(StandardCharsets.US_ASCII);
    Role peer = role == Role.SERVER ? Role.CLIENT : Role.SERVER;
    Connection sender = wire.connection(peer, Limits.server(), new Sink());
    for (int i = 0; i < MESSAGES; i++) {
      sender.sendBinary(bytes, null);
    }
    binary = wire.taken(direct);
    for (int i = 0; i < MESSAGES; i++) {
      sender.sendText(letters, null);
    }
    text = wire.taken(direct);
    Connection cutter =
        wire.connection(peer, Limits.server().withFragmentSize(Math.max(size / 4, 1)), new Sink());
    for (int i = 0; i < MESSAGES; i++) {
      cutter.sendBinary(bytes, null);
    }
    fragmented = wire.taken(direct);
    sink = new Sink();
    receiver = wire.connection(role, Limits.server(), sink);
  }

  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void binary(Blackhole hole) {
    receive(binary, hole);
  }

  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void text(Blackhole hole) {
    receive(text, hole);
  }

  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void inFourFragments(Blackhole hole) {
    receive(fragmented, hole);
  }

  /** The bytes are given read-only, since they serve more than one call. */
  private void receive(ByteBuffer bytes, Blackhole hole) {
    sink.hole = hole;
    receiver.receive(bytes.asReadOnlyBuffer());
  }
}
