package dev.weir.cli;

import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Writes the completion script of the fish shell from the commands' model. Stateless. */
final class FishCompletion {
  private FishCompletion() {}

  static String of(CommandLine root) {
    var script = new StringBuilder("# Completions of weir for fish\n");
    String names = String.join(" ", root.getSubcommands().keySet());
    script.append("complete -c weir -f\n");
    options(script, root, "not __fish_seen_subcommand_from " + names);
    root.getSubcommands()
        .forEach(
            (name, command) -> {
              script
                  .append("complete -c weir -n ")
                  .append(quoted("not __fish_seen_subcommand_from " + names))
                  .append(" -a ")
                  .append(name)
                  .append(" -d ")
                  .append(quoted(command.getCommandSpec().usageMessage().header()[0]))
                  .append('\n');
              options(script, command, "__fish_seen_subcommand_from " + name);
            });
    return script.toString();
  }

  private static void options(StringBuilder script, CommandLine command, String condition) {
    for (OptionSpec option : command.getCommandSpec().options()) {
      script.append("complete -c weir -n ").append(quoted(condition));
      for (String name : option.names()) {
        script
            .append(name.startsWith("--") ? " -l " : " -s ")
            .append(name.substring(name.startsWith("--") ? 2 : 1));
      }
      if (option.arity().max() > 0) {
        script.append(option.type() == Path.class ? " -r -F" : " -x");
      }
      String text = String.join(" ", option.description());
      int end = text.indexOf(". ");
      script.append(" -d ").append(quoted(end < 0 ? text : text.substring(0, end))).append('\n');
    }
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
