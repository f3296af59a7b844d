package dev.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Help, version and completion. */
class HelpTest {
  private static CommandLine commandLine() {
    return Weir.commandLine(Stdio.ofProcess(), new Interrupts(code -> {}));
  }

  static Stream<CommandLine> commands() {
    CommandLine root = commandLine();
    return Stream.concat(Stream.of(root), root.getSubcommands().values().stream());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void eachOptionIsDescribed(CommandLine command) {
    String help = command.getUsageMessage();
    for (OptionSpec option : command.getCommandSpec().options()) {
      assertThat(option.description()).as(option.longestName()).isNotEmpty();
      assertThat(help).contains(option.names());
    }
    assertThat(help).contains("weir");
  }

  @Test
  void withoutACommandItSaysHowToAsk() {
    Command command = Command.run("");
    command.assertStatus(ExitCode.USAGE);
    assertThat(command.err()).isEqualTo("weir: expected a command\nTry 'weir --help'.\n");
  }

  @Test
  void theVersionGoesToStandardOutput() {
    Command command = Command.run("", "--version");
    command.assertStatus(ExitCode.CLEAN);
    assertThat(command.out()).startsWith("weir ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void completionKnowsCommandsAndOptions(String shell) {
    Command command = Command.run("", "completion", shell);
    command.assertStatus(ExitCode.CLEAN);
    assertThat(command.out())
        .contains("connect", "serve", "bench", "max-messages", "self-signed", "in-flight");
  }

  @Test
  void thereIsNoCompletionForOtherShells() {
    Command.run("", "completion", "cmd").assertStatus(ExitCode.USAGE);
  }
}
