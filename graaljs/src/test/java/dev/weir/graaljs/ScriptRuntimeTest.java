package dev.weir.graaljs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.weir.graaljs.ScriptFailure.Kind;
import dev.weir.graaljs.ScriptRuntime.End;
import dev.weir.testkit.ScriptedPeer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.graalvm.polyglot.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptRuntimeTest {
  private static final String MODULE = "application/javascript+module";

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<ScriptFailure> failures = new CopyOnWriteArrayList<>();
  private final ScriptOptions quiet =
      ScriptOptions.defaults().withOutput(printing(out), printing(err));
  private final ScriptRuntime runtime = ScriptRuntime.create(quiet.withFailures(failures::add));
  @TempDir private Path folder;

  private static PrintStream printing(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  @AfterEach
  void close() {
    runtime.close();
  }

  private static Source script(String name, String text) {
    return Source.newBuilder("js", text, name).buildLiteral();
  }

  private List<String> printed() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void runsScriptsInOrderUntilNothingIsPending() throws Exception {
    End end =
        runtime.run(
            PATIENCE,
            script("one.js", "const shared = 1; setTimeout(() => console.log('timer'), 20);"),
            script("two.js", "console.log('second', shared)"));

    assertThat(end).isEqualTo(End.IDLE);
    assertThat(printed()).containsExactly("second 1", "timer");
    assertThat(failures).isEmpty();
  }

  @Test
  void reportsAnErrorOfAScriptBeforeItsPromiseReactionsRun() throws Exception {
    runtime.run(
        PATIENCE,
        script(
            "order.js",
            """
            onerror = (message, file, line) => { console.log('error', message, file, line); };
            onunhandledrejection = (event) => {
              console.log('unhandledrejection', event.reason);
              event.preventDefault();
            };
            queueMicrotask(() => console.log('microtask'));
            Promise.reject('top');
            function f() { throw new Error('mine'); }
            f();
            """));

    assertThat(printed())
        .containsExactly(
            "error Uncaught Error: mine order.js 8", "microtask", "unhandledrejection top");
    assertThat(failures).extracting(ScriptFailure::message).containsExactly("Error: mine");
  }

  @Test
  void reportsAnErrorOfAModuleOnce() throws Exception {
    for (String text :
        List.of(
            "throw new Error('mine')",
            "await 1; throw new Error('mine')",
            "await Promise.reject(new Error('mine'))")) {
      failures.clear();
      runtime.run(PATIENCE, Source.newBuilder("js", text, "m.mjs").mimeType(MODULE).buildLiteral());
      assertThat(failures)
          .as(text)
          .extracting(ScriptFailure::message)
          .containsExactly("Error: mine");
    }
  }

  @Test
  void aModuleIsEvaluatedWhenWhatItAwaitsIs() throws Exception {
    CompletableFuture<Void> awaits =
        runtime.evaluate(
            Source.newBuilder("js", "await new Promise(done => (globalThis.go = done))", "m.mjs")
                .mimeType(MODULE)
                .buildLiteral());
    runtime.evaluate(script("next.js", "")).get(20, TimeUnit.SECONDS);
    assertThat(awaits).isNotDone();
    runtime.evaluate(script("go.js", "go()"));
    awaits.get(20, TimeUnit.SECONDS);
  }

  @Test
  void goesOnAfterAnErrorAndTellsItWithItsStack() throws Exception {
    End end =
        runtime.run(
            PATIENCE,
            script("one.js", "function f() {\n  throw new TypeError('no')\n}\nf()"),
            script("two.js", "let x = ;"),
            script("three.js", "Promise.reject(new Error('nobody listens'))"),
            script("four.js", "throw 'a string'"),
            script("five.js", "Promise.reject().catch(() => {}); console.log('last')"));

    assertThat(end).isEqualTo(End.IDLE);
    assertThat(printed()).containsExactly("last");
    assertThat(failures)
        .extracting(ScriptFailure::kind)
        .containsExactly(
            Kind.UNCAUGHT_ERROR,
            Kind.UNCAUGHT_ERROR,
            Kind.UNHANDLED_REJECTION,
            Kind.UNCAUGHT_ERROR);
    assertThat(failures.get(0).message()).isEqualTo("TypeError: no");
    assertThat(failures.get(0))
        .hasToString("Uncaught TypeError: no\n    at f (one.js:2:9)\n    at one.js:4:1");
    assertThat(failures.get(1).message()).startsWith("SyntaxError: two.js:1:8");
    assertThat(failures.get(2))
        .hasToString("Uncaught (in promise) Error: nobody listens\n    at three.js:1:16");
    assertThat(failures.get(3)).hasToString("Uncaught a string");
  }

  @Test
  void printsFailuresToTheErrorStreamUnlessToldOtherwise() throws Exception {
    try (ScriptRuntime printing = ScriptRuntime.create(quiet)) {
      printing.run(PATIENCE, script("one.js", "throw new Error('seen')"));
    }
    assertThat(err.toString(StandardCharsets.UTF_8).lines())
        .containsExactly("Uncaught Error: seen", "    at one.js:1:7");
  }

  @Test
  void listenersForErrorsMayTakeThem() throws Exception {
    runtime.run(
        PATIENCE,
        script(
            "one.js",
            """
            addEventListener('error', (event) => {
              console.log(event.message, event.lineno, event.filename, event.isTrusted);
              if (event.error !== undefined) event.preventDefault();
            });
            addEventListener('unhandledrejection', (event) => {
              console.log(event.reason, event.promise instanceof Promise);
              event.preventDefault();
            });
            Promise.reject('reason');
            null.x;
            """));
    assertThat(failures).isEmpty();
    assertThat(printed())
        .containsExactlyInAnyOrder(
            "Uncaught TypeError: Cannot read property 'x' of null 10 one.js true", "reason true");
  }

  @Test
  void endsWhenAScriptCallsClose() throws Exception {
    End end =
        runtime.run(
            PATIENCE,
            script(
                "one.js",
                """
                setTimeout(() => console.log('never'), 0);
                setInterval(() => {}, 1);
                close();
                console.log('the task goes on');
                Promise.resolve().then(() => console.log('so do its reactions'));
                """),
            script("two.js", "console.log('never')"));

    assertThat(end).isEqualTo(End.CLOSED);
    runtime.close();
    assertThat(printed()).containsExactly("the task goes on", "so do its reactions");
  }

  @Test
  void givesUpWaitingWhenTheTimeIsOver() throws Exception {
    End end = runtime.run(Duration.ofMillis(50), script("one.js", "setInterval(() => {}, 1)"));

    assertThat(end).isEqualTo(End.TIMED_OUT);
  }

  @Test
  void cutsOffAScriptThatDoesNotEnd() throws Exception {
    End end = runtime.run(Duration.ofMillis(50), script("one.js", "for (;;) {}"));

    assertThat(end).isEqualTo(End.TIMED_OUT);
    assertTimeoutPreemptively(PATIENCE, runtime::close);
    assertThat(failures).isEmpty();
  }

  @Test
  void closesFromInsideACallback() throws Exception {
    var ended = runtime.platform().closed();
    try (ScriptRuntime inner =
        ScriptRuntime.create(quiet.withFailures(failure -> runtime.close()))) {
      inner.run(PATIENCE, script("one.js", "throw 1"));
    }
    assertThat(ended.get(1, java.util.concurrent.TimeUnit.MINUTES)).isNull();

    ScriptRuntime[] self = new ScriptRuntime[1];
    self[0] = ScriptRuntime.create(quiet.withFailures(failure -> self[0].close()));
    End end =
        self[0].run(
            PATIENCE, script("one.js", "setInterval(() => {}, 1); throw 1; console.log('never')"));
    assertThat(end).isEqualTo(End.CLOSED);
    assertThat(printed()).isEmpty();
  }

  @Test
  void runsModulesThatImportOthersAndAwait() throws Exception {
    Files.writeString(
        folder.resolve("main.mjs"),
        """
        import { twice } from './twice.mjs';
        console.log(twice(21));
        await new Promise((resolve) => setTimeout(resolve, 1));
        console.log('awaited', import.meta.url.startsWith('file:'));
        throw new Error('after await');
        """);
    Files.writeString(folder.resolve("twice.mjs"), "export const twice = (n) => 2 * n;");

    End end =
        runtime.run(PATIENCE, Source.newBuilder("js", folder.resolve("main.mjs").toFile()).build());

    assertThat(end).isEqualTo(End.IDLE);
    assertThat(printed()).containsExactly("42", "awaited true");
    assertThat(failures).extracting(ScriptFailure::message).containsExactly("Error: after await");
  }

  @Test
  void scriptsReachNeitherJavaNorTheEngine() throws Exception {
    runtime.run(
        PATIENCE,
        script(
            "one.js",
            """
            console.log(typeof Java, typeof Packages, typeof Graal, typeof Polyglot, typeof load,
              typeof print, typeof arguments, typeof weir, typeof require);
            for (const name of Object.getOwnPropertyNames(globalThis)) {
              if (/weir|host|truffle|java/i.test(name)) console.log(name);
            }
            """));
    assertThat(printed()).containsExactly("undefined ".repeat(9).strip());
  }

  @Test
  void anErrorThatNobodyListensForDoesNotHideTheNext() {
    Page page = new Page();
    page.run(
        """
        addEventListener('error', () => { throw new Error('in the listener') });
        setTimeout(() => { throw new Error('first') });
        setTimeout(() => { throw { toString() { throw new Error('no string') } } });
        setTimeout(() => { throw null });
        """);
    page.advance(0);
    assertThat(page.failures)
        .containsExactlyInAnyOrder(
            "Error: in the listener",
            "Error: first",
            "Error: in the listener",
            "[object Object]",
            "Error: in the listener",
            "null");
    page.failures.clear();
    page.assertEnds();
  }

  @Test
  void closingEndsConnectionsWith1001() {
    Page page = new Page();
    page.run(
        """
        const socket = new WebSocket('ws://example.com/a');
        socket.onclose = () => console.log('never');
        """);
    ScriptedPeer socket = page.accept();
    page.run("new WebSocketStream('ws://example.com/b').closed.then(() => console.log('never'))");
    ScriptedPeer stream = page.accept();

    page.runtime.close();

    page.loop.runPending();
    assertThat(page.runtime.platform().closed()).isNotDone();
    socket.expectClose(1001, "").sendClose(1001, "").close();
    stream.expectClose(1001, "").sendClose(1001, "").close();
    page.loop.runPending();
    assertThat(page.runtime.platform().closed()).isDone();
    assertThat(page.printed()).isEmpty();
    page.loop.assertIdle();
  }
}
