package dev.weir.graaljs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.testkit.InMemoryTransport;
import dev.weir.testkit.ManualEventLoop;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.opening.TlsOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The platform in contexts that others made. */
class WebPlatformTest {
  private final ManualEventLoop loop = new ManualEventLoop();
  private final InMemoryTransport transport = new InMemoryTransport(loop);
  private final WebSocketClient client = WebSocketClient.builder().transport(transport).build();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<ScriptFailure> failures = new ArrayList<>();

  private static Context.Builder context() {
    return Context.newBuilder("js").option("engine.WarnInterpreterOnly", "false");
  }

  private ScriptOptions options() {
    var print = new PrintStream(out, true, StandardCharsets.UTF_8);
    return ScriptOptions.defaults()
        .withClient(client)
        .withOutput(print, print)
        .withFailures(failures::add);
  }

  private List<String> printed() {
    String text = out.toString(StandardCharsets.UTF_8);
    out.reset();
    return text.lines().toList();
  }

  /** With all permissions, with none, and where the language is too old to know Base64. */
  @ParameterizedTest
  @ValueSource(strings = {"all", "none", "2024"})
  void bytesComeAndGoWhateverTheContextAllows(String kind) {
    Context.Builder builder = context().allowExperimentalOptions(true);
    Context context =
        switch (kind) {
          case "all" -> builder.allowAllAccess(true).build();
          case "none" -> builder.allowHostAccess(HostAccess.NONE).build();
          default -> builder.option("js.ecmascript-version", kind).build();
        };
    try (context) {
      WebPlatform platform = WebPlatform.install(context, loop, options());
      platform.evaluate(
          Source.create(
              "js",
              """
              const socket = new WebSocket('ws://example.com/');
              socket.binaryType = 'arraybuffer';
              socket.onmessage = ({ data }) => socket.send(data);
              const stream = new WebSocketStream('ws://example.com/');
              stream.opened.then(({ readable, writable }) => readable.pipeTo(writable));
              """));
      loop.runPending();
      ScriptedPeer socket = transport.nextOpening().accept();
      loop.runPending();
      ScriptedPeer stream = transport.nextOpening().accept();
      loop.runPending();
      for (int length : new int[] {0, 1, 2, 3, 4, 5, 255, 256, 100_000}) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
          bytes[i] = (byte) (i * 7);
        }
        socket.sendBinary(bytes);
        stream.sendBinary(bytes);
        loop.runPending();
        assertThat(socket.nextMessage().payload()).isEqualTo(bytes);
        assertThat(stream.nextMessage().payload()).isEqualTo(bytes);
      }
      assertThat(failures).isEmpty();
      platform.close();
    }
  }

  @Test
  void connectionsEndWith1001WhenTheOwnerClosesTheContextWithoutAWord() {
    Context context = context().build();
    WebPlatform platform = WebPlatform.install(context, loop, options());
    platform.evaluate(
        Source.create(
            "js",
            """
            setInterval(() => {}, 10_000);
            new WebSocket('ws://example.com/').onmessage = () => console.log('never');
            """));
    loop.runPending();
    ScriptedPeer server = transport.nextOpening().accept();
    loop.runPending();

    context.close();

    loop.advance(Duration.ofSeconds(1));
    server.expectClose(1001, "").sendClose(1001, "").close();
    loop.runPending();
    assertThat(platform.closed()).isDone();
    assertThat(failures).isEmpty();
    assertThat(printed()).isEmpty();
    loop.assertIdle();
  }

  @Test
  void callbacksStopQuietlyWhenTheContextIsClosed() {
    Context context = context().build();
    WebPlatform platform = WebPlatform.install(context, loop, options());
    platform.evaluate(
        Source.create(
            "js", "new WebSocketStream('ws://example.com/'); setTimeout(console.log, 100, 1)"));
    loop.runPending();
    ScriptedPeer server = transport.nextOpening().accept();

    context.close();

    loop.runPending();
    server.expectClose(1001, "").sendClose(1001, "").close();
    loop.advance(Duration.ofMinutes(1));
    assertThat(platform.isClosed()).isTrue();
    assertThat(failures).isEmpty();
    loop.assertIdle();
  }

  @Test
  void theGivenClientStaysOpen() {
    try (Context context = context().build()) {
      WebPlatform platform = WebPlatform.install(context, loop, options());
      platform.close();
      var stream = client.connect("ws://example.com/");
      transport.nextOpening().accept();
      assertThat(loop.runUntil(stream.opened())).isNotNull();
    }
  }

  @Test
  void aConnectionThatIsOpeningWhenThePlatformClosesIsClosedToo() {
    try (Context context = context().build()) {
      WebPlatform platform = WebPlatform.install(context, loop, options());
      platform.evaluate(Source.create("js", "new WebSocket('ws://example.com/')"));
      loop.runPending();
      var opening = transport.nextOpening();

      platform.close();

      ScriptedPeer server = opening.accept();
      loop.runPending();
      server.expectClose(1001, "");
    }
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "https://example.com/a/b.html#top, /c,           wss://example.com/c,   https://example.com",
        "http://example.com:8080/a/b,      c?d,          ws://example.com:8080/a/c?d, http://example.com:8080",
        "https://example.com/,             ws://other/,  ws://other/,           https://example.com",
        "file:///home/page.html,           ws://other/,  ws://other/,           null",
        "about:blank,                      wss://other/, wss://other/,          null",
        "-,                                ws://other/,  ws://other/,           -"
      })
  void theBaseUrlResolvesOthersAndGivesTheOrigin(
      String baseUrl, String url, String resolved, String origin) {
    ScriptOptions based = baseUrl == null ? options() : options().withBaseUrl(baseUrl);
    try (Context context = context().build()) {
      WebPlatform platform = WebPlatform.install(context, loop, based);
      platform.evaluate(Source.create("js", "console.log(new WebSocket('" + url + "').url)"));
      loop.runPending();
      assertThat(printed()).containsExactly(resolved);
      assertThat(transport.nextOpening().request().headers().first("Origin").orElse(null))
          .isEqualTo(origin);
      platform.close();
    }
  }

  @Test
  void runsOnAnExecutorOfTheOwner() throws Exception {
    try (ExecutorService executor = Executors.newSingleThreadExecutor();
        Context context = context().build()) {
      WebPlatform platform =
          CompletableFuture.supplyAsync(
                  () -> WebPlatform.install(context, executor, options()), executor)
              .get(1, TimeUnit.MINUTES);
      var found = new CompletableFuture<Object>();
      platform.post(
          () -> {
            context.getBindings("js").putMember("result", "none");
            context.eval(
                "js", "setTimeout(() => { result = 'timer' }, 1); setTimeout(() => {}, 20)");
          });
      platform
          .idle()
          .thenRunAsync(
              () -> found.complete(context.getBindings("js").getMember("result").asString()),
              executor);
      assertThat(found.get(1, TimeUnit.MINUTES)).isEqualTo("timer");
      platform.close();
    }
  }

  @Test
  void anExecutorThatWasEndedEndsTheConnections() {
    var own = new ManualEventLoop();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (Context context = context().build()) {
      var inOwn = new InMemoryTransport(own);
      WebPlatform platform =
          WebPlatform.install(
              context,
              executor,
              options().withClient(WebSocketClient.builder().transport(inOwn).build()));
      platform.evaluate(Source.create("js", "new WebSocket('ws://example.com/')")).join();
      ScriptedPeer server = inOwn.nextOpening().accept();
      executor.shutdown();
      own.runPending();
      server.expectClose(1001, "");
      assertThat(platform.isClosed()).isTrue();
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void anExecutorThatWasEndedEndsConnectionsOnWhichNothingHappens() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (Context context = context().build()) {
      WebPlatform platform = WebPlatform.install(context, executor, options());
      platform.evaluate(Source.create("js", "new WebSocket('ws://example.com/')")).join();
      executor.shutdown();
      platform.closed().get(1, TimeUnit.MINUTES);
      assertThat(platform.isClosed()).isTrue();
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void settingsThatNoClientCanBeMadeOfAreToldAtOnce() {
    try (Context context = context().build()) {
      ScriptOptions impossible =
          ScriptOptions.defaults()
              .withClientSettings(
                  builder ->
                      builder.tls(
                          TlsOptions.defaults().withTrustedCertificates(Path.of("/no/such.pem"))));
      assertThatThrownBy(() -> WebPlatform.install(context, loop, impossible))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> ScriptRuntime.create(impossible))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aContextTakesOnePlatform() {
    try (Context context = context().build();
        Context another = context().build()) {
      WebPlatform platform = WebPlatform.install(context, loop, options());
      platform.post(() -> context.eval("js", "console.log('first')"));
      assertThatThrownBy(() -> WebPlatform.install(context, loop, options()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("installed in it before");
      loop.runPending();
      assertThat(printed()).containsExactly("first");
      platform.close();
      assertThatThrownBy(() -> WebPlatform.install(context, loop))
          .isInstanceOf(IllegalStateException.class);
      WebPlatform.install(another, loop, options()).close();
    }
  }

  @Test
  void whatJavaCodeThrowsInATaskIsReported() {
    try (Context context = context().build()) {
      WebPlatform platform = WebPlatform.install(context, loop, options());
      platform.post(
          () -> {
            throw new IllegalStateException("a mistake of the owner's");
          });
      platform.post(() -> context.eval("js", "null.x"));
      loop.runPending();
      assertThat(failures)
          .extracting(ScriptFailure::message)
          .containsExactly(
              "a mistake of the owner's", "TypeError: Cannot read property 'x' of null");
      assertThat(platform.isClosed()).isFalse();
      platform.close();
    }
  }
}
