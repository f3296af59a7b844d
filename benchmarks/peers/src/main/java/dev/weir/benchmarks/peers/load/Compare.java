package dev.weir.benchmarks.peers.load;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Measures Weir beside its peers, all of them in one run: {@code benchmarks/compare}. Writes tables
 * and the verdict on each target to standard output, progress to standard error.
 */
public final class Compare {
  private static final int SMALL = 64;
  private static final int MEDIUM = 64 * 1024;
  private static final int LARGE = 1 << 20;

  private static final String USAGE =
      """
      usage: benchmarks/compare [--quick | --smoke] [OPTION]...
        --quick            three short rounds, of Weir, plain TCP, Netty and Vert.x: below ten
                           minutes
        --smoke            one very short round: shows that everything works, measures nothing
        --scenarios REGEX  only those scenarios, such as echo-16 or client
        --subjects REGEX   only those servers and clients, such as weir|tcp|netty
        --rounds N         how often each is measured
        --window SECONDS   how long each measurement takes
        --warm-up SECONDS  how long each is warmed up in each scenario
        --core N           the processor for those under test (the last one)
        --docs FOLDER      write performance.md and its plots there
      """;

  private final Plan plan;
  private final Results results = new Results();
  private final Progress progress = new Progress(System.err);

  private Compare(Plan plan) {
    this.plan = plan;
  }

  /** Runs to the end; exits with 2 if the arguments are wrong. */
  public static void main(String[] arguments) throws Exception {
    Map<String, String> options;
    Plan plan;
    if (List.of(arguments).contains("--help")) {
      System.out.print(USAGE);
      return;
    }
    try {
      options = options(arguments);
      plan = plan(options);
    } catch (IllegalArgumentException e) {
      System.err.println("compare: " + e.getMessage());
      System.err.print(USAGE);
      System.exit(2);
      return;
    }
    var compare = new Compare(plan);
    compare.run();
    System.out.println(compare.tables(false));
    String docs = options.get("docs");
    if (docs != null) {
      compare.write(Path.of(docs));
    }
    System.exit(0);
  }

  private static Map<String, String> options(String[] arguments) {
    var options = new LinkedHashMap<String, String>();
    for (int i = 0; i < arguments.length; i++) {
      String name = arguments[i];
      switch (name) {
        case "--quick", "--smoke" -> options.put(name.substring(2), "");
        case "--scenarios",
            "--subjects",
            "--rounds",
            "--window",
            "--warm-up",
            "--core",
            "--docs",
            "--root" -> {
          if (++i == arguments.length) {
            throw new IllegalArgumentException("expected a value after " + name);
          }
          options.put(name.substring(2), arguments[i]);
        }
        default -> throw new IllegalArgumentException("there is no option " + name);
      }
    }
    return options;
  }

  private static Plan plan(Map<String, String> options) {
    boolean smoke = options.containsKey("smoke");
    boolean quick = options.containsKey("quick");
    try {
      return new Plan(
          Path.of(options.getOrDefault("root", "")).toAbsolutePath(),
          options.getOrDefault("core", ""),
          number(options, "warm-up", smoke ? 0.3 : quick ? 1.3 : 4),
          number(options, "window", smoke ? 0.3 : quick ? 0.4 : 3),
          (int) number(options, "rounds", smoke ? 1 : quick ? 3 : 7),
          smoke ? 50 : 10_000,
          Pattern.compile(options.getOrDefault("scenarios", "")),
          Pattern.compile(options.getOrDefault("subjects", quick ? Plan.NEAREST : "")));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("expected a regular expression: " + e.getMessage(), e);
    }
  }

  private static double number(Map<String, String> options, String name, double otherwise) {
    String given = options.get(name);
    double value = given == null ? otherwise : Double.parseDouble(given);
    if (!(value > 0)) {
      throw new IllegalArgumentException("--" + name + ": expected more than 0 but was " + given);
    }
    return value;
  }

  private void run() throws IOException, InterruptedException {
    File errors = File.createTempFile("weir-compare", ".log");
    progress.say("what the processes say goes to " + errors);
    try (var servers = new ServerRuns(plan, results, progress, "plain")) {
      servers.start(errors);
      servers.echo(Scenario.ECHO_16_1, false, SMALL, 16, 1);
      servers.echo(Scenario.ECHO_16_16, false, SMALL, 16, 16);
      servers.echo(Scenario.TEXT_16_16, true, SMALL, 16, 16);
      servers.echo(Scenario.ECHO_256_1, false, SMALL, 256, 1);
      servers.echo(Scenario.ECHO_256_16, false, SMALL, 256, 16);
      servers.echo(Scenario.ECHO_1M, false, LARGE, 4, 1);
      servers.idle(Scenario.IDLE);
    }
    if (plan.includes(Scenario.DEFLATE) || plan.includes(Scenario.IDLE_DEFLATE)) {
      try (var servers = new ServerRuns(plan, results, progress, "deflate")) {
        servers.start(errors);
        servers.deflate(Scenario.DEFLATE, Scenario.DEFLATE_BYTES, 16);
        servers.idle(Scenario.IDLE_DEFLATE);
      }
    }
    if (plan.includes(Scenario.BROADCAST) || plan.includes(Scenario.BROADCAST_8)) {
      try (var servers = new ServerRuns(plan, results, progress, "broadcast")) {
        servers.start(errors);
        servers.broadcast(Scenario.BROADCAST, SMALL, 1000, 1);
        servers.broadcast(Scenario.BROADCAST_8, SMALL, 1000, 8);
      }
    }
    try (var clients = new ClientRuns(plan, results, progress, errors)) {
      clients.start();
      var echo = RawServer.Work.ECHO;
      var flood = RawServer.Work.FLOOD;
      var sink = RawServer.Work.SINK;
      clients.messages(Scenario.ROUND_TRIP, echo, "round_trip", false, SMALL);
      clients.messages(Scenario.RECEIVE_BINARY, flood, "receive", false, SMALL);
      clients.messages(Scenario.RECEIVE_TEXT, flood, "receive", true, SMALL);
      clients.messages(Scenario.RECEIVE_64K, flood, "receive", false, MEDIUM);
      clients.messages(Scenario.SEND_64, sink, "send", false, SMALL);
      clients.messages(Scenario.SEND_64K, sink, "send", false, MEDIUM);
      clients.slowConsumer(Scenario.SLOW_CONSUMER);
    }
  }

  private String tables(boolean withCharts) {
    return "## Targets\n\n"
        + Report.targets(results)
        + "\n## Figures\n"
        + Report.figures(results, withCharts)
        + "\n## Made with\n\n"
        + Versions.list(plan);
  }

  private void write(Path docs) throws IOException {
    Path charts = Files.createDirectories(docs.resolve("performance"));
    for (Scenario scenario : results.scenarios()) {
      if (!results.of(scenario).isEmpty()) {
        Files.writeString(
            charts.resolve(scenario.id() + ".svg"), BarChart.svg(scenario, results.of(scenario)));
      }
    }
    Path notes = charts.resolve("notes.md");
    Files.writeString(
        docs.resolve("performance.md"),
        Page.of(
            LocalDate.now(ZoneOffset.UTC),
            tables(true),
            Files.exists(notes) ? Files.readString(notes) : ""));
  }
}
