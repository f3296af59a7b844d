package dev.weir.cli;

import java.util.List;
import java.util.function.Consumer;

/** What is said to the person beside the payload, on standard error. Thread-safe. */
final class Notices {
  private final boolean quiet;
  private volatile Consumer<String> sink;

  Notices(Stdio stdio, boolean quiet) {
    this.quiet = quiet;
    this.sink = stdio.err()::println;
  }

  /** From here on lines go there: above a prompt, say. */
  void goTo(Consumer<String> other) {
    sink = other;
  }

  /** Says something that is good to know. */
  void note(String line) {
    if (!quiet) {
      sink.accept(line);
    }
  }

  /** Says why something failed, also to those who want quiet. */
  void error(List<String> lines) {
    lines.forEach(sink);
  }

  void error(String line) {
    sink.accept(line);
  }
}
