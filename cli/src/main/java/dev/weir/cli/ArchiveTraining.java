package dev.weir.cli;

import dev.weir.websocket.WebSocketServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Runs, in one process, the commands whose start should be fast: the launcher has the JVM keep an
 * archive of the classes that this loads. Stateless.
 */
final class ArchiveTraining {
  /** Both ways to speak WebSocket, and what most scripts use besides. */
  private static final String SCRIPT =
      """
      const url = 'SERVER';
      class Thing { #own = 1; get own() { return this.#own; } }
      console.log('started', { a: [1, 'two', null] }, new Thing(), new Map([[1, 2]]));
      const events = new WebSocket(url);
      events.binaryType = 'arraybuffer';
      events.onopen = () => events.send(JSON.stringify({ text: 'hello' }));
      events.addEventListener('message', event => {
        if (typeof event.data === 'string') {
          events.send(new Uint8Array([1, 2, 3]));
        } else {
          events.close(1000, 'enough');
        }
      });
      events.onclose = async event => {
        const stream = new WebSocketStream(url);
        const { readable, writable } = await stream.opened;
        const writer = writable.getWriter();
        await writer.write(`closed with ${event.code}`);
        for await (const message of readable) {
          console.log(message);
          stream.close({ closeCode: 1000 });
        }
        await stream.closed;
      };
      setTimeout(() => console.log('later'), 1);
      """;

  private ArchiveTraining() {}

  /** Ends with a status other than 0 where something went wrong. */
  public static void main(String[] arguments) throws IOException {
    var interrupts = new Interrupts(code -> {}).listening();
    int status = Weir.run(stdio("ping\n"), interrupts, "connect", "-1", "-q");
    try (WebSocketServer server = WebSocketServer.builder().route(EchoServer.route()).start()) {
      status |= Weir.run(stdio(SCRIPT.replace("SERVER", server.url("/"))), interrupts, "run", "-");
    }
    System.exit(status);
  }

  private static Stdio stdio(String input) {
    Stdio process = Stdio.ofProcess();
    return new Stdio(
        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
        OutputStream.nullOutputStream(),
        new PrintStream(process.err(), true, StandardCharsets.UTF_8),
        false,
        false,
        false,
        Map.of());
  }
}
