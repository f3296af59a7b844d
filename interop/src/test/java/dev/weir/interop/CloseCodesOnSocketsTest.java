package dev.weir.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.interop.RawLink.Settings;
import dev.weir.interop.RawLink.Weirs;
import dev.weir.protocol.close.ProtocolViolation;
import dev.weir.protocol.connection.Limits;
import dev.weir.websocket.Message;
import dev.weir.websocket.MessageKinds;
import dev.weir.websocket.Route;
import dev.weir.websocket.ServerConnection;
import dev.weir.websocket.Topic;
import dev.weir.websocket.Topics;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketServer;
import java.net.ServerSocket;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each close code produced by the situation that it describes, end to end over loopback TCP; 1015
 * is with the TLS tests.
 */
@ExtendWith(Leftovers.class)
@Rule("C4")
class CloseCodesOnSocketsTest {
  private static final String SECRET = "the database password is hunter2";

  private final BlockingQueue<ServerConnection> served = new LinkedBlockingQueue<>();
  private WebSocketServer server;
  private WebSocketClient client;

  @BeforeEach
  void start() throws Exception {
    server =
        WebSocketServer.builder()
            .limits(Limits.server().withMaxMessageBytes(1000))
            .route("/returns", served::add)
            .route(
                "/throws",
                connection -> {
                  throw new IllegalStateException(SECRET);
                })
            .route(
                Route.async(
                    "/throws-async",
                    connection -> {
                      throw new IllegalStateException(SECRET);
                    }))
            .route("/policy", connection -> connection.close(1008, "not you"))
            .route(reading("/reads"))
            .route(reading("/texts").withMessages(MessageKinds.TEXT))
            .start();
    client = WebSocketClient.create();
  }

  private Route reading(String path) {
    return Route.of(
        path,
        connection -> {
          served.add(connection);
          for (Message message : connection.readable()) {
            connection.send(message);
          }
        });
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private WebSocketCloseInfo closeOf(String path) throws Exception {
    return Weir.get(client.connect(server.url(path)).closed());
  }

  @Test
  void aHandlerThatReturnsClosesWith1000() throws Exception {
    assertThat(closeOf("/returns")).isEqualTo(new WebSocketCloseInfo(1000, ""));
    assertThat(Weir.get(Weir.next(served).closed())).isEqualTo(new WebSocketCloseInfo(1000, ""));
  }

  @Test
  void aServerThatClosesSays1001() throws Exception {
    var stream = client.connect(server.url("/reads"));
    Weir.get(stream.opened());
    ServerConnection connection = Weir.next(served);

    server.close();

    assertThat(Weir.get(stream.closed())).isEqualTo(new WebSocketCloseInfo(1001, ""));
    assertThat(Weir.get(connection.closed()).closeCode()).isEqualTo(1001);
  }

  @Test
  void aServerThatRestartsSays1012() throws Exception {
    var stream = client.connect(server.url("/reads"));
    Weir.get(stream.opened());

    server.close(1012, "back in a minute");

    assertThat(Weir.get(stream.closed()))
        .isEqualTo(new WebSocketCloseInfo(1012, "back in a minute"));
    assertThat(Weir.get(Weir.next(served).closed()).closeCode()).isEqualTo(1012);
  }

  @Test
  @Rule({"C4", "B5"})
  void aServerSheds1013AConsumerThatDoesNotKeepUpAndNoOther() throws Exception {
    Topic topic = new Topics().topic("ticks");
    try (RawPeer slow = RawPeer.open(server, "/reads")) {
      ServerConnection slowConnection = Weir.next(served);
      topic.subscribe(slowConnection);
      var fast = Weir.get(client.connect(server.url("/reads")).opened());
      topic.subscribe(Weir.next(served));
      var reader = fast.readable().getReader();
      var tick = Message.of(new byte[60_000]);
      int published = 0;
      while (topic.stats().closed() == 0) {
        assertThat(published++).as("what the kernel takes is bounded").isLessThan(1000);
        Weir.get(topic.publish(tick));
        assertThat(Weir.next(reader)).isEqualTo(tick);
      }

      int whole = 0;
      RawPeer.Frame frame = slow.readFrame();
      while (frame.first() != RawPeer.CLOSE) {
        assertThat(frame.payload()).hasSize(60_000);
        whole++;
        frame = slow.readFrame();
      }
      assertThat(frame.closeCode()).isEqualTo(1013);
      assertThat(whole).isBetween(1, published - 1);
      slow.write(RawPeer.frame(RawPeer.CLOSE, new byte[] {0x03, (byte) 0xf5}, true));
      assertThat(slow.readAll()).isEmpty();
      assertThat(Weir.get(slowConnection.closed()).closeCode()).isEqualTo(1013);
      assertThat(topic.stats().members()).isOne();
      assertThat(topic.stats().queuedBytes()).isZero();
    }
  }

  @Test
  void aGatewayWhoseServerGivesAnInvalidAnswerSays1014() throws Exception {
    try (ServerSocket behind = RawPeer.listen();
        WebSocketServer gateway =
            WebSocketServer.builder()
                .route(
                    "/",
                    connection -> {
                      try {
                        client.connect(RawPeer.url(behind)).awaitOpened();
                      } catch (WebSocketError invalid) {
                        connection.close(1014, "invalid answer");
                      }
                    })
                .start()) {
      var stream = client.connect(gateway.url("/"));
      try (RawPeer peer = RawPeer.accept(behind)) {
        peer.write("HTTP/1.1 101 Switching Protocols\r\n\r\n".getBytes(US_ASCII));

        assertThat(Weir.get(stream.closed()))
            .isEqualTo(new WebSocketCloseInfo(1014, "invalid answer"));
      }
    }
  }

  @Test
  void aClientThatClosesSays1001() throws Exception {
    var stream = client.connect(server.url("/reads"));
    Weir.get(stream.opened());

    client.close();

    assertThat(Weir.get(Weir.next(served).closed())).isEqualTo(new WebSocketCloseInfo(1001, ""));
    assertThat(Weir.get(stream.closed()).closeCode()).isEqualTo(1001);
  }

  /** Breaches of the protocol by a client, in hexadecimal, each with its code. */
  static Stream<Arguments> breaches() {
    return Stream.of(
        Arguments.of("an unmasked frame", "81 01 61", 1002),
        Arguments.of("a reserved bit", "c1 81 00 00 00 00 61", 1002),
        Arguments.of("a reserved data opcode", "83 80 00 00 00 00", 1002),
        Arguments.of("a reserved control opcode", "8b 80 00 00 00 00", 1002),
        Arguments.of("a fragmented ping", "09 80 00 00 00 00", 1002),
        Arguments.of("a ping of 126 bytes", "89 fe 00 7e 00 00 00 00", 1002),
        Arguments.of("a continuation of nothing", "80 80 00 00 00 00", 1002),
        Arguments.of("a message inside a message", "01 80 00 00 00 00 81 80 00 00 00 00", 1002),
        Arguments.of("a length that is not minimal", "81 fe 00 01 00 00 00 00 61", 1002),
        Arguments.of("a negative length", "81 ff 80 00 00 00 00 00 00 00", 1002),
        Arguments.of("a Close of one byte", "88 81 00 00 00 00 03", 1002),
        Arguments.of("a Close with 1005", "88 82 00 00 00 00 03 ed", 1002),
        Arguments.of("a Close with 1006", "88 82 00 00 00 00 03 ee", 1002),
        Arguments.of("a Close with 1015", "88 82 00 00 00 00 03 f7", 1002),
        Arguments.of("a Close with 999", "88 82 00 00 00 00 03 e7", 1002),
        Arguments.of("a reason that is not UTF-8", "88 83 00 00 00 00 03 e8 ff", 1007),
        Arguments.of("text that is not UTF-8", "81 81 00 00 00 00 ff", 1007),
        Arguments.of("such text before its end", "01 8a 00 00 00 00 c0 80", 1007),
        Arguments.of("a frame over the limit", "82 fe 03 e9 00 00 00 00", 1009));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("breaches")
  @Rule({"P1", "P4", "C2", "H1", "6455-5.1-2", "6455-8.1-1", "6455-7.1.7-2", "6455-10.7-1"})
  void theServerFailsABreachWithItsCode(String name, String bytes, int code) throws Exception {
    try (RawPeer peer = RawPeer.open(server, "/reads")) {
      ServerConnection connection = Weir.next(served);
      peer.write(HexFormat.ofDelimiter(" ").parseHex(bytes));

      RawPeer.Frame close = peer.readFrame();
      assertThat(close.first()).isEqualTo(RawPeer.CLOSE);
      assertThat(close.closeCode()).isEqualTo(code);
      assertThat(peer.readAll()).isEmpty();
      peer.close();
      WebSocketError error = Weir.unclean(connection.closed(), 1006);
      assertThat(error.getCause()).isInstanceOf(ProtocolViolation.class);
      assertThat(((ProtocolViolation) error.getCause()).closeCode()).isEqualTo(code);
    }
  }

  /** Breaches of the protocol by a server. */
  static Stream<Arguments> breachesOfServers() {
    return Stream.of(
        Arguments.of("a masked frame", "81 81 00 00 00 00 61", 1002),
        Arguments.of("a reserved bit", "c1 01 61", 1002),
        Arguments.of("a continuation of nothing", "80 00", 1002),
        Arguments.of("a Close with 1005", "88 02 03 ed", 1002),
        Arguments.of("text that is not UTF-8", "81 01 ff", 1007),
        Arguments.of("a frame over the limit", "82 7e 03 e9", 1009));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("breachesOfServers")
  @Rule({"P1", "P4", "C2", "H1", "6455-5.1-4", "6455-8.1-1", "6455-7.1.7-1"})
  void theClientFailsABreachWithItsCode(String name, String bytes, int code) throws Exception {
    var settings = Settings.PATIENT.withLimits(Limits.client().withMaxMessageBytes(1000));
    try (var link = RawLink.open(Weirs.CLIENT, settings)) {
      link.peer().write(HexFormat.ofDelimiter(" ").parseHex(bytes));

      RawPeer.Frame close = link.peer().readFrame();
      assertThat(close.closeCode()).isEqualTo(code);
      assertThat(close.masked()).isTrue();
      assertThat(link.peer().readAll()).isEmpty();
      link.peer().close();
      WebSocketError error = Weir.unclean(link.connection().closed(), 1006);
      assertThat(error.getCause()).isInstanceOf(ProtocolViolation.class);
      assertThat(((ProtocolViolation) error.getCause()).closeCode()).isEqualTo(code);
    }
  }

  @Test
  void binaryWhereOnlyTextIsTakenIs1003() throws Exception {
    var stream = client.connect(server.url("/texts"));
    var connection = Weir.get(stream.opened());
    connection.send("text");
    assertThat(Weir.next(connection.readable().getReader())).isEqualTo(Message.of("text"));

    connection.send(new byte[] {1});

    assertThat(Weir.get(stream.closing()).closeCode()).isEqualTo(1003);
    assertThat(Weir.get(stream.closed()).closeCode()).isEqualTo(1003);
    WebSocketError error = Weir.unclean(Weir.next(served).closed(), 1006);
    assertThat(error.getCause()).isInstanceOf(ProtocolViolation.class);
  }

  @Test
  @Rule("S16")
  void aCloseWithoutACodeIs1005OnBothSides() throws Exception {
    var stream = client.connect(server.url("/reads"));
    Weir.get(stream.opened());

    stream.close();

    assertThat(Weir.get(Weir.next(served).closed())).isEqualTo(new WebSocketCloseInfo(1005, ""));
    assertThat(Weir.get(stream.closed())).isEqualTo(new WebSocketCloseInfo(1005, ""));
  }

  @ParameterizedTest
  @EnumSource
  void anAbortIs1006OnBothSides(Weirs aborting) throws Exception {
    var stream = client.connect(server.url("/reads"));
    Weir.get(stream.opened());
    ServerConnection connection = Weir.next(served);

    if (aborting == Weirs.CLIENT) {
      stream.abort();
    } else {
      connection.abort();
    }

    Weir.unclean(stream.closed(), 1006);
    Weir.unclean(connection.closed(), 1006);
  }

  @Test
  @Rule("C1")
  void aServersApplicationMaySay1008() throws Exception {
    assertThat(closeOf("/policy")).isEqualTo(new WebSocketCloseInfo(1008, "not you"));
  }

  @Test
  @Rule({"P4", "6455-10.4-1"})
  void aMessageOverTheLimitIs1009() throws Exception {
    var stream = client.connect(server.url("/reads"));
    var connection = Weir.get(stream.opened());

    connection.send(Message.of(new byte[1001]), false);

    assertThat(Weir.get(stream.closed()).closeCode()).isEqualTo(1009);
    assertThat(Weir.unclean(Weir.next(served).closed(), 1006))
        .hasMessageContaining("1001")
        .hasMessageContaining("1000");
  }

  @Test
  void aHandlerThatThrowsClosesWith1011AndKeepsItsText() throws Exception {
    for (String path : new String[] {"/throws", "/throws-async"}) {
      try (RawPeer peer = RawPeer.open(server, path)) {
        RawPeer.Frame close = peer.readFrame();

        assertThat(close.closeCode()).isEqualTo(1011);
        assertThat(close.closeReason()).doesNotContain("hunter2").doesNotContain("Exception");
        peer.sendClose(1011, "");
        assertThat(peer.readAll()).isEmpty();
      }
      assertThat(closeOf(path).closeCode()).isEqualTo(1011);
    }
  }
}
