package dev.weir.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code weir completion}: writes a shell's completion script. Not thread-safe. */
@Command(
    name = "completion",
    header = "Writes a completion script for a shell.",
    customSynopsis = "weir completion bash|zsh|fish",
    description =
        "%nWrites a script to standard output that completes weir's commands and options.%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(weir completion bash)",
      "  source <(weir completion zsh)",
      "  weir completion fish > ~/.config/fish/completions/weir.fish",
    },
    usageHelpAutoWidth = true)
final class CompletionCommand implements Callable<Integer> {
  /** The shells that there are scripts for, as they are called. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
  private Shell shell = Shell.bash;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("expected the command's model but there is none");
    }
    CommandLine root = spec.root().commandLine();
    root.getOut()
        .print(
            switch (shell) {
              case bash -> AutoComplete.bash("weir", root);
              // The script of bash brings what zsh needs to run it.
              case zsh -> AutoComplete.bash("weir", root);
              case fish -> FishCompletion.of(root);
            });
    root.getOut().flush();
    return ExitCode.CLEAN.status();
  }
}
