package dev.weir.benchmarks.peers.load;

import dev.weir.cli.bench.ProcessUsage;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process under test, pinned to a processor of its own. For one thread. */
final class Child implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  private final Process process;
  private final BufferedReader said;
  private final ProcessUsage usage;

  /**
   * Starts a program.
   *
   * @param core the processor that it is pinned to, or an empty string for any
   */
  Child(String core, File errors, List<String> command) throws IOException {
    var pinned = new ArrayList<String>();
    if (!core.isEmpty()) {
      pinned.addAll(List.of("taskset", "-c", core));
    }
    pinned.addAll(command);
    process =
        new ProcessBuilder(pinned).redirectError(ProcessBuilder.Redirect.appendTo(errors)).start();
    said = process.inputReader(StandardCharsets.UTF_8);
    usage = ProcessUsage.of(process.pid()).orElseThrow(() -> new IOException("it ended at once"));
  }

  /** The command of a Java program on this class path, with the flags that all have. */
  static List<String> java(List<String> flags, String mainClass, String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Says a line to it. */
  void tell(String line) throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).append(line).append('\n').flush();
  }

  /** The next line that begins with this word, without it. */
  String await(String word) throws IOException, InterruptedException {
    while (true) {
      String line = line();
      if (line.startsWith(word + " ") || line.equals(word)) {
        return line.substring(word.length()).strip();
      }
    }
  }

  private String line() throws IOException, InterruptedException {
    var next = new CompletableFuture<String>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                String line = said.readLine();
                if (line == null) {
                  next.completeExceptionally(new IOException("the process has ended"));
                } else {
                  next.complete(line);
                }
              } catch (IOException e) {
                next.completeExceptionally(e);
              }
            });
    try {
      return next.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException("expected an answer within " + PATIENCE_SECONDS + " s", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    }
  }

  /** What it uses of processor and memory. */
  ProcessUsage usage() {
    return usage;
  }

  /** Lets a Java program give memory back that it has freed; without effect on any other. */
  void trimNativeHeap() throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process trim =
        new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "System.trim_native_heap")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!trim.waitFor(20, TimeUnit.SECONDS)) {
      trim.destroyForcibly();
    }
  }

  /** Processor time so far, in nanoseconds. */
  long cpuNanos() throws IOException {
    return usage.cpuNanos().orElseThrow(() -> new IOException("the process has ended"));
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (process.waitFor(5, TimeUnit.SECONDS)) {
        return;
      }
    } catch (IOException e) {
      // It has ended by itself.
      process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
