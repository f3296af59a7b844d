package dev.weir.protocol.message;

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

/**
 * The check that a text is UTF-8, beside what the JDK takes to decode it. In the package of the
 * check, which nobody else needs.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Utf8Benchmark {
  /** What texts are made of: one, two, three and four bytes a character, and a mixture. */
  public enum Script {
    ASCII("The quick brown fox. "),
    LATIN("Größenwahn führt übel "),
    CJK("堰は川の流れを調節する"),
    EMOJI("🌊🌉🐟"),
    MIXED("{\"name\":\"Jürgen\",\"mood\":\"😀\"} ");

    private final String sample;

    Script(String sample) {
      this.sample = sample;
    }
  }

  @Param({"64", "1024", "65536"})
  public int size;

  @Param public Script script;

  private final Utf8Validator validator = new Utf8Validator();
  private byte[] bytes = {};

  @Setup
  public void fill() {
    byte[] sample = script.sample.getBytes(StandardCharsets.UTF_8);
    var text = new StringBuilder();
    for (int length = 0; length + sample.length <= size; length += sample.length) {
      text.append(script.sample);
    }
    bytes = text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Benchmark
  public int check() {
    validator.reset();
    validator.accept(bytes, 0, bytes.length);
    validator.end();
    return bytes.length;
  }

  @Benchmark
  public String decodeByTheJdk() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
