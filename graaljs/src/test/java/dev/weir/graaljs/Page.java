package dev.weir.graaljs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.protocol.handshake.Headers;
import dev.weir.testkit.InMemoryTransport;
import dev.weir.testkit.ManualEventLoop;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.websocket.WebSocketClient;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.graalvm.polyglot.Source;
import org.jspecify.annotations.Nullable;

/** Scripts with the platform's globals, in memory, on a loop that the test drives. */
final class Page {
  final ManualEventLoop loop = new ManualEventLoop(Duration.ofMinutes(1));
  final InMemoryTransport transport = new InMemoryTransport(loop);
  final WebSocketClient client = WebSocketClient.builder().transport(transport).build();
  final ScriptRuntime runtime;

  /** What nobody caught. */
  final List<String> failures = new ArrayList<>();

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  Page() {
    this(options -> options);
  }

  Page(UnaryOperator<ScriptOptions> options) {
    this(options, null);
  }

  /** The network on one loop, and the scripts on another, unless that is null. */
  Page(UnaryOperator<ScriptOptions> options, @Nullable ManualEventLoop scripts) {
    runtime =
        ScriptRuntime.create(
            options.apply(
                ScriptOptions.defaults()
                    .withClient(client)
                    .withOutput(printing(out), printing(err))
                    .withFailures(failure -> failures.add(failure.message()))),
            scripts == null ? loop : scripts);
  }

  private static PrintStream printing(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  /** Evaluates the script, and runs all that can run without time or a peer. */
  void run(String script) {
    runtime.evaluate(Source.newBuilder("js", script, "page.js").buildLiteral());
    loop.runPending();
  }

  void runModule(String script) {
    runtime.evaluate(
        Source.newBuilder("js", script, "page.mjs")
            .mimeType("application/javascript+module")
            .buildLiteral());
    loop.runPending();
  }

  void advance(long milliseconds) {
    loop.advance(Duration.ofMillis(milliseconds));
  }

  /** Accepts the connection that a script opens. */
  ScriptedPeer accept() {
    return accept("");
  }

  ScriptedPeer accept(String protocol) {
    ScriptedPeer peer = transport.nextOpening().accept(protocol, List.of(), Headers.empty());
    loop.runPending();
    return peer;
  }

  /** The lines that scripts have printed since the last call. */
  List<String> printed() {
    return lines(out);
  }

  List<String> printedErrors() {
    return lines(err);
  }

  private static List<String> lines(ByteArrayOutputStream bytes) {
    String text = bytes.toString(StandardCharsets.UTF_8);
    bytes.reset();
    return text.lines().toList();
  }

  /** No error is left that nobody caught, nothing is pending, and closing leaves nothing. */
  void assertEnds() {
    assertThat(failures).as("errors that nobody caught").isEmpty();
    assertThat(runtime.platform().idle())
        .satisfies(
            idle -> {
              loop.runPending();
              assertThat(idle).as("idle").isDone();
            });
    runtime.close();
    loop.runPending();
    loop.assertIdle();
  }
}
