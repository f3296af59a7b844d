package dev.weir.graaljs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.ManualEventLoop;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScriptTest {
  private final ManualEventLoop loop = new ManualEventLoop();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<String> failures = new ArrayList<>();
  private final Context context =
      Context.newBuilder("js").option("engine.WarnInterpreterOnly", "false").build();
  private final WebPlatform platform =
      WebPlatform.install(
          context,
          loop,
          ScriptOptions.defaults()
              .withOutput(print(), print())
              .withFailures(failure -> failures.add(failure.message())));

  private PrintStream print() {
    return new PrintStream(out, true, StandardCharsets.UTF_8);
  }

  @AfterEach
  void close() {
    platform.close();
    context.close();
  }

  private void run(String script) {
    platform.evaluate(Source.create("js", script));
    loop.runPending();
  }

  private String printed() {
    String text = out.toString(StandardCharsets.UTF_8);
    out.reset();
    return text;
  }

  @Test
  void runsTimersInTheOrderOfTheirTimes() {
    run("setTimeout(console.log, 10_000, 'late', 1); setTimeout(() => console.log('early'), 5);");

    loop.advance(Duration.ofMillis(5));
    assertThat(printed()).isEqualTo("early\n");

    loop.advance(Duration.ofSeconds(10));
    assertThat(printed()).isEqualTo("late 1\n");
  }

  @Test
  void reportsWhatNobodyCaughtAndGoesOn() {
    run("setTimeout(() => console.log('after')); null.x");

    loop.advance(Duration.ZERO);

    assertThat(failures).containsExactly("TypeError: Cannot read property 'x' of null");
    assertThat(printed()).isEqualTo("after\n");
  }
}
