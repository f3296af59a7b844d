package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.protocol.handshake.HandshakeRequest;
import dev.weir.testkit.InMemoryTransport;
import dev.weir.testkit.ManualEventLoop;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.websocket.Message;
import dev.weir.websocket.ObservedFrame;
import dev.weir.websocket.Route;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.WebSocketStream;
import dev.weir.websocket.WireObserver;
import dev.weir.websocket.opening.HandshakeResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an observer sees of handshakes and frames, on both sides. */
class WireObserverTest {
  private final ManualEventLoop loop = new ManualEventLoop();
  private final InMemoryTransport transport = new InMemoryTransport(loop);
  private final List<String> seen = new ArrayList<>();
  private final WireObserver observer =
      new WireObserver() {
        @Override
        public void requestSent(HandshakeRequest request) {
          seen.add(request.method() + " " + request.target());
        }

        @Override
        public void accepted(HandshakeResponse response) {
          seen.add(response.toString());
        }

        @Override
        public void frameSent(ObservedFrame frame) {
          seen.add("> " + text(frame));
        }

        @Override
        public void frameReceived(ObservedFrame frame) {
          seen.add("< " + text(frame));
        }
      };

  private static String text(ObservedFrame frame) {
    return frame.kind()
        + (frame.fin() ? " fin" : "")
        + (frame.masked() ? " masked " : " ")
        + frame.length()
        + " '"
        + new String(frame.preview(), StandardCharsets.UTF_8)
        + "'";
  }

  @Test
  void aClientsHandshakeAndItsFramesInBothDirections() {
    WebSocketClient client =
        WebSocketClient.builder().transport(transport).observer(observer).build();
    WebSocketStream stream = client.connect("ws://example.com/chat?room=1");
    ScriptedPeer peer = transport.nextOpening().accept();
    WebSocketConnection connection = loop.runUntil(stream.opened());
    assertThat(seen).containsExactly("GET /chat?room=1", "HTTP 101");
    seen.clear();

    String longText = "y".repeat(70_000);
    connection.sendAsync(Message.of("hello"));
    connection.sendAsync(Message.of(longText));
    peer.expectText("hello").expectText(longText);
    peer.sendTextFragments("a".getBytes(StandardCharsets.UTF_8), new byte[0])
        .sendPing(new byte[] {'p'});
    peer.expectPong(new byte[] {'p'});
    stream.close(4000, "");
    peer.expectClose(4000, "");
    String preview = "y".repeat(ObservedFrame.PREVIEW_BYTES);
    assertThat(seen)
        .containsExactly(
            "> TEXT fin masked 5 'hello'",
            "> TEXT masked 65536 '" + preview + "'",
            "> CONTINUATION fin masked 4464 '" + preview + "'",
            "< TEXT 1 'a'",
            "< CONTINUATION fin 0 ''",
            "< PING fin 1 'p'",
            "> PONG fin masked 1 'p'",
            "> CLOSE fin masked 2 '\u000f\ufffd'");
    peer.sendClose(4000, "").close();
    loop.runUntil(connection.closed());
    client.close();
    loop.assertIdle();
  }

  @Test
  void aServersFramesHoweverTheBytesAreCut() throws IOException {
    WebSocketServer server =
        WebSocketServer.builder()
            .transport(transport)
            .observer(observer)
            .withoutKeepAlive()
            .route(Route.async("/", connection -> connection.closed()))
            .start();
    ScriptedPeer peer = transport.connect("/");
    loop.runPending();
    // RFC 6455 §5.7: a masked "Hello".
    for (String hex : "81 85 37 fa 21 3d 7f 9f 4d 51 58".split(" ")) {
      peer.send(hex);
      loop.runPending();
    }
    assertThat(seen).containsExactly("< TEXT fin masked 5 'Hello'");
    // What can not be told apart into frames any more is not shown; the answer to it is.
    peer.send("ff ff 00 00");
    peer.nextFrame();
    assertThat(seen).hasSize(2);
    assertThat(seen.get(1)).startsWith("> CLOSE fin ");
    peer.close();
    loop.runPending();
    loop.run(server::close);
    loop.assertIdle();
  }

  @Test
  void anObserverThatThrowsIsLoggedAndHurtsNoConnection() {
    WireObserver failing =
        new WireObserver() {
          @Override
          public void requestSent(HandshakeRequest request) {
            throw new IllegalStateException("request");
          }

          @Override
          public void accepted(HandshakeResponse response) {
            throw new IllegalStateException("response");
          }

          @Override
          public void frameSent(ObservedFrame frame) {
            throw new IllegalStateException("sent");
          }

          @Override
          public void frameReceived(ObservedFrame frame) {
            throw new IllegalStateException("received");
          }
        };
    WebSocketClient client =
        WebSocketClient.builder().transport(transport).observer(failing).build();
    try (LogRecords records = LogRecords.record()) {
      WebSocketStream stream = client.connect("ws://example.com/");
      ScriptedPeer peer = transport.nextOpening().accept();
      WebSocketConnection connection = loop.runUntil(stream.opened());
      connection.sendAsync(Message.of("hello"));
      peer.expectText("hello").sendClose(4000, "").expectClose(4000, "").close();
      loop.runUntil(connection.closed());
      assertThat(records.all()).as("request, answer, and three frames").hasSize(5);
    }
    client.close();
    loop.assertIdle();
  }
}
