package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chromium's own WebSocketStream and WebSocket against Node's server. */
@Requires({Part.NODE, Part.WS, Part.CHROMIUM})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChromiumPeerTest {
  private static final String STREAM =
      """
      const stream = new WebSocketStream(url, {protocols: ['chat']});
      const {readable, writable, protocol} = await stream.opened;
      const reader = readable.getReader();
      const writer = writable.getWriter();
      await writer.write('hello');
      const first = (await reader.read()).value;
      await writer.write(new Uint8Array([1, 2, 3]));
      const second = [...new Uint8Array((await reader.read()).value)];
      stream.close({closeCode: 4000, reason: 'bye'});
      const {closeCode, reason} = await stream.closed;
      return {protocol, first, second, closeCode, reason};
      """;
  private static final String EVENTS =
      """
      const events = [];
      const socket = new WebSocket(url);
      return await new Promise(resolve => {
        socket.onopen = () => { events.push('open'); socket.send('x'); };
        socket.onmessage = e => events.push(e.data);
        socket.onclose = e => { events.push([e.code, e.reason, e.wasClean]); resolve(events); };
      });
      """;

  private Browser browser;

  @BeforeAll
  void start() throws Exception {
    browser = new Browser();
  }

  @AfterAll
  void stop() {
    browser.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  void webSocketStreamEchoesAndCloses(String scheme, @TempDir Path folder) throws Exception {
    var certificate = scheme.equals("wss") ? TestCertificate.in(folder) : null;
    try (var server = new NodeServer(certificate)) {
      assertThat(browser.run(server.echo().toString(), STREAM))
          .isEqualTo(
              Map.of(
                  "protocol", "chat",
                  "first", "hello",
                  "second", List.of(1, 2, 3),
                  "closeCode", 4000,
                  "reason", "bye"));
    }
  }

  @Test
  void webSocketSeesTheServersClose() throws Exception {
    try (var server = new NodeServer(null)) {
      String url = server.url("/close-after-message?code=4001&reason=enough").toString();

      assertThat(browser.run(url, EVENTS))
          .isEqualTo(List.of("open", List.of(4001, "enough", true)));
    }
  }
}
