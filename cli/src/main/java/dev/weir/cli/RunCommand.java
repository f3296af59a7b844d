package dev.weir.cli;

import dev.weir.streams.SyntaxError;
import dev.weir.websocket.url.WebSocketUrl;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code weir run}: runs JavaScript that uses WebSockets. Not thread-safe. */
@Command(
    name = "run",
    header = "Runs JavaScript that uses WebSockets.",
    customSynopsis = "weir run [OPTION]... FILE...",
    description = {
      "%nRuns the scripts in order, in one context with what browsers have for WebSockets: WebSocket"
          + " and WebSocketStream, streams, events, timers, console, URL, TextEncoder and their"
          + " like; there is no document. weir ends when nothing is pending: no timer, and no"
          + " connection that is not closed; or when a script calls close().",
      "",
      "console.log writes to standard output; console.error and console.warn write to standard"
          + " error. An error that no script catches, and a rejection that none handles, is written"
          + " to standard error with its stack, and weir ends with status 1.",
      "",
      "Connections that are still open at the end are closed with 1001. Ctrl-C ends weir so, a second"
          + " Ctrl-C ends it at once. Cookies that servers set are sent back within one run.%n",
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  weir run chat.js",
      "      Runs a browser's script.",
      "  weir run prelude.js chat.js --base-url https://example.com/chat/",
      "      Runs two, as if a page from there had loaded them.",
      "  echo 'console.log(await 1)' | weir run --module -",
      "      Runs a module from standard input.",
      "",
      "See also: weir serve --help, docs/cli.md",
    },
    exitCodeListHeading = "%nExit status:%n",
    sortOptions = false,
    usageHelpAutoWidth = true)
final class RunCommand implements Callable<Integer> {
  private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):.*");
  private static final List<String> WEB = List.of("http", "https", "ws", "wss");

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = {
        "Scripts, in UTF-8; - is standard input. One whose name ends with .mjs is a module."
      })
  private List<String> files = new ArrayList<>();

  @ArgGroup(validate = false, heading = "%nScripts:%n")
  private Scripts scripts = new Scripts();

  @ArgGroup(validate = false, heading = "%nTLS:%n")
  private ClientTlsOptions tls = new ClientTlsOptions();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  private final Stdio stdio;
  private final Interrupts interrupts;

  RunCommand(Stdio stdio, Interrupts interrupts) {
    this.stdio = stdio;
    this.interrupts = interrupts;
  }

  static final class Scripts {
    @Option(
        names = "--base-url",
        paramLabel = "URL",
        description = {
          "Where the scripts are on the web: location says so, relative URLs are resolved against it,"
              + " and its origin is sent as Origin. Without it location is about:blank and no Origin"
              + " is sent."
        })
    @Nullable String baseUrl;

    @Option(names = "--module", description = "Run all files as modules: import and await work.")
    boolean module;

    @Option(
        names = "--timeout",
        paramLabel = "SECONDS",
        converter = Seconds.class,
        description = "End after this time, with status 124. Not at all unless given.")
    @Nullable Duration timeout;

    @Option(
        names = {"-v", "--verbose"},
        description = "Show handshakes and frames on standard error, as weir connect -v does.")
    boolean verbose;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    checkBaseUrl();
    return new ScriptRun(
            new ScriptRun.Plan(
                List.copyOf(files), scripts.module, scripts.baseUrl, tls.tls(), scripts.timeout),
            scripts.verbose ? new WireLog(new Notices(stdio, false)::error, true) : null,
            stdio,
            interrupts)
        .run()
        .status();
  }

  private void checkBaseUrl() {
    if (scripts.baseUrl == null) {
      return;
    }
    String url = scripts.baseUrl;
    var scheme = SCHEME.matcher(url);
    if (!scheme.matches()) {
      throw new UsageException("--base-url: expected an absolute URL but was " + url);
    }
    if (WEB.contains(scheme.group(1).toLowerCase(Locale.ROOT))) {
      int fragment = url.indexOf('#');
      try {
        WebSocketUrl.parse(fragment < 0 ? url : url.substring(0, fragment));
      } catch (SyntaxError e) {
        throw new UsageException("--base-url: " + e.getMessage());
      }
    }
  }
}
