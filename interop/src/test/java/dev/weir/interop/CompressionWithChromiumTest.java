package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.websocket.Route;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketServer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** permessage-deflate with Chromium, in every combination of takeover and window. */
@Requires(Part.CHROMIUM)
@ExtendWith(Leftovers.class)
class CompressionWithChromiumTest {
  private static final String OFFER = "permessage-deflate; client_max_window_bits";

  private static final String TALK =
      """
      const item = n => `{"id":${n},"price":${n * 7},"symbol":"WEIR","text":"grüße 川"}`;
      const noise = crypto.getRandomValues(new Uint8Array(5000));
      const messages = ['', 'short', ...[1, 2, 3, 4].map(n => item(n).repeat(20)), noise,
          new Uint8Array(200_000), item(5).repeat(5000), noise, item(1).repeat(20)];
      const results = [];
      for (let number = 0; number < COUNT; number++) {
        const stream = new WebSocketStream(url + number);
        const {readable, writable, extensions} = await stream.opened;
        const reader = readable.getReader();
        const writer = writable.getWriter();
        let wrong = 0;
        for (const message of messages) {
          writer.write(message);
          const {value} = await reader.read();
          const same = typeof message === 'string' ? value === message
              : value.byteLength === message.length
                && new Uint8Array(value).every((byte, i) => byte === message[i]);
          wrong += same ? 0 : 1;
        }
        stream.close({closeCode: 1000});
        const {closeCode} = await stream.closed;
        const socket = new WebSocket(url + number);
        await new Promise(resolve => socket.onopen = resolve);
        results.push([extensions, socket.extensions, wrong, closeCode].join(' | '));
        socket.close();
      }
      return results;
      """;

  @Test
  @Rule({"P3", "P3a", "S5", "7692-6.1-1", "7692-6.2-1", "7692-7.2.1-3", "7692-7.2.2-3"})
  void talksToWeirsServerOnAnyTerms() throws Exception {
    List<CompressionOptions> terms = Terms.ours().toList();
    List<String> offers = new CopyOnWriteArrayList<>();
    var builder = WebSocketServer.builder();
    for (int i = 0; i < terms.size(); i++) {
      builder.route(
          Route.async(
                  "/" + i,
                  connection -> {
                    offers.addAll(connection.request().headers().all("Sec-WebSocket-Extensions"));
                    return connection.readable().pipeTo(connection.writable());
                  })
              .withCompression(terms.get(i)));
    }
    try (WebSocketServer server = builder.start();
        Browser browser = new Browser()) {
      List<?> results =
          (List<?>)
              browser.run(server.url("/"), TALK.replace("COUNT", Integer.toString(terms.size())));
      assertThat(results).hasSameSizeAs(terms);
      for (int i = 0; i < terms.size(); i++) {
        String expected = expected(terms.get(i));
        assertThat(results.get(i)).isEqualTo(expected + " | " + expected + " | 0 | 1000");
      }
    }
    assertThat(offers).isNotEmpty().containsOnly(OFFER);
  }

  private static String expected(CompressionOptions ours) {
    return "permessage-deflate"
        + (ours.sendTakeover() ? "" : "; server_no_context_takeover")
        + (ours.receiveTakeover() ? "" : "; client_no_context_takeover")
        + (ours.sendWindowBits() == 15 ? "" : "; server_max_window_bits=" + ours.sendWindowBits())
        + (ours.receiveWindowBits() == 15
            ? ""
            : "; client_max_window_bits=" + ours.receiveWindowBits());
  }

  @Test
  @Rule({"P3", "6455-9-2"})
  void weirsClientOffersWhatChromiumDoes() throws Exception {
    List<String> offers = new CopyOnWriteArrayList<>();
    try (WebSocketServer server =
            WebSocketServer.builder()
                .route(
                    Route.of(
                        "/{who}",
                        connection ->
                            offers.addAll(
                                connection.request().headers().all("Sec-WebSocket-Extensions"))))
                .start();
        var client = WebSocketClient.create();
        var stream = client.connect(server.url("/weir"));
        Browser browser = new Browser()) {
      String here = Weir.get(stream.opened()).extensions();
      Weir.get(stream.closed());
      Object there =
          browser.run(
              server.url("/chromium"),
              "const stream = new WebSocketStream(url);"
                  + "const {extensions} = await stream.opened;"
                  + "await stream.closed;"
                  + "return extensions;");
      assertThat(there).isEqualTo(here).isNotEqualTo("");
    }
    assertThat(offers).containsExactly(OFFER, OFFER);
  }
}
