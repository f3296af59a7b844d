package dev.weir.graaljs;

import java.io.PrintStream;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** Where the console prints: {@code host.print}. For the context's thread alone. */
final class HostConsole {
  private final PrintStream out;
  private final PrintStream err;

  HostConsole(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  void addTo(HostFunctions host) {
    host.add("print", this::print);
  }

  /** {@code print(text, isError)}: one write, so that lines of several contexts stay whole. */
  private @Nullable Object print(Value[] arguments) {
    PrintStream stream = arguments[1].asBoolean() ? err : out;
    stream.print(arguments[0].asString() + System.lineSeparator());
    stream.flush();
    return null;
  }
}
