package dev.weir.interop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * The weir command as a process of its own, as the launcher starts it. Not thread-safe; it is ended
 * with the test.
 */
final class WeirCommand implements AutoCloseable {
  private static final long SECONDS = 30;

  private final Process process;
  private final BufferedReader errors;

  WeirCommand(String... arguments) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    if (Runtime.version().feature() >= 23) {
      // GraalJS needs it, and Java warns of it.
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.weir.cli.Weir"));
    command.addAll(List.of(arguments));
    try {
      process = new ProcessBuilder(command).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    errors = process.errorReader(StandardCharsets.UTF_8);
  }

  /** The rest of a line of standard error that begins so; lines before it are passed over. */
  String awaitError(String beginning) throws Exception {
    return within(
        () -> {
          var before = new StringBuilder();
          for (String line = errors.readLine(); line != null; line = errors.readLine()) {
            if (line.startsWith(beginning)) {
              return line.substring(beginning.length()).strip();
            }
            before.append(line).append('\n');
          }
          throw new AssertionError("expected " + beginning + " but was:\n" + before);
        });
  }

  /** Gives it this standard input to its end, and returns its standard output to its end. */
  String converse(String input) throws Exception {
    try (var writer = process.outputWriter(StandardCharsets.UTF_8)) {
      writer.write(input);
    }
    return within(
        () -> new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  /** Its standard error from here on to its end. */
  String errors() throws Exception {
    return within(() -> errors.lines().collect(Collectors.joining("\n")));
  }

  /** Sends SIGTERM. */
  void terminate() {
    process.destroy();
  }

  int awaitExit() throws Exception {
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      throw new TimeoutException("expected an end within " + SECONDS + " s");
    }
    return process.exitValue();
  }

  private interface Reading<T> {
    T read() throws Exception;
  }

  private static <T> T within(Reading<T> reading) throws Exception {
    var result = new CompletableFuture<T>();
    Thread.startVirtualThread(
        () -> {
          try {
            result.complete(reading.read());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    return result.get(SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
