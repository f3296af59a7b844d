package dev.weir.graaljs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.graaljs.ScriptRuntime.End;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.opening.TlsOptions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.graalvm.polyglot.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scripts against a server of Weir over TCP, each side with its own threads. */
class RealSocketsTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final CompletableFuture<WebSocketCloseInfo> kept = new CompletableFuture<>();
  private final List<ScriptFailure> failures = new CopyOnWriteArrayList<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private WebSocketServer server;

  private WebSocketServer start(TlsOptions tls) throws Exception {
    WebSocketServer.Builder builder =
        WebSocketServer.builder()
            .port(0)
            .route(
                "/echo",
                connection -> {
                  for (Message message : connection.readable()) {
                    connection.send(message);
                  }
                })
            .route("/greeting", connection -> connection.send("hello"))
            .route("/kept", connection -> kept.complete(connection.awaitClosed()));
    server = (tls == null ? builder : builder.tls(tls)).start();
    return server;
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    assertThat(failures).isEmpty();
  }

  private ScriptRuntime runtime(String baseUrl) {
    var print = new PrintStream(out, true, StandardCharsets.UTF_8);
    return ScriptRuntime.create(
        ScriptOptions.defaults()
            .withBaseUrl(baseUrl)
            .withOutput(print, print)
            .withFailures(failures::add));
  }

  private List<String> printed() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  @Rule({"W1", "W4", "S5", "S19"})
  void talkToItInBothStyles() throws Exception {
    try (ScriptRuntime runtime = runtime(start(null).url("/"))) {
      End end =
          runtime.run(
              PATIENCE,
              Source.create(
                  "js",
                  """
                  const socket = new WebSocket('echo');
                  const data = new Uint8Array(70_000).map((_, i) => i);
                  socket.binaryType = 'arraybuffer';
                  socket.onopen = () => { socket.send('text'); socket.send(data) };
                  socket.onmessage = (event) => {
                    if (typeof event.data === 'string') {
                      console.log(event.data);
                    } else {
                      const same = new Uint8Array(event.data).every((byte, i) => byte === data[i]);
                      console.log(event.data.byteLength, same);
                      socket.close(4000, 'done');
                    }
                  };
                  socket.onclose = async ({ code, reason, wasClean }) => {
                    console.log(code, reason, wasClean);
                    const stream = new WebSocketStream('/echo');
                    const { readable, writable } = await stream.opened;
                    const writer = writable.getWriter();
                    const reader = readable.getReader();
                    for (let i = 0; i < 100; i++) {
                      writer.write(`${i}`);
                      const { value } = await reader.read();
                      if (value !== `${i}`) console.log(value);
                    }
                    writer.close();
                    console.log(await stream.closed, await reader.read());
                  };
                  """));
      assertThat(end).isEqualTo(End.IDLE);
    }
    assertThat(printed())
        .containsExactly(
            "text",
            "70000 true",
            "4000 done true",
            "{ closeCode: 1005, reason: '' } { value: undefined, done: true }");
  }

  @Test
  void aRuntimeThatIsClosedSaysGoodbye() throws Exception {
    ScriptRuntime runtime = runtime(start(null).url("/"));
    runtime
        .evaluate(Source.create("js", "new WebSocket('/kept').onopen = () => console.log('open')"))
        .get(1, TimeUnit.MINUTES);
    End end =
        runtime.run(
            PATIENCE, Source.create("js", "new WebSocketStream('/kept').opened.then(close)"));
    assertThat(end).isEqualTo(End.CLOSED);

    runtime.close();

    assertThat(runtime.platform().closed()).succeedsWithin(PATIENCE);
    assertThat(kept.get(1, TimeUnit.MINUTES).closeCode()).isEqualTo(1001);
  }

  @Test
  void aStreamIsForgottenThoughItsMessagesWereNeverRead() throws Exception {
    try (ScriptRuntime runtime = runtime(start(null).url("/"))) {
      runtime.run(
          PATIENCE,
          Source.create(
              "js",
              """
              globalThis.kept = [];
              (() => {
                const stream = new WebSocketStream('/greeting');
                kept.push(new WeakRef(stream));
                stream.opened.then(({ readable }) => kept.push(new WeakRef(readable)));
              })();
              """));
      Source look =
          Source.create(
              "js", "console.log(kept.length, kept.every((one) => one.deref() === undefined))");
      for (int i = 0; i < 50 && !printed().contains("2 true"); i++) {
        System.gc();
        runtime.run(PATIENCE, look);
      }
    }
    assertThat(printed()).contains("2 true");
  }

  @Test
  @Rule("C5")
  void aFailedTlsHandshakeIs1006() throws Exception {
    try (ScriptRuntime runtime = runtime(start(TlsOptions.selfSigned()).url("/"))) {
      End end =
          runtime.run(
              PATIENCE,
              Source.create(
                  "js",
                  """
                  new WebSocket('/echo').onclose = ({ code, wasClean }) => {
                    console.log(code, wasClean);
                    new WebSocketStream('/echo').closed.catch((e) => console.log(e.closeCode));
                  };
                  """));
      assertThat(end).isEqualTo(End.IDLE);
    }
    assertThat(printed()).containsExactly("1006 false", "1006");
  }
}
