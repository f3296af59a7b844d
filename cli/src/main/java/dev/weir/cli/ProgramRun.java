package dev.weir.cli;

import dev.weir.protocol.close.CloseCode;
import dev.weir.streams.InvalidStateError;
import dev.weir.streams.ReadResult;
import dev.weir.streams.ReadableStreamDefaultReader;
import dev.weir.websocket.Message;
import dev.weir.websocket.ServerConnection;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One program and its connection. {@link #carry} runs once; {@link #end} is thread-safe.
 *
 * <p>Each direction has a platform thread of its own, since reading and writing pipes would hold
 * the carriers of virtual threads.
 */
final class ProgramRun {
  private final Process process;
  private final ServerConnection connection;
  private final Duration grace;
  private final int lineLimit;

  ProgramRun(Process process, ServerConnection connection, Duration grace, int lineLimit) {
    this.process = process;
    this.connection = connection;
    this.grace = grace;
    this.lineLimit = lineLimit;
  }

  /** Carries messages both ways until the program or the connection has ended, then ends both. */
  void carry() throws InterruptedException {
    CompletableFuture<Void> written = started("weir-to-program", this::toProgram);
    CompletableFuture<Void> read = started("weir-from-program", this::fromProgram);
    CompletableFuture<?> connectionEnds =
        connection.closing().<Object>handle((info, error) -> info);
    try {
      await(CompletableFuture.anyOf(process.onExit(), connectionEnds));
      if (process.isAlive()) {
        end();
        return;
      }
      // What the program wrote last may still be on its way; a child of it may hold the pipe open.
      within(read);
      connection.close(process.exitValue() == 0 ? CloseCode.NORMAL : CloseCode.INTERNAL_ERROR, "");
    } finally {
      kill();
      written.cancel(false);
    }
  }

  /** Ends the program: its input ends, then it is asked to end, then it is killed. */
  void end() throws InterruptedException {
    CompletableFuture<?> inputEnded = started("weir-end-of-input", this::endInput);
    if (!within(process.onExit())) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      if (!within(process.onExit())) {
        kill();
      }
    }
    inputEnded.cancel(false);
  }

  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Closing waits for a write that is under way, so it has a thread of its own. */
  private void endInput() throws IOException {
    process.getOutputStream().close();
  }

  private void toProgram() throws IOException, InterruptedException {
    ReadableStreamDefaultReader<Message> reader = connection.readable().getReader();
    try (OutputStream input = process.getOutputStream()) {
      while (true) {
        CompletableFuture<ReadResult<Message>> next = reader.read();
        if (!next.isDone()) {
          input.flush();
        }
        if (!(next.get().value() instanceof Message.Text(String text))) {
          return;
        }
        input.write(text.getBytes(StandardCharsets.UTF_8));
        input.write('\n');
      }
    } catch (ExecutionException e) {
      // The connection has ended, for which the program's input ends too.
      return;
    }
  }

  private void fromProgram() throws IOException, InterruptedException {
    var lines = new LineInput(process.getInputStream(), '\n', lineLimit, CodingErrorAction.REPLACE);
    try {
      for (Message line = lines.next(); line != null; line = lines.next()) {
        connection.send(line);
      }
    } catch (InvalidStateError e) {
      // The connection is closing, for which the program is ended elsewhere.
      return;
    }
  }

  private interface Task {
    void run() throws IOException, InterruptedException;
  }

  private static CompletableFuture<Void> started(String name, Task task) {
    var done = new CompletableFuture<Void>();
    Thread.ofPlatform()
        .daemon()
        .name(name)
        .start(
            () -> {
              try {
                task.run();
              } catch (IOException | InterruptedException e) {
                // A pipe that broke: the program's end says the rest.
                done.completeExceptionally(e);
              } finally {
                done.complete(null);
              }
            });
    return done;
  }

  private static void await(CompletableFuture<?> future) throws InterruptedException {
    try {
      future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Waits for at most the grace; whether it was done by then. */
  private boolean within(CompletableFuture<?> future) throws InterruptedException {
    try {
      future.get(grace.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    }
  }
}
