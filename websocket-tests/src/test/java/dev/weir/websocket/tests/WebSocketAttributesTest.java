package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.protocol.handshake.Headers;
import dev.weir.streams.SyntaxError;
import dev.weir.testkit.ScriptedOpening;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.websocket.BinaryType;
import dev.weir.websocket.Blob;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocket;
import dev.weir.websocket.opening.OpeningFailure.Stage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an event-style socket is made with, and what it tells of itself. */
class WebSocketAttributesTest {
  private final EventClient client = new EventClient();

  @Test
  @Rule("W1")
  void hasTheConstantsOfThePlatform() {
    assertThat(List.of(WebSocket.CONNECTING, WebSocket.OPEN, WebSocket.CLOSING, WebSocket.CLOSED))
        .containsExactly(0, 1, 2, 3);
  }

  @ParameterizedTest
  @Rule({"W1", "S1"})
  @CsvSource({
    "ws://example.com,         ws://example.com/",
    "WSS://EXAMPLE.com:443/a,  wss://example.com/a",
    "http://example.com/a?b,   ws://example.com/a?b",
    "https://example.com:444/, wss://example.com:444/",
  })
  void serializesItsUrl(String given, String serialized) {
    WebSocket socket = client.base.client.webSocket(given);
    assertThat(socket.url()).isEqualTo(serialized);
    client.base.transport.nextOpening().fail(Stage.CONNECT, "over");
    client.base.loop.assertIdle();
  }

  @ParameterizedTest
  @Rule({"W1", "S1"})
  @ValueSource(strings = {"ftp://example.com/", "ws://", "ws://example.com/#fragment", "/chat", ""})
  void refusesOtherUrlsAtOnce(String url) {
    assertThatThrownBy(() -> client.base.client.webSocket(url)).isInstanceOf(SyntaxError.class);
    assertThat(client.base.transport.waitingOpenings()).isZero();
  }

  @Test
  @Rule({"W1", "S2"})
  void refusesSubprotocolsThatAreNoTokensOrOccurTwice() {
    for (String[] protocols : new String[][] {{"a b"}, {""}, {"a", "a"}, {"chat", "CHAT"}}) {
      assertThatThrownBy(() -> client.connect(EventClient.DEFAULT.withProtocols(protocols)))
          .as(List.of(protocols).toString())
          .isInstanceOf(SyntaxError.class);
    }
    assertThat(client.base.transport.waitingOpenings()).isZero();
  }

  @Test
  @Rule({"W1", "W4"})
  void tellsTheSubprotocolOnceItIsOpen() {
    WebSocket socket = client.connect(EventClient.DEFAULT.withProtocols("v2", "v1"));
    List<String> seen = new ArrayList<>();
    socket.onOpen(event -> seen.add(socket.readyState() + socket.protocol()));
    assertThat(socket.readyState()).isEqualTo(WebSocket.CONNECTING);
    assertThat(socket.protocol()).isEmpty();
    assertThat(socket.extensions()).isEmpty();
    ScriptedOpening opening = client.base.transport.nextOpening();
    assertThat(opening.request().headers().first("Sec-WebSocket-Protocol")).contains("v2, v1");
    ScriptedPeer peer = opening.accept("v1", List.of(), Headers.empty());
    client.run();
    assertThat(seen).containsExactly("1v1");
    assertThat(socket.extensions()).isEmpty();
    client.new Open(socket, new EventLog(socket), peer).finish();
    assertThat(socket.protocol()).as("it stays").isEqualTo("v1");
  }

  @Test
  @Rule({"W1", "S2"})
  void failsWhenTheServerSelectsNoneOfTheSubprotocols() {
    WebSocket socket = client.connect(EventClient.DEFAULT.withProtocols("v1"));
    EventLog log = new EventLog(socket);
    client.base.transport.nextOpening().accept("", List.of(), Headers.empty());
    client.run();
    assertThat(log.take()).containsExactly("error @3", "close @3 1006 \"\" unclean");
    client.base.loop.assertIdle();
  }

  @Test
  @Rule({"W1", "W4"})
  void handsOverBinaryMessagesAsTheBinaryTypeSays() {
    EventClient.Open open = client.open();
    List<Object> data = new ArrayList<>();
    open.socket.onMessage(event -> data.add(event.data()));
    assertThat(open.socket.binaryType()).isEqualTo(BinaryType.BYTES);
    open.peer.sendBinary(new byte[] {1, 2});
    client.run();
    open.socket.binaryType(BinaryType.of("arraybuffer"));
    open.peer.sendBinary(new byte[] {3}).sendText("text");
    client.run();
    open.socket.binaryType(BinaryType.of("blob"));
    open.peer.sendBinary(new byte[] {'o', 'k'});
    client.run();

    assertThat(data).hasSize(4);
    assertThat(data.get(0)).isEqualTo(new byte[] {1, 2});
    assertThat(data.get(1)).isEqualTo(ByteBuffer.wrap(new byte[] {3}));
    assertThat(data.get(2)).isEqualTo("text");
    assertThat(data.get(3)).isInstanceOf(Blob.class);
    assertThat(((Blob) data.get(3)).text()).isEqualTo("ok");
    open.log.take();
    open.finish();
  }

  @Test
  @Rule("W1")
  void knowsTheBinaryTypesOfThePlatformByTheirNames() {
    assertThat(BinaryType.BLOB).hasToString("blob");
    assertThat(BinaryType.ARRAY_BUFFER).hasToString("arraybuffer");
    assertThatThrownBy(() -> BinaryType.of("text"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"text\"");
  }

  @Test
  @Rule("W4")
  void givesEachMessageItsOrigin() {
    WebSocket socket = client.base.client.webSocket("wss://user:secret@example.com:444/chat?a");
    List<String> origins = new ArrayList<>();
    socket.onMessage(event -> origins.add(event.origin() + event.lastEventId()));
    ScriptedPeer peer = client.base.transport.nextOpening().accept();
    peer.sendText("a");
    client.run();
    assertThat(origins).containsExactly("wss://example.com:444");
    client.new Open(socket, new EventLog(socket), peer).finish();
  }

  @Test
  void tellsTheMessageAlsoByItsKind() {
    EventClient.Open open = client.open();
    List<Object> seen = new ArrayList<>();
    open.socket.onMessage(
        event -> {
          switch (event.message()) {
            case Message.Text(String text) -> seen.add(text + event.text());
            case Message.Binary(byte[] bytes) -> {
              seen.add(bytes.length);
              event.text();
            }
          }
        });
    List<Throwable> reported = new ArrayList<>();
    open.socket.onListenerError((event, thrown) -> reported.add(thrown));
    open.peer.sendText("a").sendBinary(new byte[3]);
    client.run();
    assertThat(seen).containsExactly("aa", 3);
    assertThat(reported)
        .singleElement()
        .satisfies(thrown -> assertThat(thrown).hasMessageContaining("binary one of 3 bytes"));
    open.log.take();
    open.finish();
  }
}
