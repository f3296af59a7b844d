package dev.weir.cli;

import dev.weir.websocket.Message;
import java.io.IOException;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A person's lines, with editing and history, and the peer's messages above the line that is being
 * edited. Input and output are for one thread each; {@link #print} is thread-safe.
 */
final class Prompt implements MessageInput, MessageOutput, AutoCloseable {
  private static final String PROMPT = "> ";
  private static final String RECEIVED = "< ";

  private final Terminal terminal;
  private final LineReader reader;
  private final Interrupts interrupts;

  private Prompt(Terminal terminal, LineReader reader, Interrupts interrupts) {
    this.terminal = terminal;
    this.reader = reader;
    this.interrupts = interrupts;
  }

  /**
   * Takes over the terminal until it is closed.
   *
   * @param history where lines are kept from run to run, or null for none
   */
  static Prompt open(Interrupts interrupts, @Nullable Path history) throws IOException {
    Terminal terminal =
        TerminalBuilder.builder()
            .system(true)
            .dumb(true)
            .nativeSignals(true)
            .graphemeCluster(false)
            .build();
    return on(terminal, interrupts, history);
  }

  /** As {@link #open}, on a given terminal. */
  static Prompt on(Terminal terminal, Interrupts interrupts, @Nullable Path history) {
    // While no line is being edited; the editor has a way of its own.
    terminal.handle(Signal.INT, signal -> interrupts.raise(ExitCode.INTERRUPTED));
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("weir")
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.BRACKETED_PASTE, true);
    if (history != null) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    return new Prompt(terminal, builder.build(), interrupts);
  }

  @Override
  public @Nullable Message next() {
    try {
      return Message.of(reader.readLine(PROMPT));
    } catch (EndOfFileException e) {
      return null;
    } catch (UserInterruptException e) {
      interrupts.raise(ExitCode.INTERRUPTED);
      return null;
    }
  }

  @Override
  public void message(Message message) {
    print(
        RECEIVED
            + switch (message) {
              case Message.Text(String text) -> Shown.text(text);
              case Message.Binary(byte[] bytes) -> Shown.bytes(bytes);
            });
  }

  /** Shows a line above the one that is being edited. */
  void print(String line) {
    reader.printAbove(line);
  }

  @Override
  public void flush() {
    terminal.flush();
  }

  /** Gives the terminal back as it was. */
  @Override
  public void close() throws IOException {
    terminal.close();
  }
}
