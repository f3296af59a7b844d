package dev.weir.cli.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process uses of processor and memory, as far as the system tells. Thread-safe.
 *
 * <p>Processor time is that of user and system together; Linux tells it in steps of 10 ms.
 */
public final class ProcessUsage {
  private static final Pattern RSS = Pattern.compile("VmRSS:\\s*(\\d+) kB");
  private static final Pattern HISTOGRAM_TOTAL =
      Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)\\s*$");
  private static final int JCMD_SECONDS = 60;

  private final ProcessHandle process;

  private ProcessUsage(ProcessHandle process) {
    this.process = process;
  }

  /** The process with this id, if there is one. */
  public static Optional<ProcessUsage> of(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).map(ProcessUsage::new);
  }

  /** This process. */
  public static ProcessUsage self() {
    return new ProcessUsage(ProcessHandle.current());
  }

  /** Processor time so far in nanoseconds, if the system tells it. */
  public OptionalLong cpuNanos() {
    return process
        .info()
        .totalCpuDuration()
        .map(time -> OptionalLong.of(time.toNanos()))
        .orElseGet(OptionalLong::empty);
  }

  /** Memory that is resident now in bytes, if the system tells it: Linux does. */
  public OptionalLong residentBytes() {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    try {
      return first(RSS, Files.readString(status), 1024);
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * What lives on the Java heap in bytes, after a full collection: if it is a Java process of this
   * user, and there is a JDK here to ask it.
   */
  public OptionalLong liveHeapBytes() throws InterruptedException {
    if (process.equals(ProcessHandle.current())) {
      // Twice: the first leaves behind what its cleaners hold.
      System.gc();
      System.gc();
      Runtime runtime = Runtime.getRuntime();
      return OptionalLong.of(runtime.totalMemory() - runtime.freeMemory());
    }
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    if (!Files.isExecutable(jcmd)) {
      return OptionalLong.empty();
    }
    try {
      Path answer = Files.createTempFile("weir-bench", ".txt");
      try {
        Process asked =
            new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.class_histogram")
                .redirectErrorStream(true)
                .redirectOutput(answer.toFile())
                .start();
        if (!asked.waitFor(JCMD_SECONDS, TimeUnit.SECONDS)) {
          asked.destroyForcibly();
          return OptionalLong.empty();
        }
        return first(HISTOGRAM_TOTAL, Files.readString(answer, StandardCharsets.UTF_8), 1);
      } finally {
        Files.deleteIfExists(answer);
      }
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong first(Pattern pattern, String text, long unit) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)) * unit)
        : OptionalLong.empty();
  }
}
