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
    // All of them before the first is run: a name that is wrong should not be found out half-way.
    List<Source> sources = sources();
    interrupts.react(ending::complete);
    try (ScriptRuntime runtime = runtime()) {
      WebPlatform platform = runtime.platform();
      for (Source source : sources) {
        runtime.evaluate(source);
      }
      platform.idle().thenRun(() -> ending.complete(ExitCode.CLEAN));
      ExitCode code = await();
      platform.close();
      // Bounded by the client's close timeout.
      platform.closed().join();
      return code;
    }
  }

  private ExitCode await() throws InterruptedException {
    try {
      return plan.timeout == null
          ? ending.get()
          : ending.get(plan.timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      ending.complete(ExitCode.OUT_OF_TIME);
      stdio.err().println("weir: the scripts had not ended after " + seconds(plan.timeout) + " s");
      return ExitCode.OUT_OF_TIME;
    } catch (ExecutionException e) {
      throw new IllegalStateException("expected an end of the scripts but waiting failed", e);
    }
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

  /** On the scripts' thread. What they would do next is not worth much after this. */
  private void failed(ScriptFailure failure) {
    if (ending.isDone()) {
      return;
    }
    stdio.err().println(failure);
    ending.complete(ExitCode.FAILED);
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
