package dev.weir.cli;

import dev.weir.cli.bench.Bench;
import dev.weir.cli.bench.EventDriver;
import dev.weir.cli.bench.HtmlReport;
import dev.weir.cli.bench.Load;
import dev.weir.cli.bench.Payloads;
import dev.weir.cli.bench.ProcessUsage;
import dev.weir.cli.bench.Results;
import dev.weir.cli.bench.TextReport;
import dev.weir.protocol.connection.Limits;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketOptions;
import dev.weir.websocket.WebSocketServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir bench}: loads a WebSocket server and measures it. Not thread-safe. */
@Command(
    name = "bench",
    header = "Loads a WebSocket server and measures it.",
    customSynopsis = "weir bench [OPTION]... [URL]",
    description = {
      "%nOpens connections to URL, sends messages on each of them, expects every message back, in"
          + " order, and writes to standard output how many came in a second, how long they took"
          + " and what that cost. The server has to echo; with --receive it has to send by itself,"
          + " with --idle nothing is sent at all.",
      "",
      "Flat out, each connection sends the next message as soon as fewer than --in-flight wait for"
          + " their echo, and latency is counted from sending. With --rate each message has a time"
          + " at which it is due, and latency is counted from there: what a server that stalls"
          + " keeps waiting counts as waiting (coordinated omission).",
      "",
      "On a terminal a line of progress is renewed each second. Ctrl-C ends the run and reports"
          + " what was measured until then.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir bench --connections 16 --duration 10 ws://localhost:8080/echo",
      "      How many messages a second, one in flight on each of 16 connections.",
      "  weir bench --connections 100 --rate 5000 --json-payload --size 1k --html report.html URL",
      "      Latency at 5000 messages a second in all, as a page with plots.",
      "  weir bench --pid $(pgrep -f my-server) --in-flight 16 URL",
      "      The server's processor time per message too.",
      "  weir bench --idle --connections 10000 --pid PID URL",
      "      What an idle connection costs.",
      "",
      "See also: weir serve --help, docs/cli.md",
    },
    exitCodeListHeading = "%nExit status:%n",
    sortOptions = false,
    usageHelpAutoWidth = true)
final class BenchCommand implements Callable<Integer> {
  static final Set<ExitCode> ENDINGS =
      EnumSet.of(
          ExitCode.FAILED,
          ExitCode.USAGE,
          ExitCode.ABNORMAL,
          ExitCode.REFUSED,
          ExitCode.HANDSHAKE,
          ExitCode.TLS,
          ExitCode.TIMEOUT,
          ExitCode.LOCAL,
          ExitCode.WRONG_ECHO,
          ExitCode.TCP,
          ExitCode.DNS,
          ExitCode.INTERRUPTED,
          ExitCode.TERMINATED);

  private static final Duration DEFAULT_DURATION = Duration.ofSeconds(10);
  private static final Duration DEFAULT_WARM_UP = Duration.ofSeconds(2);
  private static final int DEFAULT_PACED_IN_FLIGHT = 1024;
  private static final int OPENINGS = 64;
  private static final int MOST_SIZE = 1 << 30;
  private static final int MOST_IN_FLIGHT = 1 << 16;

  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      description = {
        "ws://, wss://, http:// or https://, ws:// if there is none. Without a URL weir loads an"
            + " echo server of its own in the same process, to show how it goes."
      })
  private @Nullable String url;

  @ArgGroup(validate = false, heading = "%nLoad:%n")
  private Amounts amounts = new Amounts();

  @ArgGroup(validate = false, heading = "%nMessages:%n")
  private Messages messages = new Messages();

  @ArgGroup(validate = false, heading = "%nInstead of sending:%n")
  private Instead instead = new Instead();

  @ArgGroup(validate = false, heading = "%nTimes:%n")
  private Times times = new Times();

  @ArgGroup(validate = false, heading = "%nOpening handshake:%n")
  private Opening opening = new Opening();

  @ArgGroup(validate = false, heading = "%nTLS:%n")
  private ClientTlsOptions tls = new ClientTlsOptions();

  @ArgGroup(validate = false, heading = "%nWhat is shown:%n")
  private Showing showing = new Showing();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  private final Stdio stdio;
  private final Interrupts interrupts;

  BenchCommand(Stdio stdio, Interrupts interrupts) {
    this.stdio = stdio;
    this.interrupts = interrupts;
  }

  static final class Amounts {
    @Option(
        names = {"-c", "--connections"},
        paramLabel = "N",
        description = "Open N connections; 1 unless given.")
    int connections = 1;

    @Option(
        names = "--in-flight",
        paramLabel = "N",
        description = {
          "Let N messages of each connection wait for their echo. 1 unless given; 1024 with --rate,"
              + " where it is a bound."
        })
    @Nullable Integer inFlight;

    @Option(
        names = "--rate",
        paramLabel = "N",
        description = {
          "Send N messages a second over all connections, evenly. As many as it goes unless given."
        })
    @Nullable Double rate;
  }

  static final class Messages {
    @Option(
        names = "--size",
        paramLabel = "BYTES",
        converter = ByteCount.class,
        description = "The size of a message, such as 100, 64k or 1m; 64 unless given.")
    int size = 64;

    @Option(names = "--text", description = "Send text messages.")
    boolean text;

    @Option(
        names = {"-b", "--binary"},
        description = "Send binary messages of random bytes; so it is unless told otherwise.")
    boolean binary;

    @Option(
        names = "--json-payload",
        description = "Send text messages that are JSON and compress as JSON does.")
    boolean json;

    @Option(
        names = "--compress",
        description = {
          "Offer compression (permessage-deflate), with context takeover where the server likes;"
              + " not offered otherwise."
        })
    boolean compress;
  }

  static final class Instead {
    @Option(
        names = "--receive",
        description = "Send nothing and count what comes: for servers that broadcast.")
    boolean receive;

    @Option(
        names = "--idle",
        description = {
          "Send nothing and hold the connections open; tells how long opening took and, per"
              + " connection, how much memory it holds."
        })
    boolean idle;

    @Option(
        names = "--slow-reader",
        paramLabel = "RATE",
        description = {
          "Read only RATE messages a second on each connection, which holds the server back. With"
              + " --receive, or with echoes."
        })
    @Nullable Double readRate;
  }

  static final class Times {
    @Option(
        names = {"-d", "--duration"},
        paramLabel = "SECONDS",
        converter = Seconds.class,
        description = "How long to measure; 10 unless given, no bound with --messages.")
    @Nullable Duration duration;

    @Option(
        names = "--messages",
        paramLabel = "N",
        description = "End when N messages have come, over all connections, without a warm-up.")
    @Nullable Long messages;

    @Option(
        names = "--warm-up",
        paramLabel = "SECONDS",
        converter = Seconds.class,
        description = {
          "How long the load runs before it is measured; 2 unless given, not at all with --messages"
              + " or --idle."
        })
    @Nullable Duration warmUp;

    @Option(names = "--no-warm-up", description = "Measure from the first message.")
    boolean noWarmUp;

    @Option(
        names = "--timeout",
        paramLabel = "SECONDS",
        converter = Seconds.class,
        description = {
          "How long name resolution with TCP, TLS and the opening handshake may take, each. 10"
              + " unless given."
        })
    Duration opening = Duration.ofSeconds(10);
  }

  static final class Opening {
    @Option(
        names = "--openings",
        paramLabel = "N",
        description = "Open N connections side by side; 64 unless given.")
    int openings = OPENINGS;

    @ArgGroup(validate = false, multiplicity = "0..1")
    HeaderOptions headers = new HeaderOptions();

    @Option(names = "--origin", paramLabel = "ORIGIN", description = "Send this Origin.")
    @Nullable String origin;

    @Option(
        names = "--protocol",
        paramLabel = "NAME",
        split = ",",
        description = "Ask for this subprotocol, which the server has to select.")
    List<String> protocols = new ArrayList<>();
  }

  static final class Showing {
    @Option(
        names = "--pid",
        paramLabel = "PID",
        description = {
          "The server's process on this machine: its processor time per message is told too, and"
              + " with --idle its memory (the heap's if it is a Java process of yours, which then"
              + " collects its garbage)."
        })
    @Nullable Long pid;

    @Option(names = "--json", description = "Write the report as one JSON object.")
    boolean json;

    @Option(
        names = "--html",
        paramLabel = "FILE",
        description = "Also write the report as an HTML page with plots, which needs nothing else.")
    @Nullable Path html;

    @Option(
        names = {"-q", "--quiet"},
        description = "Show no progress.")
    boolean quiet;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    checkHtml();
    Load load = load(url == null ? "" : withScheme(url));
    ProcessUsage server = server();
    WebSocketClient client = client();
    try (WebSocketServer echo = url == null ? echo() : null) {
      return run(echo == null ? load : load.at(echo.url("/")), client, server).status();
    } finally {
      client.close();
    }
  }

  private ExitCode run(Load load, WebSocketClient client, @Nullable ProcessUsage server)
      throws IOException, InterruptedException {
    var interrupted = new CompletableFuture<ExitCode>();
    var progress = new ProgressLine(stdio, showing.quiet, load.work());
    var options = WebSocketOptions.DEFAULT.withProtocols(opening.protocols.toArray(String[]::new));
    interrupts.react(interrupted::complete);
    Results results;
    try (var driver = new EventDriver(client, load.url(), options)) {
      results = new Bench(load, driver, server, progress).run(interrupted);
    } finally {
      progress.clear();
    }
    report(results);
    ExitCode interrupt = interrupts.raised();
    if (interrupt != null) {
      return interrupt;
    }
    if (results.opened() == 0 && results.notOpened() instanceof WebSocketError error) {
      Ending ending = Ending.neverOpened(error);
      ending.lines().forEach(stdio.err()::println);
      return ending.exitCode(null);
    }
    if (results.hasWrongEchoes()) {
      return ExitCode.WRONG_ECHO;
    }
    return results.errors().isEmpty() ? ExitCode.CLEAN : ExitCode.ABNORMAL;
  }

  private void report(Results results) throws IOException {
    String report =
        showing.json ? BenchJson.of(results).toString() : String.join("\n", TextReport.of(results));
    stdio.out().write((report + '\n').getBytes(StandardCharsets.UTF_8));
    stdio.out().flush();
    if (showing.html != null) {
      String when =
          ZonedDateTime.now(ZoneId.systemDefault()).format(DateTimeFormatter.RFC_1123_DATE_TIME);
      Files.writeString(showing.html, HtmlReport.of(results, when));
    }
  }

  /** Before the run: an hour's figures must not be lost to a misspelt folder. */
  private void checkHtml() {
    if (showing.html != null) {
      Path folder = showing.html.toAbsolutePath().getParent();
      if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(showing.html)) {
        throw new UsageException(
            "--html: expected a file in a folder that is there but was " + showing.html);
      }
    }
  }

  // What is asked for

  private Load load(String target) {
    Load.Work work = work();
    boolean paced = amounts.rate != null;
    int inFlight = inFlight(paced);
    inRange("--connections", amounts.connections, 1, 1_000_000);
    inRange("--in-flight", inFlight, 1, MOST_IN_FLIGHT);
    inRange("--openings", opening.openings, 1, 65_536);
    inRange("--size", messages.size, messages.json ? Payloads.LEAST_JSON : 0, MOST_SIZE);
    Long count = times.messages;
    if (count != null) {
      inRange("--messages", count, amounts.connections, Long.MAX_VALUE - 1);
    }
    return new Load(
        target,
        work,
        amounts.connections,
        inFlight,
        payload(),
        messages.size,
        amounts.rate == null ? 0 : positive("--rate", amounts.rate),
        instead.readRate == null ? 0 : positive("--slow-reader", instead.readRate),
        count == null ? 0 : count,
        warmUp(work),
        times.duration == null && count == null ? DEFAULT_DURATION : times.duration,
        opening.openings);
  }

  private int inFlight(boolean paced) {
    return amounts.inFlight != null ? amounts.inFlight : paced ? DEFAULT_PACED_IN_FLIGHT : 1;
  }

  private Load.Work work() {
    if (instead.idle && instead.receive) {
      throw new UsageException("--idle and --receive exclude each other");
    }
    Load.Work work =
        instead.idle ? Load.Work.IDLE : instead.receive ? Load.Work.RECEIVE : Load.Work.ECHO;
    if (work != Load.Work.ECHO) {
      String asked = instead.idle ? "--idle" : "--receive";
      excluded(asked, "--rate", amounts.rate != null);
      excluded(asked, "--in-flight", amounts.inFlight != null);
      excluded(asked, "--text", messages.text);
      excluded(asked, "--binary", messages.binary);
      excluded(asked, "--json-payload", messages.json);
    }
    if (instead.idle) {
      excluded("--idle", "--slow-reader", instead.readRate != null);
      excluded("--idle", "--messages", times.messages != null);
      excluded("--idle", "--warm-up", times.warmUp != null);
    }
    if (instead.receive && url == null) {
      throw new UsageException("--receive needs the URL of a server that sends by itself");
    }
    return work;
  }

  private Load.Payload payload() {
    excluded("--text", "--binary", messages.text && messages.binary);
    excluded("--text", "--json-payload", messages.text && messages.json);
    excluded("--binary", "--json-payload", messages.binary && messages.json);
    return messages.json
        ? Load.Payload.JSON
        : messages.text ? Load.Payload.TEXT : Load.Payload.BINARY;
  }

  private Duration warmUp(Load.Work work) {
    excluded("--warm-up", "--no-warm-up", times.warmUp != null && times.noWarmUp);
    excluded("--warm-up", "--messages", times.warmUp != null && times.messages != null);
    if (times.warmUp != null) {
      return times.warmUp;
    }
    boolean none = times.noWarmUp || times.messages != null || work == Load.Work.IDLE;
    return none ? Duration.ZERO : DEFAULT_WARM_UP;
  }

  private static void excluded(String one, String other, boolean both) {
    if (both) {
      throw new UsageException(one + " and " + other + " exclude each other");
    }
  }

  private static void inRange(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new UsageException(
          name + ": expected from " + least + " to " + most + " but was " + value);
    }
  }

  private static double positive(String name, double value) {
    if (!(value > 0 && value <= 1e9)) {
      throw new UsageException(
          name + ": expected more than 0 and at most 1000000000 a second but was " + value);
    }
    return value;
  }

  private @Nullable ProcessUsage server() {
    Long pid = showing.pid;
    return pid == null
        ? null
        : ProcessUsage.of(pid)
            .orElseThrow(() -> new UsageException("--pid: there is no process " + pid));
  }

  // The two ends

  private static String withScheme(String given) {
    return given.contains("://") ? given : "ws://" + given;
  }

  private WebSocketServer echo() throws IOException {
    if (!showing.quiet && !showing.json) {
      stdio.err().println("no URL: loading an echo server of my own, in this process");
    }
    return WebSocketServer.builder()
        .route(EchoServer.route())
        .limits(limits(Limits.server()))
        .compression(CompressionOptions.server().withTakeover(true, true))
        .start();
  }

  /** The default bounds, or room for what is sent here. */
  private Limits limits(Limits defaults) {
    return defaults.withMaxMessageBytes(Math.max(defaults.maxMessageBytes(), messages.size));
  }

  private WebSocketClient client() throws IOException {
    WebSocketClient.Builder builder =
        WebSocketClient.builder()
            .tls(tls.tls())
            .allowBlockedPorts()
            .allowParallelOpenings()
            .limits(limits(Limits.client()))
            .compression(messages.compress ? CompressionOptions.client() : CompressionOptions.off())
            .connectTimeout(times.opening)
            .tlsTimeout(times.opening)
            .handshakeTimeout(times.opening);
    for (HeaderOptions.Field field : opening.headers.fields(stdio.environment())) {
      try {
        builder.header(field.name(), field.value());
      } catch (IllegalArgumentException e) {
        throw new UsageException(
            "the header " + field.name() + " can not be sent: " + e.getMessage());
      }
    }
    if (opening.origin != null) {
      builder.origin(opening.origin);
    }
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      // A certificate or a key that can not be used.
      throw new IOException(e.getMessage(), e);
    }
  }
}
