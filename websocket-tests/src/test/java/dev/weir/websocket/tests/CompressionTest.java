package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.protocol.connection.Limits;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.protocol.handshake.HandshakeRequest;
import dev.weir.protocol.handshake.Headers;
import dev.weir.testkit.Frame;
import dev.weir.testkit.InMemoryTransport;
import dev.weir.testkit.ManualEventLoop;
import dev.weir.testkit.ScriptedOpening;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.testkit.ScriptedRequest;
import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.ServerConnection;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.WebSocketStream;
import dev.weir.websocket.opening.OpeningFailure;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** permessage-deflate from the options of either end to the bytes on the wire (P3, P3a). */
class CompressionTest {
  private static final String OFFER = "permessage-deflate; client_max_window_bits";
  private static final String NO_TAKEOVER =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
  private static final CompressionOptions EVERYTHING =
      CompressionOptions.server().withTakeover(true, true).withThreshold(0);

  /** "Hello", compressed, and "Hello" behind it (RFC 7692 §7.2.3). */
  private static final String HELLO = "f2 48 cd c9 c9 07 00";

  private static final String HELLO_AGAIN = "f2 00 11 00 00";

  // The client.

  private static Client client(CompressionOptions options) {
    return new Client(builder -> builder.compression(options));
  }

  private static Client.Open accepted(Client client, String extensions) {
    WebSocketStream stream = client.connect();
    ScriptedOpening opening = client.transport.nextOpening();
    Headers response =
        opening.acceptingHeaders().toBuilder().add("Sec-WebSocket-Extensions", extensions).build();
    ScriptedPeer peer = opening.acceptWith(response);
    WebSocketConnection connection = client.loop.runUntil(stream.opened());
    client.loop.runPending();
    return client.new Open(stream, connection, peer);
  }

  @Test
  @Rule({"P3", "S5", "6455-9.1-3"})
  void aClientOffersItAndShowsWhatWasAgreed() {
    Client client = client(CompressionOptions.client());
    Client.Open open = accepted(client, NO_TAKEOVER + "; client_max_window_bits=\"12\"");
    assertThat(open.connection.extensions()).isEqualTo(NO_TAKEOVER + "; client_max_window_bits=12");
    open.finish();

    WebSocketStream stream = client.connect();
    ScriptedOpening opening = client.transport.nextOpening();
    assertThat(opening.request().headers().all("Sec-WebSocket-Extensions")).containsExactly(OFFER);
    opening.accept();
    assertThat(client.loop.runUntil(stream.opened()).extensions()).isEmpty();
    stream.abort();
    client.loop.runPending();
  }

  @Test
  @Rule("P3")
  void aClientThatSwitchesItOffOffersNothing() {
    Client client = client(CompressionOptions.off());
    WebSocketStream stream = client.connect();
    ScriptedOpening opening = client.transport.nextOpening();
    assertThat(opening.request().headers().contains("Sec-WebSocket-Extensions")).isFalse();
    opening.accept();
    client.loop.runUntil(stream.opened());
    stream.abort();
    client.loop.runPending();
  }

  @Test
  @Rule({"P3", "6455-5.8-1", "6455-9.1-4"})
  void nothingIsCompressedWhereTheServerDidNotAcceptTheOffer() {
    Client client = client(CompressionOptions.client().withThreshold(0));
    Client.Open open = client.open();
    assertThat(open.connection.extensions()).isEmpty();
    String text = "again ".repeat(200);
    open.send(text);
    Frame frame = open.peer.nextFrame();
    assertThat(frame.rsv()).isZero();
    assertThat(frame.payload()).isEqualTo(text.getBytes(StandardCharsets.UTF_8));
    open.peer.send("c1 07 " + HELLO);
    assertThat(open.peer.nextFrame().payload()).startsWith(1002 >> 8, 1002 & 0xff);
    open.peer.close();
    assertThat(open.error().closeCode()).isEqualTo(1006);
  }

  @Test
  @Rule({"C4", "P3", "S5"})
  void aClientThatRequiresItLeavesAServerWithoutItWith1010() {
    Client client = new Client(builder -> builder.requireCompression());
    WebSocketStream stream = client.connect();
    ScriptedPeer peer = client.transport.nextOpening().accept();
    var error = client.error(stream.opened());
    assertThat(error.closeCode()).isEqualTo(1010);
    assertThat(client.error(stream.closed())).isSameAs(error);
    peer.expectClose(1010, "permessage-deflate").sendClose(1010, "permessage-deflate");
    peer.shutdownOutput();
    client.loop.runPending();
    peer.expectNothingMore();
    client.loop.assertIdle();

    Client.Open open =
        accepted(new Client(builder -> builder.requireCompression()), "permessage-deflate");
    assertThat(open.connection.extensions()).isEqualTo("permessage-deflate");
    open.finish();
  }

  @ParameterizedTest
  @Rule({"P3", "K2", "7692-5-1", "7692-7.1-5", "7692-7.1-6", "7692-7.1-7", "7692-7.1-8"})
  @ValueSource(
      strings = {
        "permessage-deflate; foo",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; client_max_window_bits=8",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate, permessage-deflate",
        "permessage-bzip2",
      })
  void anAnswerThatBreaksARuleFailsTheConnection(String extensions) {
    Client client = client(CompressionOptions.client());
    WebSocketStream stream = client.connect();
    ScriptedOpening opening = client.transport.nextOpening();
    opening.acceptWith(
        opening.acceptingHeaders().toBuilder().add("Sec-WebSocket-Extensions", extensions).build());
    Throwable error = client.loop.runUntilFailed(stream.opened());
    assertThat(error).hasRootCauseInstanceOf(RuntimeException.class);
    assertThat(error.getCause()).isInstanceOf(OpeningFailure.class);
    client.loop.runPending();
    client.loop.assertIdle();
  }

  @Test
  @Rule({"P3", "7692-6-1", "7692-6.1-1", "7692-6.2-1", "7692-7.2.2-2"})
  void aClientTakesItsContextOverWhereTheServerLikes() {
    Client client = client(CompressionOptions.client().withThreshold(0));
    Client.Open open = accepted(client, "permessage-deflate");
    open.send("Hello");
    open.send("Hello");
    Frame first = open.peer.nextFrame();
    assertThat(first).isEqualTo(new Frame(true, 4, 1, true, bytes(HELLO)));
    assertThat(open.peer.nextFrame()).isEqualTo(new Frame(true, 4, 1, true, bytes(HELLO_AGAIN)));
    open.peer.send("c1 07 " + HELLO + "c1 05 " + HELLO_AGAIN + "81 01 61");
    assertThat(open.read()).isEqualTo(Message.of("Hello"));
    assertThat(open.read()).isEqualTo(Message.of("Hello"));
    assertThat(open.read()).isEqualTo(Message.of("a"));
    open.finish();
  }

  @Test
  @Rule({"P3", "7692-7.1.1.2-2", "7692-7.2.1-6"})
  void aClientTakesNoContextOverWhereTheServerForbidsIt() {
    Client client = client(CompressionOptions.client().withThreshold(0));
    Client.Open open = accepted(client, "permessage-deflate; client_no_context_takeover");
    for (int i = 0; i < 3; i++) {
      open.send("Hello, Hello, Hello");
      byte[] payload = open.peer.nextFrame().payload();
      assertThat(payload).hasSizeBetween(8, 14);
    }
    open.peer.send("c1 07 " + HELLO + "c1 05 " + HELLO_AGAIN);
    assertThat(open.read()).isEqualTo(Message.of("Hello"));
    assertThat(open.read()).isEqualTo(Message.of("Hello"));
    open.finish();
  }

  @ParameterizedTest(name = "{0}")
  @Rule({"P3", "C4"})
  @CsvSource({
    "no DEFLATE data, c1 04 07 00 00 00, 1007",
    "a message that is cut off, c1 03 f2 48 cd, 1007",
    "no UTF-8, c1 03 fa 0f 00, 1007",
    "the bit in a later frame, 41 03 f2 48 cd c0 04 c9 c9 07 00, 1002",
    "the bit in a ping, c9 00, 1002",
  })
  void whatBreaksARuleClosesTheConnection(String name, String frames, int code) {
    Client client = client(CompressionOptions.client());
    Client.Open open = accepted(client, NO_TAKEOVER);
    open.peer.send(frames);
    Frame close = open.peer.nextFrame();
    assertThat(close.payload()).startsWith(code >> 8, code & 0xff);
    open.peer.close();
    assertThat(open.error().closeCode()).isEqualTo(1006);
  }

  @Test
  @Rule({"P3", "P4"})
  void aBombClosesTheConnectionWith1009() {
    Client client =
        new Client(
            builder ->
                builder
                    .compression(CompressionOptions.client())
                    .limits(Limits.client().withMaxMessageBytes(1000)));
    Client.Open open = accepted(client, NO_TAKEOVER);
    open.peer.send(new Frame(true, 4, 2, false, Deflated.of(new byte[100_000])));
    assertThat(open.peer.nextFrame().payload()).startsWith(0x03, 0xf1);
    open.peer.close();
    assertThat(open.error().closeCode()).isEqualTo(1006);
    assertThat(open.error()).hasStackTraceContaining("a message of at most 1000 bytes");
  }

  // The server.

  private static Server server(UnaryRoute change, CompressionOptions options) {
    return new Server(
        builder ->
            builder
                .compression(options)
                .route(
                    change.apply(
                        Route.of(
                            "/",
                            connection -> {
                              for (Message message : connection.readable()) {
                                boolean compress = !message.equals(Message.of("not me, not me"));
                                connection.send(message, compress);
                              }
                            }))));
  }

  private interface UnaryRoute {
    Route apply(Route route);
  }

  private static ScriptedRequest request(Server server, String extensions) {
    return server.transport.request(
        new HandshakeRequest(
            "GET",
            "/",
            Headers.of(
                "Host",
                "example.com",
                "Upgrade",
                "websocket",
                "Connection",
                "Upgrade",
                "Sec-WebSocket-Key",
                "dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version",
                "13",
                "Sec-WebSocket-Extensions",
                extensions)));
  }

  private static Optional<String> answer(ScriptedRequest request) {
    return request.awaitResponse().headers().first("Sec-WebSocket-Extensions");
  }

  private static void close(ScriptedPeer client) {
    client.sendClose(1000, "").expectClose(1000, "").expectEnd().close();
  }

  @ParameterizedTest(name = "{0} is answered with {1}")
  @Rule({"P3", "P3a", "6455-9-2", "7692-7.1-1", "7692-7.1-2", "7692-7.1-3", "7692-7.1-4"})
  @CsvSource(
      delimiter = '|',
      value = {
        "permessage-deflate; client_max_window_bits | " + NO_TAKEOVER,
        "permessage-deflate; server_max_window_bits=10 | "
            + NO_TAKEOVER
            + "; server_max_window_bits=10",
        "permessage-deflate; server_max_window_bits=8, permessage-deflate | " + NO_TAKEOVER,
      })
  void aServerAcceptsWithoutTakeover(String offer, String expected) {
    Server server = server(route -> route, CompressionOptions.server());
    ScriptedRequest request = request(server, offer);
    ScriptedPeer client = request.awaitPeer();
    assertThat(answer(request)).contains(expected);
    close(client);
    server.finish();
  }

  @ParameterizedTest
  @Rule({"P3", "6455-9-2", "7692-7.1-1", "7692-7.1-4"})
  @ValueSource(
      strings = {"permessage-deflate; foo", "permessage-deflate; server_max_window_bits=8"})
  void aServerDeclinesWhatItCanNotKeepAndGoesOnWithout(String offer) {
    Server server = server(route -> route, CompressionOptions.server());
    ScriptedRequest request = request(server, offer);
    ScriptedPeer client = request.awaitPeer();
    assertThat(answer(request)).isEmpty();
    client.sendText("Hello".repeat(100)).expectText("Hello".repeat(100));
    close(client);
    server.finish();
  }

  @Test
  @Rule({"P3", "7692-6-1", "7692-6.1-1", "7692-6.1-2", "7692-7.2.1-5"})
  void aServerCompressesWhatIsLongEnoughAndNotOptedOut() {
    Server server =
        server(route -> route, CompressionOptions.server().withThreshold(10).withLevel(6));
    ScriptedPeer client = request(server, OFFER).awaitPeer();
    client.send("c1 87 00 00 00 00 " + HELLO).expectText("Hello");
    for (int i = 0; i < 2; i++) {
      client.sendText("Hello".repeat(100));
      Frame frame = client.nextFrame();
      assertThat(frame.rsv()).isEqualTo(4);
      assertThat(Deflated.text(frame.payload())).isEqualTo("Hello".repeat(100));
    }
    client.sendText("not me, not me").expectText("not me, not me");
    close(client);
    server.finish();
  }

  @Test
  @Rule({"P3", "7692-7.2.2-3", "7692-7.2.1-5"})
  void aServerThatIsToldToTakesContextOver() {
    Server server = server(route -> route, EVERYTHING);
    ScriptedRequest request = request(server, OFFER);
    ScriptedPeer client = request.awaitPeer();
    assertThat(answer(request)).contains("permessage-deflate");
    client.send("c1 87 00 00 00 00 " + HELLO + "c1 85 00 00 00 00" + HELLO_AGAIN);
    assertThat(client.nextFrame()).isEqualTo(new Frame(true, 4, 1, false, bytes(HELLO)));
    assertThat(client.nextFrame()).isEqualTo(new Frame(true, 4, 1, false, bytes(HELLO_AGAIN)));
    close(client);
    server.finish();
  }

  @Test
  @Rule("P3")
  void aRouteSaysOtherwise() {
    Server without = server(route -> route.withCompression(CompressionOptions.off()), EVERYTHING);
    ScriptedRequest request = request(without, OFFER);
    ScriptedPeer client = request.awaitPeer();
    assertThat(answer(request)).isEmpty();
    close(client);
    without.finish();

    Server with = server(route -> route.withCompression(EVERYTHING), CompressionOptions.off());
    request = request(with, OFFER);
    client = request.awaitPeer();
    assertThat(answer(request)).contains("permessage-deflate");
    close(client);
    with.finish();
  }

  // What a reader does not read.

  /** A server whose only connection waits to be read, with what was allocated for it so far. */
  private static final class Unread {
    final List<ServerConnection> connections = new ArrayList<>();
    final Server server =
        new Server(
            builder ->
                builder.route(
                    Route.async(
                        "/",
                        connection -> {
                          connections.add(connection);
                          return new CompletableFuture<Void>();
                        })));
    final ScriptedPeer peer = request(server, OFFER).awaitPeer();

    ServerConnection connection() {
      return connections.get(0);
    }

    /** Sends this many messages of 64 KiB in so few bytes that one read brings them all. */
    Unread sendAtOnce(int count) {
      byte[] payload = Deflated.of(new byte[64 * 1024]);
      assertThat(payload).hasSizeLessThan(126);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (int i = 0; i < count; i++) {
        all.writeBytes(new byte[] {(byte) 0xc2, (byte) (0x80 | payload.length), 0, 0, 0, 0});
        all.writeBytes(payload);
      }
      peer.send(all.toByteArray());
      return this;
    }

    long allocatedBy(Runnable work) {
      var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadAllocatedBytes();
      work.run();
      return threads.getCurrentThreadAllocatedBytes() - before;
    }

    int read(int most) {
      var reader = connection().readable().getReader();
      int count = 0;
      for (; count < most; count++) {
        var result = server.loop.runUntil(reader.read());
        if (result.done()) {
          break;
        }
        assertThat(result.value()).isEqualTo(Message.of(new byte[64 * 1024]));
      }
      reader.releaseLock();
      return count;
    }
  }

  @Test
  @Rule({"S8", "P3", "P4"})
  void aReaderThatDoesNotReadIsNotSentAFloodThatOneReadBrought() {
    Unread unread = new Unread();
    long allocated = unread.allocatedBy(() -> unread.sendAtOnce(500));
    allocated += unread.allocatedBy(unread.server.loop::runPending);
    assertThat(allocated).as("bytes for 31 MiB of messages").isLessThan(3 << 20);
    assertThat(unread.read(500)).isEqualTo(500);
    close(unread.peer);
    unread.server.finish();
  }

  @Test
  @Rule({"S8", "S9", "H1", "P3"})
  void aCloseBehindWhatIsHeldIsSeenOnceThatWasRead() {
    Unread unread = new Unread();
    unread.sendAtOnce(100).peer.sendClose(4000, "bye").shutdownOutput();
    unread.server.loop.runPending();
    assertThat(unread.connection().closing()).isNotDone();
    assertThat(unread.read(1000)).isEqualTo(100);
    assertThat(unread.server.loop.runUntil(unread.connection().closed()).closeCode())
        .isEqualTo(4000);
    unread.peer.expectClose(4000, "bye").expectEnd();
    unread.server.finish();
  }

  @Test
  @Rule({"H6", "P3"})
  void aCloseOfThisSideDiscardsWhatIsHeld() {
    Unread unread = new Unread();
    unread.sendAtOnce(100).peer.sendClose(4000, "bye");
    unread.server.loop.runPending();
    unread.connection().close(1000, "");
    unread.peer.expectClose(1000, "").expectEnd().close();
    assertThat(unread.server.loop.runUntil(unread.connection().closed()).closeCode())
        .isEqualTo(4000);
    unread.server.finish();
  }

  @Test
  @Rule({"B4", "P3"})
  void anEndBehindWhatIsHeldIsNotWaitedForForEver() {
    Unread unread = new Unread();
    unread.sendAtOnce(100).peer.shutdownOutput();
    unread.server.loop.runPending();
    unread.server.loop.advance(Duration.ofMinutes(5));
    assertThat(unread.connection().closed()).isCompletedExceptionally();
    unread.peer.close();
    unread.server.finish();
  }

  @Test
  @Rule({"B4", "P3"})
  void aResetIsSeenBehindWhatIsHeld() {
    Unread unread = new Unread();
    unread.sendAtOnce(100);
    unread.server.loop.runPending();
    unread.peer.reset();
    unread.server.loop.runPending();
    unread.server.loop.advance(Duration.ofMinutes(5));
    assertThat(unread.connection().closed()).isCompletedExceptionally();
    unread.server.finish();
  }

  // Both.

  @Test
  @Rule({"P3", "P3a", "S11", "S12"})
  void anyTermsCarryTheSameMessages() throws Exception {
    for (long seed = 0; seed < 30; seed++) {
      Random random = new Random(seed);
      ManualEventLoop loop = new ManualEventLoop();
      InMemoryTransport transport = new InMemoryTransport(loop);
      long seeded = seed;
      transport.onLink(link -> link.chunked(seeded));
      WebSocketServer server =
          WebSocketServer.builder()
              .transport(transport)
              .withoutKeepAlive()
              .compression(options(random))
              .sendBuffer(1 + random.nextInt(100_000))
              .route(Route.async("/", CompressionTest::echo))
              .start();
      WebSocketClient client =
          WebSocketClient.builder()
              .transport(transport)
              .compression(options(random))
              .sendBuffer(1 + random.nextInt(100_000))
              .build();
      WebSocketStream stream = client.connect(server.url("/"));
      WebSocketConnection connection = loop.runUntil(stream.opened());
      assertThat(connection.extensions()).startsWith("permessage-deflate");
      List<Message> messages = messages(random);
      messages.forEach(message -> connection.sendAsync(message, random.nextInt(4) != 0));
      var reader = connection.readable().getReader();
      for (Message message : messages) {
        assertThat(loop.runUntil(reader.read()).value().equals(message))
            .as("seed %d, %s", seed, connection.extensions())
            .isTrue();
      }
      stream.close();
      assertThat(loop.runUntil(stream.closed()).closeCode()).isEqualTo(1005);
      client.close();
      loop.run(server::close);
      loop.runPending();
      loop.assertIdle();
    }
  }

  private static CompletableFuture<Void> echo(ServerConnection connection) {
    return connection.readable().pipeTo(connection.writable());
  }

  private static CompressionOptions options(Random random) {
    return CompressionOptions.client()
        .withTakeover(random.nextBoolean(), random.nextBoolean())
        .withWindowBits(9 + random.nextInt(7), 9 + random.nextInt(7))
        .withThreshold(random.nextInt(100))
        .withLevel(1 + random.nextInt(9));
  }

  private static List<Message> messages(Random random) {
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      if (random.nextBoolean()) {
        messages.add(Message.of("{\"price\":1}é€😀".repeat(random.nextInt(2000))));
      } else {
        byte[] noise = new byte[random.nextInt(5) == 0 ? 100_000 : random.nextInt(1000)];
        random.nextBytes(noise);
        messages.add(Message.of(noise));
      }
    }
    return messages;
  }

  private static byte[] bytes(String hex) {
    return java.util.HexFormat.ofDelimiter(" ").parseHex(hex);
  }
}
