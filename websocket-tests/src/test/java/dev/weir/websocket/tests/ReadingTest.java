package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.streams.ReadableStreamDefaultReader;
import dev.weir.testkit.Direction;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketError;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a client reads, and what happens while it does not. */
class ReadingTest {
  private static final int BUFFER = 256 * 1024;
  private static final int MESSAGE = 64 * 1024;
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final Client client = new Client();

  @Test
  @Rule({"S7", "P1"})
  void readsWholeMessagesHoweverTheyAreFragmented() {
    Client.Open open = client.open();
    open.peer
        .sendTextFragments(utf8("h"), new byte[] {(byte) 0xC3}, new byte[] {(byte) 0xBC}, utf8("!"))
        .sendBinaryFragments(new byte[] {1}, new byte[0], new byte[] {2})
        .sendText("")
        .sendBinary(new byte[0]);
    assertThat(open.read()).isEqualTo(Message.of("hü!"));
    assertThat(open.read()).isEqualTo(Message.of(new byte[] {1, 2}));
    assertThat(open.read()).isEqualTo(Message.of(""));
    assertThat(open.read()).isEqualTo(Message.of(new byte[0]));
    open.finish();
  }

  @Test
  @Rule({"S7", "B1", "P2"})
  void answersPingsBetweenTheFragmentsOfAMessage() {
    Client.Open open = client.open();
    open.peer.send("01 01 61").sendPing(new byte[] {7}).send("80 01 62").sendPing(new byte[] {8});
    open.peer.expectPong(new byte[] {7}).expectPong(new byte[] {8});
    assertThat(open.read()).isEqualTo(Message.of("ab"));
    open.finish();
  }

  @Test
  @Rule("S8")
  void blocksThePeerAfterABoundedNumberOfBytesAndLosesNothing() {
    Client.Open open = client.open();
    Direction toClient = open.peer.link().toClient();
    int count = 100;
    for (int i = 0; i < count; i++) {
      open.peer.sendBinary(numbered(i, MESSAGE));
    }
    client.loop.runPending();
    long readAhead = toClient.delivered();
    assertThat(readAhead).isBetween((long) BUFFER, 2L * BUFFER);
    assertThat(open.peer.unsentBytes()).isGreaterThan(90 * MESSAGE);

    client.loop.runPending();
    assertThat(toClient.delivered()).as("nothing more without a reader").isEqualTo(readAhead);

    for (int i = 0; i < count; i++) {
      assertThat(numberOf(open.read())).isEqualTo(i);
    }
    assertThat(open.peer.unsentBytes()).isZero();
    open.finish();
  }

  @Test
  @Rule("S8")
  void resumesOnlyBelowTheLowMark() {
    Client.Open open = client.open();
    for (int i = 0; i < 30; i++) {
      open.peer.sendBinary(numbered(i, MESSAGE));
    }
    client.loop.runPending();
    Direction toClient = open.peer.link().toClient();
    long paused = toClient.delivered();
    open.read();
    client.loop.runPending();
    assertThat(toClient.delivered()).as("one read of five does not resume").isEqualTo(paused);
    open.read();
    open.read();
    open.read();
    open.read();
    client.loop.runPending();
    assertThat(toClient.delivered()).isGreaterThan(paused);
    for (int i = 5; i < 30; i++) {
      assertThat(numberOf(open.read())).isEqualTo(i);
    }
    open.finish();
  }

  @Test
  @Rule("S8")
  void showsAMessageToWhomeverIsToldOfThePongBehindIt() {
    Client.Open open = client.open();
    CompletableFuture<Duration> pong = open.connection.ping();
    byte[] asked = open.peer.nextFrame().payload();
    ReadableStreamDefaultReader<Message> reader = open.connection.readable().getReader();
    CompletableFuture<Object> seen =
        pong.thenApply(roundTrip -> List.of(reader.tryRead().value(), reader.tryRead().value()));
    // All in one read of the socket.
    open.peer.sendText("a").sendText("b").sendPong(asked).sendText("c");
    assertThat(client.loop.runUntil(seen)).isEqualTo(List.of(Message.of("a"), Message.of("b")));
    assertThat(reader.tryRead().value()).isEqualTo(Message.of("c"));
    reader.releaseLock();
    open.finish();
  }

  @Test
  @Rule("S8")
  void givesAReaderThatWaitedAllThatOneReadHasBrought() {
    Client.Open open = client.open();
    ReadableStreamDefaultReader<Message> reader = open.connection.readable().getReader();
    List<String> got = new ArrayList<>();
    var unused =
        reader
            .read()
            .thenAccept(
                first -> {
                  got.add(first.value().toString());
                  for (var next = reader.tryRead(); next != null; next = reader.tryRead()) {
                    got.add(next.value().toString());
                  }
                });
    open.peer.sendText("a").sendText("b").sendText("c");
    client.loop.runPending();
    assertThat(got).containsExactly("a", "b", "c");
    reader.releaseLock();
    open.finish();
  }

  @Test
  @Rule("S8")
  void boundsManySmallAndEmptyMessagesToo() {
    Client.Open open = client.open();
    int count = 100_000;
    for (int i = 0; i < count; i++) {
      open.peer.sendText("");
    }
    client.loop.runPending();
    assertThat(open.peer.unsentBytes()).isPositive();
    open.finish();
  }

  @Test
  @Rule("S8")
  void deliversTenThousandMessagesInOrderAfterAPause() {
    Client.Open open = client.open();
    int count = 10_000;
    for (int i = 0; i < count; i++) {
      open.peer.sendText("message " + i + " " + "x".repeat(200));
    }
    client.loop.runPending();
    assertThat(open.peer.unsentBytes()).as("reading is paused").isPositive();

    ReadableStreamDefaultReader<Message> reader = open.connection.readable().getReader();
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String text = client.loop.runUntil(reader.read()).value().toString();
      if (!text.startsWith("message " + i + " ")) {
        wrong.add(i + ": " + text);
      }
    }
    reader.releaseLock();
    assertThat(wrong).isEmpty();
    open.finish();
  }

  @Test
  @Rule("S9")
  void closesTheReadableAfterTheMessagesBeforeACleanClose() {
    Client.Open open = client.open();
    open.peer
        .sendText("a")
        .sendText("b")
        .sendClose(1000, "")
        .expectClose(1000, "")
        .shutdownOutput();
    open.closed();
    assertThat(open.read()).isEqualTo(Message.of("a"));
    assertThat(open.read()).isEqualTo(Message.of("b"));
    assertThat(open.read()).isNull();
    open.assertOver();
  }

  @Test
  @Rule("S9")
  void errorsTheReadableWithTheVeryErrorOfClosed() {
    Client.Open open = client.open();
    ReadableStreamDefaultReader<Message> reader = open.connection.readable().getReader();
    var pending = reader.read();
    open.peer.close();
    WebSocketError error = open.error();
    assertThat(client.loop.runUntilFailed(pending)).isSameAs(error);
    assertThat(client.loop.runUntilFailed(reader.closed())).isSameAs(error);
    assertThat(client.error(open.connection.closed())).isSameAs(error);
    open.assertOver();
  }

  @Test
  @Rule("S10")
  void closesWithTheCodeAndReasonOfAWebSocketErrorGivenToCancel() {
    Client.Open open = client.open();
    var cancelled =
        open.connection.readable().cancel(new WebSocketError("enough", 4000, "had enough"));
    open.peer.expectClose(4000, "had enough").sendClose(4000, "").shutdownOutput();
    client.loop.runUntil(cancelled);
    assertThat(open.closed()).isEqualTo(new WebSocketCloseInfo(4000, ""));
    open.assertOver();
  }

  @Test
  @Rule({"S10", "S18"})
  void closesWith1000ForAWebSocketErrorWithAReasonAlone() {
    Client.Open open = client.open();
    open.connection.readable().cancel(new WebSocketError("", null, "why"));
    open.peer.expectClose(1000, "why").sendClose(1000, "").shutdownOutput();
    open.closed();
    open.assertOver();
  }

  @Test
  @Rule("S10")
  void closesWithoutStatusForAnyOtherReasonGivenToCancel() {
    for (Throwable reason : new Throwable[] {null, new IllegalStateException("secret")}) {
      Client.Open open = new Client().open();
      open.connection.readable().cancel(reason);
      open.peer.expectClose().expectNothingMore();
      open.peer.sendClose().shutdownOutput();
    }
  }

  @Test
  @Rule({"S10", "H6"})
  void dropsWhatWaitsWhenTheReaderCancels() {
    Client.Open open = client.open();
    for (int i = 0; i < 20; i++) {
      open.peer.sendBinary(numbered(i, MESSAGE));
    }
    client.loop.runPending();
    open.connection.readable().cancel();
    open.peer.expectClose().sendClose(1000, "").shutdownOutput();
    assertThat(open.closed().closeCode()).isEqualTo(1000);
    open.assertOver();
  }

  @Test
  @Rule("B2")
  void answersPingsWhileMessagesWaitWithinTheReadAheadBound() {
    Client.Open open = client.open();
    for (int i = 0; i < 3; i++) {
      open.peer.sendBinary(numbered(i, MESSAGE)).sendPing(new byte[] {(byte) i});
      open.peer.expectPong(new byte[] {(byte) i});
    }
    for (int i = 0; i < 3; i++) {
      assertThat(numberOf(open.read())).isEqualTo(i);
    }
    open.finish();
  }

  @Test
  @Rule("B4")
  void noticesWithinABoundedTimeThatThePeerHasGoneWhileReadingIsPaused() {
    Client.Open open = client.open();
    for (int i = 0; i < 20; i++) {
      open.peer.sendBinary(numbered(i, MESSAGE));
    }
    client.loop.runPending();
    open.peer.reset();
    client.loop.advance(CLOSE_TIMEOUT);
    assertThat(open.error().closeCode()).isEqualTo(1006);
    client.loop.assertIdle();
  }

  @Test
  @Rule("B4")
  void givesAReaderThatReadsItsTimeAfterThePeerHasEnded() {
    Client.Open open = client.open();
    open.peer.link().toClient().window(20 * MESSAGE);
    for (int i = 0; i < 12; i++) {
      open.peer.sendBinary(numbered(i, MESSAGE));
    }
    open.peer.sendClose(1000, "bye").shutdownOutput();
    client.loop.runPending();
    for (int i = 0; i < 12; i++) {
      client.loop.advance(CLOSE_TIMEOUT.dividedBy(4));
      assertThat(numberOf(open.read())).isEqualTo(i);
    }
    assertThat(open.read()).isNull();
    open.peer.expectClose(1000, "bye");
    assertThat(open.closed()).isEqualTo(new WebSocketCloseInfo(1000, "bye"));
    open.assertOver();
  }

  @Test
  @Rule("S9")
  void deliversWhatWasReceivedBeforeAnUncleanEnd() {
    Client.Open open = client.open();
    open.peer.sendText("last words").shutdownOutput();
    WebSocketError error = open.error();
    assertThat(open.read()).isEqualTo(Message.of("last words"));
    assertThat(open.readFails()).isSameAs(error);
    open.assertOver();
  }

  @Test
  @Rule("S9")
  void throwsTheErrorFromABlockingLoop() {
    Client.Open open = client.open();
    open.peer.sendText("a").sendText("b").shutdownOutput();
    List<Message> read = new ArrayList<>();
    assertThatThrownBy(
            () ->
                client.loop.run(
                    () -> {
                      for (Message message : open.connection.readable()) {
                        read.add(message);
                      }
                    }))
        .isSameAs(open.error());
    assertThat(read).containsExactly(Message.of("a"), Message.of("b"));
    open.assertOver();
  }

  private static byte[] numbered(int number, int length) {
    return ByteBuffer.allocate(length).putInt(number).array();
  }

  private static int numberOf(Message message) {
    return ((Message.Binary) message).asByteBuffer().getInt();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
