package dev.weir.benchmarks;

import dev.weir.protocol.frame.FrameEncoder;
import dev.weir.protocol.frame.FrameHeader;
import dev.weir.protocol.frame.Opcode;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Decoding and encoding of one frame header, by the form of its length. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameHeaderBenchmark {
  private static final int KEY = 0x37fa213d;

  /** Lengths in 7, 16 and 64 bits. */
  @Param({"64", "1024", "1048576"})
  public int payload;

  /** As it is in the transport's receive and send buffers. */
  @Param({"true", "false"})
  public boolean direct;

  private final FrameHeader ofClient = new FrameHeader(true, 0);
  private final FrameHeader ofServer = new FrameHeader(false, 0);
  private ByteBuffer masked = ByteBuffer.allocate(0);
  private ByteBuffer unmasked = ByteBuffer.allocate(0);
  private ByteBuffer out = ByteBuffer.allocate(0);

  @Setup
  public void encode() {
    masked = buffer();
    FrameEncoder.putMaskedHeader(masked, true, 0, Opcode.BINARY, payload, KEY);
    masked.flip();
    unmasked = buffer();
    FrameEncoder.putHeader(unmasked, true, 0, Opcode.BINARY, payload);
    unmasked.flip();
    out = buffer();
  }

  private ByteBuffer buffer() {
    int size = FrameEncoder.MAX_HEADER_BYTES;
    return direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
  }

  @Benchmark
  public long decodeMasked() {
    ofClient.read(masked.rewind());
    return ofClient.length() + ofClient.mask();
  }

  @Benchmark
  public long decodeUnmasked() {
    ofServer.read(unmasked.rewind());
    return ofServer.length();
  }

  @Benchmark
  public ByteBuffer encodeMasked() {
    FrameEncoder.putMaskedHeader(out.clear(), true, 0, Opcode.BINARY, payload, KEY);
    return out;
  }

  @Benchmark
  public ByteBuffer encodeUnmasked() {
    FrameEncoder.putHeader(out.clear(), true, 0, Opcode.BINARY, payload);
    return out;
  }
}
