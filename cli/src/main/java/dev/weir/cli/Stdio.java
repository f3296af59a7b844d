package dev.weir.cli;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jline.terminal.impl.exec.ExecTerminalProvider;
import org.jline.terminal.spi.SystemStream;

/**
 * The process's standard streams and environment, and which streams are terminals. Immutable; the
 * error stream is thread-safe, the others are for one thread each.
 *
 * @param out unbuffered, and unlike {@link System#out} it throws when nobody reads it any more
 */
record Stdio(
    InputStream in,
    OutputStream out,
    PrintStream err,
    boolean inIsTerminal,
    boolean outIsTerminal,
    boolean errIsTerminal,
    Map<String, String> environment) {
  private static final int BUFFER_BYTES = 64 * 1024;

  /** The descriptors that are terminals, as the launcher has found them: such as "012". */
  private static final String TERMINALS = "weir.terminals";

  static Stdio ofProcess() {
    String terminals = System.getProperty(TERMINALS);
    if (terminals == null) {
      terminals = foundTerminals();
    }
    return new Stdio(
        new BufferedInputStream(new FileInputStream(FileDescriptor.in), BUFFER_BYTES),
        new FileOutputStream(FileDescriptor.out),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        terminals.contains("0"),
        terminals.contains("1"),
        terminals.contains("2"),
        System.getenv());
  }

  /** Asks the system, for starts without the launcher; it takes a process for each. */
  private static String foundTerminals() {
    var provider = new ExecTerminalProvider();
    return (provider.isSystemStream(SystemStream.Input) ? "0" : "")
        + (provider.isSystemStream(SystemStream.Output) ? "1" : "")
        + (provider.isSystemStream(SystemStream.Error) ? "2" : "");
  }

  /** Whether a person sits at both ends. */
  boolean isInteractive() {
    return inIsTerminal && outIsTerminal;
  }
}
