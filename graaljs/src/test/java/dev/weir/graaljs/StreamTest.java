package dev.weir.graaljs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.InMemoryTransport;
import dev.weir.testkit.ManualEventLoop;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.websocket.WebSocketClient;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamTest {
  private final ManualEventLoop loop = new ManualEventLoop();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<String> failures = new ArrayList<>();
  private final InMemoryTransport transport = new InMemoryTransport(loop);
  private final WebSocketClient client = WebSocketClient.builder().transport(transport).build();
  private final Context context =
      Context.newBuilder("js").option("engine.WarnInterpreterOnly", "false").build();
  private final WebPlatform platform =
      WebPlatform.install(
          context,
          loop,
          ScriptOptions.defaults()
              .withClient(client)
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
  void opensWritesReadsAndCloses() {
    run(
        """
        const stream = new WebSocketStream('ws://example.com/chat', { protocols: ['a'] });
        (async () => {
          const { readable, writable, extensions, protocol } = await stream.opened;
          console.log('open', extensions, protocol);
          const writer = writable.getWriter();
          await writer.write('hello');
          await writer.write(new Uint8Array([1, 2, 3]).subarray(1));
          for await (const chunk of readable) console.log(typeof chunk, String(chunk));
          const { closeCode, reason } = await stream.closed;
          console.log('closed', closeCode, reason);
          await writer.closed.catch(e => console.log(e.name));
        })().catch(e => console.log(e));
        """);
    ScriptedPeer server =
        transport.nextOpening().accept("a", List.of(), dev.weir.protocol.handshake.Headers.empty());
    loop.runPending();
    server.expectText("hello").expectBinary(new byte[] {2, 3});
    server.sendText("one").sendBinary(new byte[] {1, 2}).sendClose(4000, "bye");
    loop.runPending();
    server.expectClose(4000, "bye").close();
    loop.runPending();

    assertThat(failures).isEmpty();
    assertThat(printed())
        .isEqualTo("open  a\nstring one\nobject 1,2\nclosed 4000 bye\nInvalidStateError\n");
  }
}
