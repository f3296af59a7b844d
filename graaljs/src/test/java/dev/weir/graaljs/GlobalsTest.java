package dev.weir.graaljs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.testkit.ManualEventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The tables of cases in {@code globals/*.js}: what a script sees of the globals. They run in any
 * engine, and what they expect is what browsers and Node.js give, as far as they keep the
 * standards.
 */
class GlobalsTest {
  private static final int MOST_TURNS = 1_000;

  /** Shared, so that each file is parsed once. */
  private static final Engine ENGINE =
      Engine.newBuilder("js").option("engine.WarnInterpreterOnly", "false").build();

  private final ManualEventLoop loop = new ManualEventLoop();
  private final List<ScriptFailure> failures = new ArrayList<>();
  private final Context context = Context.newBuilder("js").engine(ENGINE).build();
  private final WebPlatform platform =
      WebPlatform.install(
          context,
          loop,
          ScriptOptions.defaults()
              .withBaseUrl("https://example.com:8443/a/b?q#f")
              .withFailures(failures::add));

  @AfterAll
  static void closeEngine() {
    ENGINE.close();
  }

  @AfterEach
  void close() {
    platform.close();
    context.close();
  }

  @TestFactory
  Stream<DynamicTest> shapeOfInterfaces() {
    return cases("idl");
  }

  @TestFactory
  Stream<DynamicTest> domException() {
    return cases("dom-exception");
  }

  @TestFactory
  @Rule({"W5", "W6"})
  Stream<DynamicTest> events() {
    return cases("event");
  }

  @TestFactory
  Stream<DynamicTest> urls() {
    return cases("url");
  }

  @TestFactory
  Stream<DynamicTest> abortSignals() {
    return cases("abort");
  }

  @TestFactory
  Stream<DynamicTest> blobs() {
    return cases("blob");
  }

  @TestFactory
  Stream<DynamicTest> structuredClone() {
    return cases("clone");
  }

  @TestFactory
  Stream<DynamicTest> textEncoding() {
    return cases("encoding");
  }

  @TestFactory
  Stream<DynamicTest> locationAndPerformance() {
    return cases("location");
  }

  @Test
  void clonesErrorsInTheOldestVersionOfTheLanguageThatHasNoTestForThem() {
    try (Context old =
            Context.newBuilder("js")
                .engine(ENGINE)
                .option("js.ecmascript-version", "2024")
                .build();
        WebPlatform installed = WebPlatform.install(old, loop)) {
      String script =
          "typeof Error.isError + structuredClone(new RangeError('m', { cause: 1 })).cause";

      assertThat(old.eval("js", script).asString()).isEqualTo("undefined1");
      installed.close();
      loop.runPending();
    }
  }

  private Stream<DynamicTest> cases(String name) {
    run("cases");
    run(name);
    assertThat(failures).isEmpty();
    Value global = context.getBindings("js");
    Value names = global.getMember("caseNames").execute();
    assertThat(names.getArraySize()).as("cases in %s.js", name).isPositive();
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < names.getArraySize(); i++) {
      int index = i;
      tests.add(DynamicTest.dynamicTest(names.getArrayElement(i).asString(), () -> check(index)));
    }
    return tests.stream();
  }

  private void run(String name) {
    platform.evaluate(Source.create("js", read(name + ".js")));
    loop.runPending();
  }

  private static String read(String name) {
    try (InputStream in = GlobalsTest.class.getResourceAsStream("globals/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void check(int index) {
    var result = new AtomicReference<String>();
    ProxyExecutable done =
        arguments -> {
          result.set(arguments[0].asString());
          return null;
        };
    Value global = context.getBindings("js");
    platform.post(() -> global.getMember("startCase").executeVoid(index, done));
    for (int turn = 0; turn < MOST_TURNS && result.get() == null; turn++) {
      loop.runPending();
      loop.advance(Duration.ofMillis(1));
    }
    assertThat(result.get()).isEqualTo(global.getMember("expectedOf").execute(index).asString());
    assertThat(failures).isEmpty();
  }
}
