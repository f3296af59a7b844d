package dev.weir.cli;

import dev.weir.streams.SyntaxError;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code weir} command: picks a subcommand and turns what happens into an exit status. */
@Command(
    name = "weir",
    header = "WebSockets at the command line.",
    customSynopsis = "weir COMMAND [OPTION]...",
    description = "%nTalks to WebSocket servers and serves WebSockets.%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%n",
    footer = {
      "weir COMMAND --help describes a command in full.",
      "Every command of one connection ends with a status that says how it ended; weir connect"
          + " --help lists them."
    },
    versionProvider = Weir.Version.class,
    sortOptions = false,
    usageHelpAutoWidth = true)
public final class Weir implements Callable<Integer> {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Show the version.")
  boolean version;

  @Spec private @Nullable CommandSpec spec;

  private Weir() {}

  /** Runs the command and ends the process with its status. */
  public static void main(String[] arguments) {
    Interrupts interrupts =
        new Interrupts(code -> Runtime.getRuntime().halt(code.status())).listening();
    System.exit(run(Stdio.ofProcess(), interrupts, arguments));
  }

  /** Runs the command in this process. */
  static int run(Stdio stdio, Interrupts interrupts, String... arguments) {
    return commandLine(stdio, interrupts).execute(arguments);
  }

  static CommandLine commandLine(Stdio stdio, Interrupts interrupts) {
    var connect = new CommandLine(new ConnectCommand(stdio, interrupts));
    var others =
        EnumSet.complementOf(
            EnumSet.of(
                ExitCode.CLEAN, ExitCode.WRONG_ECHO, ExitCode.UNSETTLED, ExitCode.OUT_OF_TIME));
    tellEndings(connect, ExitCode.CLEAN.meaning(), others);
    var serve = new CommandLine(new ServeCommand(stdio, interrupts));
    tellEndings(
        serve,
        "ended by SIGTERM or Ctrl-C",
        EnumSet.of(ExitCode.FAILED, ExitCode.USAGE, ExitCode.LOCAL, ExitCode.TCP, ExitCode.DNS));
    var bench = new CommandLine(new BenchCommand(stdio, interrupts));
    tellEndings(bench, "all that was asked for was done, without an error", BenchCommand.ENDINGS);
    var run = new CommandLine(new RunCommand(stdio, interrupts));
    tellEndings(
        run,
        "nothing was pending any more, or a script called close()",
        EnumSet.of(
            ExitCode.FAILED,
            ExitCode.USAGE,
            ExitCode.LOCAL,
            ExitCode.UNSETTLED,
            ExitCode.OUT_OF_TIME,
            ExitCode.INTERRUPTED,
            ExitCode.TERMINATED),
        Map.of(
            ExitCode.FAILED,
            "an error that no script caught, or a rejection that none handled",
            ExitCode.UNSETTLED,
            "a module ended at an await that nothing can settle any more"));
    var root =
        new CommandLine(new Weir())
            .addSubcommand(connect)
            .addSubcommand(serve)
            .addSubcommand(run)
            .addSubcommand(bench)
            .addSubcommand(new CompletionCommand());
    root.setOut(new PrintWriter(stdio.out(), true, StandardCharsets.UTF_8));
    root.setErr(new PrintWriter(stdio.err(), true, StandardCharsets.UTF_8));
    root.setCaseInsensitiveEnumValuesAllowed(true);
    // "-H @FILE" is for us: no file of arguments.
    root.setExpandAtFiles(false);
    root.setParameterExceptionHandler(
        (problem, given) -> usage(stdio, problem.getCommandLine(), problem));
    root.setExecutionExceptionHandler(
        (problem, command, parsed) -> failed(stdio, command, problem));
    return root;
  }

  private static void tellEndings(CommandLine command, String clean, Set<ExitCode> others) {
    tellEndings(command, clean, others, Map.of());
  }

  /** With other words for what means something of its own in this command. */
  private static void tellEndings(
      CommandLine command, String clean, Set<ExitCode> others, Map<ExitCode, String> words) {
    var table = new LinkedHashMap<String, String>();
    table.put(" " + ExitCode.CLEAN.status(), clean);
    others.forEach(
        code -> table.put(" " + code.status(), words.getOrDefault(code, code.meaning())));
    command.getCommandSpec().usageMessage().exitCodeList(table);
  }

  @Override
  public Integer call() {
    if (spec == null) {
      throw new IllegalStateException("expected the command's model but there is none");
    }
    throw new ParameterException(spec.commandLine(), "expected a command");
  }

  private static int usage(Stdio stdio, CommandLine command, Exception problem) {
    stdio.err().println("weir: " + problem.getMessage());
    String name = command.getCommandSpec().qualifiedName(" ");
    stdio.err().println("Try '" + name + " --help'.");
    return ExitCode.USAGE.status();
  }

  private static int failed(Stdio stdio, CommandLine command, Exception problem) {
    return switch (problem) {
      case UsageException wrong -> usage(stdio, command, wrong);
      case SyntaxError wrong -> usage(stdio, command, wrong);
      case AddressFailure failure -> said(stdio, failure, ExitCode.TCP);
      case UnknownHostException failure -> said(stdio, failure, ExitCode.DNS);
      case IOException failure -> said(stdio, failure, ExitCode.LOCAL);
      default -> {
        problem.printStackTrace(stdio.err());
        yield ExitCode.FAILED.status();
      }
    };
  }

  private static int said(Stdio stdio, IOException failure, ExitCode code) {
    stdio.err().println("weir: " + message(failure));
    return code.status();
  }

  /** In words: some exceptions of the JDK say nothing but a file's name. */
  private static String message(IOException failure) {
    String words =
        switch (failure) {
          case NoSuchFileException missing -> "there is no file " + missing.getFile();
          case AccessDeniedException denied -> "no permission to use " + denied.getFile();
          case AddressFailure said -> said.getMessage();
          case UnknownHostException said -> said.getMessage();
          case FileNotFoundException said -> said.getMessage();
          case NotDirectoryException said -> said.getFile();
          case IOException said when said.getClass() == IOException.class -> said.getMessage();
          default -> failure.getClass().getSimpleName() + ": " + failure.getMessage();
        };
    return String.valueOf(words);
  }

  /** The version of the jar that this runs from. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Weir.class.getPackage().getImplementationVersion();
      return new String[] {
        "weir " + (version == null ? "(not packaged)" : version),
        "Java " + System.getProperty("java.version") + ", " + System.getProperty("os.name")
      };
    }
  }
}
