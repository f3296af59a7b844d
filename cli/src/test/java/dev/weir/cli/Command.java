package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A weir command that runs in this process, its streams in the test's hands. */
final class Command implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Watched out = new Watched();
  private final Watched err = new Watched();
  private final PipedOutputStream toStdin = new PipedOutputStream();
  private final CompletableFuture<Integer> status = new CompletableFuture<>();
  private final List<String> hardEnds = new CopyOnWriteArrayList<>();
  final Interrupts interrupts = new Interrupts(code -> hardEnds.add(code.name()));

  private Command() {}

  /** What is not as in a pipe without an environment. */
  static final class Setting {
    private InputStream in;
    private OutputStream out;
    private boolean outIsTerminal;
    private final Map<String, String> environment = new HashMap<>();

    Setting in(InputStream stream) {
      in = stream;
      return this;
    }

    Setting out(OutputStream stream) {
      out = stream;
      return this;
    }

    Setting onTerminal() {
      outIsTerminal = true;
      return this;
    }

    Setting with(String name, String value) {
      environment.put(name, value);
      return this;
    }

    Command start(String... arguments) {
      var command = new Command();
      InputStream stdin = in;
      if (stdin == null) {
        try {
          stdin = new PipedInputStream(command.toStdin, 1 << 16);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      var stdio =
          new Stdio(
              stdin,
              out == null ? command.out : out,
              new PrintStream(command.err, true, StandardCharsets.UTF_8),
              false,
              outIsTerminal,
              false,
              environment);
      Thread.ofPlatform()
          .name("command")
          .start(
              () -> {
                try {
                  command.status.complete(Weir.run(stdio, command.interrupts, arguments));
                } catch (Throwable e) {
                  command.status.completeExceptionally(e);
                }
              });
      return command;
    }

    /** Runs with this standard input to the end. */
    Command run(String stdin, String... arguments) {
      Command command = start(arguments);
      command.type(stdin).endInput();
      command.status();
      return command;
    }
  }

  static Setting in(InputStream stream) {
    return new Setting().in(stream);
  }

  static Setting with(String name, String value) {
    return new Setting().with(name, value);
  }

  static Command start(String... arguments) {
    return new Setting().start(arguments);
  }

  static Command run(String stdin, String... arguments) {
    return new Setting().run(stdin, arguments);
  }

  Command type(String text) {
    try {
      toStdin.write(text.getBytes(StandardCharsets.UTF_8));
      toStdin.flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Command endInput() {
    try {
      toStdin.close();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the end. */
  int status() {
    try {
      return status.get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("expected an end within " + PATIENCE + " but was: " + err, e);
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  Command assertStatus(ExitCode code) {
    assertThat(status()).as("status; stderr: %s", err).isEqualTo(code.status());
    return this;
  }

  String out() {
    return out.toString();
  }

  byte[] outBytes() {
    return out.bytes();
  }

  String err() {
    return err.toString();
  }

  List<String> hardEnds() {
    return hardEnds;
  }

  /** Waits until standard output has this in it. */
  Command awaitOut(String text) {
    out.await(Pattern.compile(Pattern.quote(text)));
    return this;
  }

  /** Waits until standard error has this in it, and returns its first group if there is one. */
  String awaitErr(String regex) {
    return err.await(Pattern.compile(regex));
  }

  @Override
  public void close() {
    endInput();
    interrupts.raise(ExitCode.INTERRUPTED);
    status();
  }

  /** A stream whose content can be waited for. */
  private static final class Watched extends OutputStream {
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    @Override
    public synchronized void write(int b) {
      content.write(b);
      notifyAll();
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int count) {
      content.write(bytes, from, count);
      notifyAll();
    }

    synchronized byte[] bytes() {
      return content.toByteArray();
    }

    synchronized String await(Pattern wanted) {
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (true) {
        Matcher matcher = wanted.matcher(toString());
        if (matcher.find()) {
          return matcher.groupCount() == 0 ? matcher.group() : matcher.group(1);
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new AssertionError("expected " + wanted + " but was: " + this);
        }
        try {
          TimeUnit.NANOSECONDS.timedWait(this, left);
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }

    @Override
    public synchronized String toString() {
      return content.toString(StandardCharsets.UTF_8);
    }
  }
}
