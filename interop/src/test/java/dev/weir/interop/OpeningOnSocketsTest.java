package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.websocket.Route;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.WebSocketStreamOptions;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes of the opening handshake over loopback TCP, with raw peers. */
@ExtendWith(Leftovers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpeningOnSocketsTest {
  private WebSocketServer server;
  private WebSocketClient client;

  @BeforeAll
  void start() throws Exception {
    server =
        WebSocketServer.builder()
            .route(
                Route.async("/here", connection -> connection.closed())
                    .withProtocols("chat")
                    .withOrigins("https://weir.example"))
            .start();
    client = WebSocketClient.builder().header("X-Token", "s3cret").build();
  }

  @AfterAll
  void stop() {
    client.close();
    server.close();
  }

  @Test
  @Rule({"K2", "6455-4.1-1", "6455-4.1-10", "6455-4.1-11", "6455-4.1-12", "6455-4.1-13"})
  @Rule({"6455-4.1-14", "6455-4.1-15", "6455-4.1-16", "6455-4.1-20", "6455-11.3.1-1"})
  @Rule({"6455-11.3.5-1", "6455-4.1-23"})
  void theRequestIsWholeAndNothingFollowsItBeforeTheAnswer() throws Exception {
    try (ServerSocket listener = RawPeer.listen()) {
      var options = WebSocketStreamOptions.DEFAULT.withProtocols("b", "a");
      var stream = client.connect(RawPeer.url(listener) + "a%20b?c=d&e", options);
      try (RawPeer peer = RawPeer.accept(listener)) {
        String request = peer.readHeader();

        assertThat(request).startsWith("GET /a%20b?c=d&e HTTP/1.1\r\n").endsWith("\r\n\r\n");
        assertThat(RawPeer.field(request, "Host"))
            .isEqualTo("127.0.0.1:" + listener.getLocalPort());
        assertThat(RawPeer.field(request, "Upgrade")).isEqualToIgnoringCase("websocket");
        assertThat(RawPeer.field(request, "Connection")).isEqualToIgnoringCase("upgrade");
        assertThat(RawPeer.field(request, "Sec-WebSocket-Version")).isEqualTo("13");
        assertThat(RawPeer.field(request, "Sec-WebSocket-Protocol")).isEqualTo("b, a");
        assertThat(RawPeer.field(request, "X-Token")).isEqualTo("s3cret");
        assertThat(request.lines().map(line -> line.split(":")[0].toLowerCase(Locale.ROOT)))
            .doesNotHaveDuplicates();
        peer.socket().setSoTimeout(200);
        assertThatThrownBy(() -> peer.socket().getInputStream().read())
            .isInstanceOf(SocketTimeoutException.class);
      }
      Weir.refused(stream);
    }
  }

  @Test
  @Rule({"6455-4.1-17", "6455-4.1-18"})
  void theNonceIsSixteenRandomBytesForEachConnection() throws Exception {
    Set<String> nonces = new HashSet<>();
    var bits = new int[128];
    int rounds = 64;
    for (int round = 0; round < rounds; round++) {
      try (ServerSocket listener = RawPeer.listen()) {
        var stream = client.connect(RawPeer.url(listener));
        try (RawPeer peer = RawPeer.accept(listener)) {
          String key = RawPeer.field(peer.readHeader(), "Sec-WebSocket-Key");
          byte[] nonce = Base64.getDecoder().decode(key);
          assertThat(nonce).hasSize(16);
          assertThat(nonces.add(key)).as("a nonce not seen before").isTrue();
          for (int bit = 0; bit < 128; bit++) {
            bits[bit] += nonce[bit / 8] >> bit % 8 & 1;
          }
        }
        Weir.refused(stream);
      }
    }
    // A bit that is the same 64 times comes once in 2^56 runs.
    assertThat(Arrays.stream(bits)).allMatch(ones -> ones > 0 && ones < rounds);
  }

  @Test
  @Rule({"K6", "6455-5.1-3", "6455-10.3-1", "6455-5.3-1", "6455-6.1-5"})
  void everyFrameOfTheClientIsMaskedAnew() throws Exception {
    try (ServerSocket listener = RawPeer.listen()) {
      var stream = client.connect(RawPeer.url(listener));
      try (RawPeer peer = RawPeer.accept(listener)) {
        peer.acceptUpgrade();
        var connection = Weir.get(stream.opened());
        Set<String> masks = new HashSet<>();
        int frames = 64;
        for (int i = 0; i < frames; i++) {
          connection.send("same");
          byte[] frame = peer.socket().getInputStream().readNBytes(10);
          assertThat(frame).startsWith(0x81, 0x84);
          byte[] mask = Arrays.copyOfRange(frame, 2, 6);
          masks.add(Base64.getEncoder().encodeToString(mask));
          var text = new StringBuilder();
          for (int j = 0; j < 4; j++) {
            text.append((char) (frame[6 + j] ^ mask[j]));
          }
          assertThat(text).hasToString("same");
        }
        // Two equal masks of 64 come once in two million runs, three equal ones never.
        assertThat(masks).hasSizeGreaterThanOrEqualTo(frames - 1);
        stream.close();
        assertThat(peer.readFrame().masked()).isTrue();
        peer.send(RawPeer.CLOSE, new byte[0]).shutdownOutput();
        Weir.get(stream.closed());
      }
    }
  }

  static Stream<Arguments> refusals() {
    String good = RawPeer.request("/here");
    return Stream.of(
        Arguments.of("no such path", good.replace("/here", "/gone"), 404),
        Arguments.of(
            "another origin", RawPeer.request("/here", "Origin: https://evil.example\r\n"), 403),
        Arguments.of("another method", good.replace("GET", "POST"), 405),
        Arguments.of("no host", good.replaceAll("Host: [^\r]*\r\n", ""), 400),
        Arguments.of("no upgrade", good.replaceAll("Upgrade: [^\r]*\r\n", ""), 426),
        Arguments.of("no connection", good.replaceAll("Connection: [^\r]*\r\n", ""), 426),
        Arguments.of("a short key", good.replace("dGhlIHNhbXBsZSBub25jZQ==", "dGhl"), 400),
        Arguments.of("no key", good.replaceAll("Sec-WebSocket-Key: [^\r]*\r\n", ""), 400),
        Arguments.of("another version", good.replace("Version: 13", "Version: 8"), 426));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusals")
  @Rule({"6455-4.2.1-1", "6455-4.2.1-2", "6455-4.2.1-3", "6455-4.2.1-4", "6455-4.2.1-5"})
  @Rule({"6455-4.2.1-6", "6455-4.2.1-7", "6455-4.2.2-2", "6455-4.2.2-3", "6455-4.2.2-4"})
  @Rule({"6455-4.4-1", "6455-7.2.2-1"})
  void aRequestThatIsNotAcceptedGetsItsStatusAndTheConnectionEnds(
      String name, String request, int status) throws Exception {
    try (RawPeer peer = RawPeer.connect(server)) {
      String answer = peer.write(request).readHeader();

      assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
      if (name.equals("another version")) {
        assertThat(RawPeer.field(answer, "Sec-WebSocket-Version")).isEqualTo("13");
      }
      assertThat(new String(peer.readAll(), StandardCharsets.UTF_8)).doesNotContain("HTTP/");
      assertThat(server.connections()).isZero();
    }
  }

  @Test
  @Rule({"P6", "6455-4.2.2-5", "6455-4.2.2-8", "6455-4.2.2-9", "6455-11.3.2-1"})
  @Rule({"6455-11.3.3-1", "6455-11.3.4-1"})
  void aRequestThatIsAcceptedGetsOneOfEachHeaderAndNoExtension() throws Exception {
    String request =
        RawPeer.request(
                "/here",
                "Sec-WebSocket-Protocol: soap\r\n",
                "Sec-WebSocket-Protocol: chat, other\r\n",
                "Sec-WebSocket-Extensions: permessage-foo; bar=1\r\n")
            .replace("Connection: Upgrade", "Connection: keep-alive, UPGRADE")
            .replace("Upgrade: websocket", "Upgrade: WebSocket");
    try (RawPeer peer = RawPeer.connect(server)) {
      String answer = peer.write(request).readHeader();

      assertThat(answer).startsWith("HTTP/1.1 101 ");
      // The example of RFC 6455, section 1.3.
      assertThat(RawPeer.field(answer, "Sec-WebSocket-Accept"))
          .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
      assertThat(RawPeer.field(answer, "Upgrade")).isEqualToIgnoringCase("websocket");
      assertThat(RawPeer.field(answer, "Connection")).isEqualToIgnoringCase("upgrade");
      assertThat(RawPeer.field(answer, "Sec-WebSocket-Protocol")).isEqualTo("chat");
      assertThat(answer).doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
      assertThat(answer.lines().map(line -> line.split(":")[0])).doesNotHaveDuplicates();
      peer.sendClose(1000, "");
      assertThat(peer.readFrame().closeCode()).isEqualTo(1000);
      assertThat(peer.readAll()).isEmpty();
    }
  }
}
