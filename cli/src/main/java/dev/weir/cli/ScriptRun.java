package dev.weir.cli;

import dev.weir.graaljs.ScriptFailure;
import dev.weir.graaljs.ScriptOptions;
import dev.weir.graaljs.ScriptRuntime;
import dev.weir.graaljs.WebPlatform;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WireObserver;
import dev.weir.websocket.opening.TlsOptions;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.CookieManager;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.graalvm.polyglot.Source;
import org.jspecify.annotations.Nullable;

/**
 * One run of scripts, to the first reason to end it. Not thread-safe; used once.
 *
 * <p>All that knows GraalJS is here, so that the other commands do not load it.
 */
final class ScriptRun {
  private static final String STDIN = "-";
  private static final String MODULE = "application/javascript+module";

  private final Plan plan;
  private final @Nullable WireObserver observer;
  private final Stdio stdio;
  private final Interrupts interrupts;

  /** The client's close timeout bounds the end of the connections; this what may hold that up. */
  private static final Duration CLOSE_TIME = Duration.ofSeconds(15);

  /** What is said at the end is not waited for where nobody reads standard error. */
  private static final Duration SAYING_TIME = Duration.ofSeconds(1);

  private volatile @Nullable WebPlatform platform;

  // The first of all reasons counts.
  private final CompletableFuture<ExitCode> ending = new CompletableFuture<>();

  /**
   * What to run.
   *
   * @param files in order; "-" is standard input
   * @param modules whether all of them are modules, not only those that end with .mjs
   * @param timeout null for none
   */
  record Plan(
      List<String> files,
      boolean modules,
      @Nullable String baseUrl,
      TlsOptions tls,
      @Nullable Duration timeout) {}

  ScriptRun(Plan plan, @Nullable WireObserver observer, Stdio stdio, Interrupts interrupts) {
    this.plan = plan;
    this.observer = observer;
    this.stdio = stdio;
    this.interrupts = interrupts;
  }

  ExitCode run() throws IOException, InterruptedException {
    interrupts.react(ending::complete);
    if (plan.timeout != null) {
      var unused =
          ending.completeOnTimeout(
              ExitCode.OUT_OF_TIME, plan.timeout.toNanos(), TimeUnit.NANOSECONDS);
    }
    // All of them before the first is run: a name that is wrong should not be found out half-way.
    List<Source> sources = awaitSources();
    return sources == null ? said(ending.join()) : run(sources);
  }

  /** Null where the end comes first. */
  private @Nullable List<Source> awaitSources() throws IOException, InterruptedException {
    var reading = new CompletableFuture<List<Source>>();
    // Nothing can interrupt a read of standard input or of a pipe; the process ends beside it.
    Thread.ofPlatform()
        .daemon()
        .name("weir-run-sources")
        .start(
            () -> {
              try {
                reading.complete(sources());
              } catch (IOException | RuntimeException e) {
                reading.completeExceptionally(e);
              }
            });
    try {
      var unused = CompletableFuture.anyOf(reading, ending).get();
      return ending.isDone() ? null : reading.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  private ExitCode run(List<Source> sources) throws IOException, InterruptedException {
    try (ScriptRuntime runtime = runtime()) {
      WebPlatform running = runtime.platform();
      platform = running;
      List<CompletableFuture<Void>> evaluations = sources.stream().map(runtime::evaluate).toList();
      running.idle().thenRun(() -> ending.complete(idle(running, evaluations)));
      ExitCode code = said(ending.get());
      running.close();
      running.closed().get(CLOSE_TIME.toNanos(), TimeUnit.NANOSECONDS);
      return code;
    } catch (TimeoutException e) {
      // The network's threads are held up, by what nobody reads: the process's end closes the rest.
      return ending.join();
    } catch (ExecutionException e) {
      throw new IllegalStateException("expected an end of the scripts but waiting failed", e);
    }
  }

  /** What it means that nothing is pending. */
  private static ExitCode idle(WebPlatform platform, List<CompletableFuture<Void>> evaluations) {
    return platform.isClosed() || evaluations.stream().allMatch(CompletableFuture::isDone)
        ? ExitCode.CLEAN
        : ExitCode.UNSETTLED;
  }

  /** Says what is to be said of an end that was not the scripts' own. */
  private ExitCode said(ExitCode code) throws InterruptedException {
    String words =
        switch (code) {
          case OUT_OF_TIME ->
              "weir: the scripts had not ended after " + seconds(plan.timeout) + " s";
          case UNSETTLED -> "weir: a module ended at an await that nothing can settle any more";
          default -> null;
        };
    if (words != null) {
      // A script may be stuck in standard error, which nobody reads, and have its lock.
      Thread saying = Thread.ofPlatform().daemon().start(() -> stdio.err().println(words));
      saying.join(SAYING_TIME);
    }
    return code;
  }

  private static String seconds(@Nullable Duration time) {
    return time == null
        ? ""
        : java.math.BigDecimal.valueOf(time.toNanos(), 9).stripTrailingZeros().toPlainString();
  }

  private ScriptRuntime runtime() throws IOException {
    ScriptOptions options =
        ScriptOptions.defaults()
            .withClientSettings(this::settings)
            .withOutput(new PrintStream(new Output(), false, StandardCharsets.UTF_8), stdio.err())
            .withFailures(this::failed);
    if (plan.baseUrl != null) {
      options = options.withBaseUrl(plan.baseUrl);
    }
    try {
      return ScriptRuntime.create(options);
    } catch (IllegalArgumentException e) {
      // A certificate or a key that can not be used.
      throw new IOException(e.getMessage(), e);
    }
  }

  private WebSocketClient.Builder settings(WebSocketClient.Builder builder) {
    if (observer != null) {
      builder.observer(observer);
    }
    return builder.tls(plan.tls).cookieHandler(new CookieManager());
  }

  /** On the scripts' thread: the task that failed is the last, as after {@code close()}. */
  private void failed(ScriptFailure failure) {
    if (ending.isDone()) {
      return;
    }
    stdio.err().println(failure);
    ending.complete(ExitCode.FAILED);
    WebPlatform running = platform;
    if (running != null) {
      running.close();
    }
  }

  private List<Source> sources() throws IOException {
    List<Source> sources = new ArrayList<>();
    for (String file : plan.files) {
      sources.add(file.equals(STDIN) ? stdin() : source(file));
    }
    return sources;
  }

  private Source stdin() throws IOException {
    String text = decoded(stdio.in().readAllBytes(), "standard input");
    Source.Builder builder = Source.newBuilder("js", text, "stdin");
    return plan.modules ? builder.mimeType(MODULE).build() : builder.build();
  }

  private Source source(String name) throws IOException {
    Path path = Path.of(name);
    if (!Files.exists(path)) {
      throw new FileNotFoundException("there is no file " + name);
    }
    if (Files.isDirectory(path)) {
      throw new IOException("expected a script but " + name + " is a folder");
    }
    String text = decoded(Files.readAllBytes(path), name);
    // The file itself is told too: imports are relative to it.
    Source.Builder builder = Source.newBuilder("js", new File(name)).content(text).name(name);
    return plan.modules || name.endsWith(".mjs")
        ? builder.mimeType(MODULE).build()
        : builder.build();
  }

  private static String decoded(byte[] bytes, String from) throws IOException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException(from + " is not UTF-8", e);
    }
  }

  /** Standard output, whose end is the end: nobody reads what the scripts print. */
  private final class Output extends OutputStream {
    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
      try {
        stdio.out().write(bytes, offset, count);
      } catch (IOException e) {
        if (ending.complete(ExitCode.LOCAL)) {
          stdio.err().println("weir: the output failed: " + e.getMessage());
        }
      }
    }

    @Override
    public void flush() throws IOException {
      stdio.out().flush();
    }
  }
}
