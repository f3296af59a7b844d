package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.ServerConnection;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.opening.TlsOptions;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Chromium's own WebSocketStream and WebSocket against Weir's server, over ws and wss. */
@Requires(Part.CHROMIUM)
@ExtendWith(Leftovers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChromiumToWeirServerTest {
  private static final int MESSAGES = 1000;
  private static final int BIG = 64 * 1024;
  private static final String COMPRESSION =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  private static final String EVENTS =
      """
      const events = [];
      const socket = new WebSocket(url, %s);
      socket.binaryType = 'arraybuffer';
      return await new Promise(resolve => {
        socket.onopen = () => {
          events.push(['open', socket.protocol, socket.extensions]);
          %s
        };
        socket.onerror = () => events.push(['error']);
        socket.onmessage = ({data}) => {
          events.push(typeof data === 'string' ? data : [...new Uint8Array(data)]);
          %s
        };
        socket.onclose = ({code, reason, wasClean}) => {
          events.push(['close', code, reason, wasClean]);
          resolve(events);
        };
      });
      """;

  private final Map<String, WebSocketServer> servers = new LinkedHashMap<>();
  private final BlockingQueue<ServerConnection> served = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> heldBack = new LinkedBlockingQueue<>();
  private final BlockingQueue<Integer> received = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private Browser browser;

  @BeforeAll
  void start() throws Exception {
    browser = new Browser();
    servers.put("ws", builder().start());
    servers.put("wss", builder().tls(TlsOptions.selfSigned()).start());
  }

  private WebSocketServer.Builder builder() {
    return WebSocketServer.builder()
        .route(
            Route.async(
                    "/echo",
                    connection -> {
                      served.add(connection);
                      return connection.readable().pipeTo(connection.writable());
                    })
                .withProtocols("chat"))
        .route("/close", connection -> connection.close(4321, "grüße"))
        .route("/close-empty", ServerConnection::close)
        .route("/abort", ServerConnection::abort)
        .route(
            Route.of("/friends", connection -> connection.send("welcome"))
                .withOrigins(browser.origin()))
        .route(
            Route.of("/strangers", connection -> connection.send("welcome"))
                .withOrigins("https://elsewhere.example"))
        // What is held back is counted in bytes, so that zeros must stay as many.
        .route(Route.of("/flood", this::flood).withCompression(CompressionOptions.off()))
        .route(Route.of("/unread", this::readWhenTold).withCompression(CompressionOptions.off()))
        .route("/control", this::control);
  }

  /** Sends until the page holds it back, tells so, and sends the rest. */
  private void flood(ServerConnection connection) throws Exception {
    boolean told = false;
    for (int number = 0; number < MESSAGES; number++) {
      byte[] bytes = ByteBuffer.allocate(BIG).putInt(number).array();
      CompletableFuture<Void> sent = connection.sendAsync(Message.of(bytes));
      try {
        sent.get(1, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        if (!told) {
          told = true;
          heldBack.add(number);
        }
        Weir.get(sent);
      }
    }
  }

  private void readWhenTold(ServerConnection connection) throws Exception {
    assertThat(Weir.next(told)).isEqualTo("read");
    int number = 0;
    for (Message message : connection.readable()) {
      byte[] bytes = ((Message.Binary) message).bytes();
      if (bytes.length != BIG || ByteBuffer.wrap(bytes).getInt() != number) {
        throw new IllegalStateException("expected message " + number + " but was " + message);
      }
      number += 1;
    }
    received.add(number);
  }

  /** Tells the page when a flood is held back, and hears when the page is. */
  private void control(ServerConnection connection) throws Exception {
    if (connection.request().query().equals("flood")) {
      connection.send(Integer.toString(Weir.next(heldBack)));
    } else {
      Message message = Weir.next(connection.readable().getReader());
      told.add(((Message.Text) message).text());
    }
  }

  @AfterEach
  void nothingIsLeft() {
    assertThat(served).isEmpty();
    assertThat(heldBack).isEmpty();
    assertThat(received).isEmpty();
    assertThat(told).isEmpty();
  }

  @AfterAll
  void stop() {
    servers.values().forEach(WebSocketServer::close);
    browser.close();
  }

  private Object run(String scheme, String path, String body) {
    return browser.run(servers.get(scheme).url(path), body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  @Rule({"P1", "S5", "C6", "H1", "S19", "6455-4.2.2-5", "6455-4.2.2-8", "6455-4.2.2-9"})
  void webSocketStreamEchoesAndCloses(String scheme) throws Exception {
    Object seen =
        run(
            scheme,
            "/echo",
            """
            const stream = new WebSocketStream(url, {protocols: ['soap', 'chat']});
            const {readable, writable, protocol, extensions} = await stream.opened;
            const reader = readable.getReader();
            const writer = writable.getWriter();
            const sizes = [];
            for (const size of [0, 1, 125, 126, 65535, 65536, 1000000]) {
              const sent = new Uint8Array(size).map((_, i) => i * 7);
              writer.write(sent);
              const back = new Uint8Array((await reader.read()).value);
              sizes.push(back.length === size && back.every((b, i) => b === sent[i]));
            }
            const texts = [];
            for (const text of ['', 'plain', 'grüße 川 \\u{1F30A}', 'ü'.repeat(100000)]) {
              writer.write(text);
              texts.push((await reader.read()).value === text);
            }
            stream.close({closeCode: 4000, reason: 'bye'});
            const {closeCode, reason} = await stream.closed;
            const {done} = await reader.read();
            return {protocol, extensions, sizes, texts, closeCode, reason, done};
            """);

    assertThat(seen)
        .isEqualTo(
            Map.of(
                "protocol",
                "chat",
                "extensions",
                COMPRESSION,
                "sizes",
                List.of(true, true, true, true, true, true, true),
                "texts",
                List.of(true, true, true, true),
                "closeCode",
                4000,
                "reason",
                "bye",
                "done",
                true));
    assertThat(Weir.get(Weir.next(served).closed())).isEqualTo(new WebSocketCloseInfo(4000, "bye"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  @Rule({"C4", "H1", "H5", "S16", "6455-7.1.2-1"})
  void webSocketStreamSeesHowTheServerEndsIt(String scheme) {
    String body =
        """
        const stream = new WebSocketStream(url);
        await stream.opened;
        try {
          const {closeCode, reason} = await stream.closed;
          return [closeCode, reason];
        } catch (error) {
          return [error.name, error.closeCode, error.reason];
        }
        """;

    assertThat(run(scheme, "/close", body)).isEqualTo(List.of(4321, "grüße"));
    assertThat(run(scheme, "/close-empty", body)).isEqualTo(List.of(1005, ""));
    assertThat(run(scheme, "/abort", body)).isEqualTo(List.of("WebSocketError", 1006, ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  @Rule({"C4", "S16", "S19"})
  void theServerSeesAPageThatClosesWithoutACodeAs1005(String scheme) throws Exception {
    Object seen =
        run(
            scheme,
            "/echo",
            """
            const stream = new WebSocketStream(url);
            await stream.opened;
            stream.close();
            const {closeCode, reason} = await stream.closed;
            return [closeCode, reason];
            """);

    assertThat(seen).isEqualTo(List.of(1005, ""));
    assertThat(Weir.get(Weir.next(served).closed())).isEqualTo(new WebSocketCloseInfo(1005, ""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  @Rule({"P1", "C4", "C6", "H1"})
  void webSocketEchoesAndCloses(String scheme) throws Exception {
    Object seen =
        run(
            scheme,
            "/echo",
            EVENTS.formatted(
                "['chat']",
                "socket.send('grüße'); socket.send(new Uint8Array([1, 2, 255]));",
                "if (typeof data !== 'string') socket.close(4001, 'enough');"));

    assertThat(seen)
        .isEqualTo(
            List.of(
                List.of("open", "chat", COMPRESSION),
                "grüße",
                List.of(1, 2, 255),
                List.of("close", 4001, "enough", true)));
    assertThat(Weir.get(Weir.next(served).closed()))
        .isEqualTo(new WebSocketCloseInfo(4001, "enough"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  @Rule({"C4", "H1", "6455-4.2.2-2", "6455-4.2.2-4"})
  @SuppressWarnings("unchecked")
  void webSocketSeesHowTheServerEndsOrRefusesIt(String scheme) {
    String body = EVENTS.formatted("[]", "", "");
    List<?> opened = List.of("open", "", COMPRESSION);
    List<?> failed = List.of("error");
    List<?> lost = List.of("close", 1006, "", false);

    assertThat(run(scheme, "/close", body))
        .isEqualTo(List.of(opened, List.of("close", 4321, "grüße", true)));
    assertThat(run(scheme, "/close-empty", body))
        .isEqualTo(List.of(opened, List.of("close", 1005, "", true)));
    assertThat((List<Object>) run(scheme, "/abort", body)).startsWith(opened).endsWith(lost);
    assertThat(run(scheme, "/elsewhere", body)).isEqualTo(List.of(failed, lost));
    assertThat(run(scheme, "/strangers", body)).isEqualTo(List.of(failed, lost));
    assertThat(run(scheme, "/friends", body))
        .isEqualTo(List.of(opened, "welcome", List.of("close", 1000, "", true)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  @Rule({"S12", "6455-6.1-6"})
  void aPageThatDoesNotReadHoldsTheServerBack(String scheme) {
    Object seen =
        run(
            scheme,
            "/flood",
            """
            const stream = new WebSocketStream(url);
            const {readable} = await stream.opened;
            const control = new WebSocketStream(url.replace('/flood', '/control?flood'));
            const word = (await (await control.opened).readable.getReader().read()).value;
            const reader = readable.getReader();
            let count = 0;
            for (let r = await reader.read(); !r.done; r = await reader.read()) {
              const view = r.value instanceof ArrayBuffer
                  ? new DataView(r.value)
                  : new DataView(r.value.buffer, r.value.byteOffset, r.value.byteLength);
              if (view.byteLength !== 65536 || view.getUint32(0) !== count) {
                return ['expected message', count, view.byteLength, view.getUint32(0)];
              }
              count += 1;
            }
            const {closeCode} = await stream.closed;
            return {heldBack: Number(word) < 1000, count, closeCode};
            """);

    assertThat(seen).isEqualTo(Map.of("heldBack", true, "count", MESSAGES, "closeCode", 1000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  @Rule({"S8", "S7"})
  void aHandlerThatDoesNotReadHoldsThePageBack(String scheme) throws Exception {
    Object seen =
        run(
            scheme,
            "/unread",
            """
            const stream = new WebSocketStream(url);
            const {writable} = await stream.opened;
            const control = new WebSocketStream(url.replace('/unread', '/control'));
            const teller = (await control.opened).writable.getWriter();
            const writer = writable.getWriter();
            const second = () => new Promise(r => setTimeout(() => r('pending'), 1000));
            let heldBack = -1;
            for (let number = 0; number < 1000; number++) {
              const bytes = new Uint8Array(65536);
              new DataView(bytes.buffer).setUint32(0, number);
              if (heldBack < 0 && await Promise.race([writer.ready, second()]) === 'pending') {
                heldBack = number;
                await teller.write('read');
              }
              await writer.ready;
              writer.write(bytes);
            }
            await writer.close();
            const {closeCode} = await stream.closed;
            return {heldBack: heldBack > 0 && heldBack < 1000, closeCode};
            """);

    assertThat(seen).isEqualTo(Map.of("heldBack", true, "closeCode", 1005));
    assertThat(Weir.next(received)).isEqualTo(MESSAGES);
  }
}
