package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.streams.InvalidStateError;
import dev.weir.streams.WritableStreamDefaultWriter;
import dev.weir.testkit.Frame;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketError;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a client writes, and what happens while the peer does not read. */
class WritingTest {
  private static final int BIG = 8 * 1024 * 1024;

  private final Client client = new Client();

  @Test
  @Rule("S11")
  void sendsTextWithLoneSurrogatesReplacedAndBytes() {
    Client.Open open = client.open();
    WritableStreamDefaultWriter<Message> writer = open.connection.writable().getWriter();
    writer.write(Message.of("a\uD800b\uD83D\uDE00"));
    writer.write(Message.of(new byte[] {1, 2}));
    open.peer.expectText("a\uFFFDb\uD83D\uDE00").expectBinary(new byte[] {1, 2});
    writer.releaseLock();
    open.finish();
  }

  @Test
  @Rule("S11")
  void copiesBytesAtTheTimeOfTheCall() {
    Client.Open open = client.open();
    byte[] bytes = {1, 2, 3};
    open.connection.sendAsync(Message.of(bytes));
    Arrays.fill(bytes, (byte) 9);
    open.peer.expectBinary(new byte[] {1, 2, 3});
    open.finish();
  }

  @Test
  @Rule("S11")
  void copiesBytesOfAWriteThatHasToWait() {
    Client.Open open = client.open();
    open.peer.stopReading().link().toServer().window(0);
    WritableStreamDefaultWriter<Message> writer = open.connection.writable().getWriter();
    var first = writer.write(Message.of(new byte[BIG]));
    byte[] bytes = {1, 2, 3};
    var second = writer.write(Message.of(bytes));
    Arrays.fill(bytes, (byte) 9);
    client.loop.runPending();
    assertThat(first).isNotDone();
    open.peer.resumeReading().link().toServer().window(1 << 20);
    assertThat(open.peer.nextMessage().payload()).hasSize(BIG);
    open.peer.expectBinary(new byte[] {1, 2, 3});
    client.loop.runUntil(second);
    writer.releaseLock();
    open.finish();
  }

  @Test
  @Rule("S11")
  void copiesBytesOfWhatAReactionToAnotherWriteSends() {
    Client.Open open = client.open();
    open.peer.stopReading().link().toServer().window(0);
    byte[] bytes = {1, 2, 3};
    CompletableFuture<Void> sent =
        open.connection
            .sendAsync(Message.of(new byte[BIG]))
            .thenRun(
                () -> {
                  open.connection.sendAsync(Message.of(bytes));
                  Arrays.fill(bytes, (byte) 9);
                });
    client.loop.runPending();
    assertThat(sent).isNotDone();
    open.peer.resumeReading().link().toServer().window(1 << 20);
    assertThat(open.peer.nextMessage().payload()).hasSize(BIG);
    open.peer.expectBinary(new byte[] {1, 2, 3});
    client.loop.runUntil(sent);
    open.finish();
  }

  @Test
  @Rule("H2")
  void isUncleanWhenAnAcceptedMessageMeetsThePeersClose() {
    Client.Open open = client.open();
    open.peer.sendClose(4000, "bye");
    // The Close has arrived, but the loop has not seen it yet.
    CompletableFuture<Void> accepted = open.connection.sendAsync(Message.of("too late"));
    assertThat(accepted).isCompleted();

    open.peer.expectClose(4000, "bye").shutdownOutput();

    WebSocketError error = open.error();
    assertThat(error.closeCode()).isEqualTo(4000);
    assertThat(error).hasMessageContaining("accepted data");
    open.assertOver();
  }

  @Test
  @Rule({"S12", "B1"})
  void keepsAWriteOfEightMebibytesPendingUntilThePeerReads() {
    Client.Open open = client.open();
    open.peer.stopReading();
    WritableStreamDefaultWriter<Message> writer = open.connection.writable().getWriter();
    CompletableFuture<Void> written = writer.write(Message.of(new byte[BIG]));
    client.loop.advance(Duration.ofMinutes(10));
    assertThat(written).isNotDone();
    assertThat(writer.ready()).isNotDone();
    assertThat(writer.desiredSize()).isZero();

    open.peer.resumeReading();
    client.loop.runUntil(written);
    client.loop.runUntil(writer.ready());
    Frame first = open.peer.nextFrame();
    assertThat(first.fin()).isFalse();
    assertThat(first.payload().length).isLessThanOrEqualTo(64 * 1024);
    long total = first.payload().length;
    for (Frame frame = first; !frame.fin(); ) {
      frame = open.peer.nextFrame();
      assertThat(frame.opcode()).isEqualTo(Frame.CONTINUATION);
      total += frame.payload().length;
    }
    assertThat(total).isEqualTo(BIG);
    writer.releaseLock();
    open.finish();
  }

  @Test
  @Rule("S12")
  void boundsWhatSmallWritesMayQueue() {
    Client.Open open = client.open();
    open.peer.stopReading();
    WritableStreamDefaultWriter<Message> writer = open.connection.writable().getWriter();
    int accepted = 0;
    CompletableFuture<Void> write = CompletableFuture.completedFuture(null);
    while (accepted < 10_000) {
      write = writer.write(Message.of(new byte[1_000]));
      client.loop.runPending();
      if (!write.isDone()) {
        break;
      }
      accepted++;
    }
    assertThat(accepted).isBetween(100, 1_000);
    open.peer.resumeReading();
    client.loop.runUntil(write);
    for (int i = 0; i <= accepted; i++) {
      open.peer.expectBinary(new byte[1_000]);
    }
    writer.releaseLock();
    open.finish();
  }

  @Test
  @Rule({"B1", "P2"})
  void sendsPongsBetweenTheFragmentsOfALargeMessage() {
    Client.Open open = client.open();
    open.peer.stopReading();
    open.connection.sendAsync(Message.of(new byte[BIG]));
    client.loop.runPending();
    open.peer.sendPing(new byte[] {7});
    client.loop.runPending();
    open.peer.resumeReading();
    int fragmentsBefore = 0;
    Frame frame = open.peer.nextFrame();
    while (frame.opcode() != Frame.PONG) {
      assertThat(frame.fin()).as("the message ends before the pong").isFalse();
      fragmentsBefore++;
      frame = open.peer.nextFrame();
    }
    assertThat(frame.payload()).containsExactly(7);
    assertThat(fragmentsBefore).as("of 128 fragments").isLessThan(20);
    do {
      frame = open.peer.nextFrame();
    } while (!frame.fin());
    open.finish();
  }

  @Test
  @Rule({"B1", "H2"})
  void answersThePeersCloseAheadOfQueuedDataWhichMakesTheCloseUnclean() {
    Client.Open open = client.open();
    open.peer.stopReading();
    CompletableFuture<Void> first = open.connection.sendAsync(Message.of(new byte[BIG]));
    CompletableFuture<Void> second = open.connection.sendAsync(Message.of("behind it"));
    client.loop.runPending();
    open.peer.sendClose(4000, "no more").resumeReading();
    Frame frame = open.peer.nextFrame();
    while (frame.opcode() != Frame.CLOSE) {
      assertThat(frame.fin()).as("only a part of the message gets out").isFalse();
      frame = open.peer.nextFrame();
    }
    assertThat(frame.closeCode()).isEqualTo(4000);
    open.peer.shutdownOutput();
    WebSocketError error = open.error();
    assertThat(error.closeCode()).isEqualTo(4000);
    assertThat(error.reason()).isEqualTo("no more");
    assertThat(client.loop.runUntilFailed(first)).isInstanceOf(InvalidStateError.class);
    assertThat(client.loop.runUntilFailed(second)).isInstanceOf(InvalidStateError.class);
    open.assertOver();
  }

  @Test
  @Rule({"H2", "S14"})
  void failsPendingWritesWithInvalidStateAndTheWritableWithTheErrorWhenTheConnectionIsLost() {
    Client.Open open = client.open();
    open.peer.stopReading();
    WritableStreamDefaultWriter<Message> writer = open.connection.writable().getWriter();
    CompletableFuture<Void> pending = writer.write(Message.of(new byte[BIG]));
    client.loop.runPending();
    open.peer.reset();
    WebSocketError error = open.error();
    assertThat(error.closeCode()).isEqualTo(1006);
    assertThat(client.loop.runUntilFailed(pending)).isInstanceOf(InvalidStateError.class);
    assertThat(client.loop.runUntilFailed(writer.closed())).isSameAs(error);
    assertThat(client.loop.runUntilFailed(writer.write(Message.of("late")))).isSameAs(error);
    client.loop.assertIdle();
  }

  @Test
  @Rule("S14")
  void errorsTheWritableWithInvalidStateAfterACleanClose() {
    Client.Open open = client.open();
    WritableStreamDefaultWriter<Message> writer = open.connection.writable().getWriter();
    open.peer.sendClose(1000, "").expectClose(1000, "").shutdownOutput();
    open.closed();
    client.loop.runPending();
    assertThat(client.loop.runUntilFailed(writer.closed())).isInstanceOf(InvalidStateError.class);
    assertThat(client.loop.runUntilFailed(writer.write(Message.of("late"))))
        .isInstanceOf(InvalidStateError.class);
    open.assertOver();
  }

  @Test
  @Rule("S13")
  void closesTheConnectionWhenTheWritableIsClosedAndResolvesAtTheEnd() {
    Client.Open open = client.open();
    WritableStreamDefaultWriter<Message> writer = open.connection.writable().getWriter();
    writer.write(Message.of("last"));
    CompletableFuture<Void> closed = writer.close();
    open.peer.expectText("last").expectClose();
    open.peer.sendClose(1000, "");
    client.loop.runPending();
    assertThat(closed).isNotDone();
    open.peer.shutdownOutput();
    client.loop.runUntil(closed);
    assertThat(open.closed()).isEqualTo(new WebSocketCloseInfo(1000, ""));
    open.assertOver();
  }

  @Test
  @Rule("S13")
  void rejectsTheCloseOfTheWritableWhenTheConnectionEndsUnclean() {
    Client.Open open = client.open();
    CompletableFuture<Void> closed = open.connection.writable().close();
    open.peer.expectClose().shutdownOutput();
    WebSocketError error = open.error();
    assertThat(client.loop.runUntilFailed(closed)).isSameAs(error);
    open.assertOver();
  }

  @Test
  @Rule("S13")
  void closesWithTheCodeAndReasonOfAWebSocketErrorGivenToAbort() {
    Client.Open open = client.open();
    open.connection.writable().abort(new WebSocketError("", 4000, "gave up"));
    open.peer.expectClose(4000, "gave up").sendClose(4000, "").shutdownOutput();
    assertThat(open.closed().closeCode()).isEqualTo(4000);
    open.assertOver();
  }

  @Test
  @Rule("S13")
  void closesWithoutStatusForAnyOtherReasonGivenToAbort() {
    Client.Open open = client.open();
    open.connection.writable().abort(new IllegalStateException("secret"));
    open.peer.expectClose().sendClose().shutdownOutput();
    assertThat(open.closed().closeCode()).isEqualTo(1005);
    open.assertOver();
  }

  @Test
  @Rule("S13a")
  void rejectsWritesOnceTheClosingHandshakeHasBegunHere() {
    Client.Open open = client.open();
    WritableStreamDefaultWriter<Message> writer = open.connection.writable().getWriter();
    open.stream.close(1000, "");
    CompletableFuture<Void> late = writer.write(Message.of("late"));
    assertThat(client.loop.runUntilFailed(late)).isInstanceOf(InvalidStateError.class);
    open.peer.expectClose(1000, "").expectNothingMore();
    open.peer.sendClose(1000, "").shutdownOutput();
    open.closed();
    open.assertOver();
  }

  @Test
  @Rule("S13a")
  void rejectsWritesOnceThePeersCloseHasCome() {
    Client.Open open = client.open();
    open.peer.sendClose(1000, "").expectClose(1000, "");
    WritableStreamDefaultWriter<Message> writer = open.connection.writable().getWriter();
    CompletableFuture<Void> late = writer.write(Message.of("late"));
    assertThat(client.loop.runUntilFailed(late)).isInstanceOf(InvalidStateError.class);
    open.peer.expectNothingMore().shutdownOutput();
    open.closed();
    open.assertOver();
  }

  @Test
  @Rule({"S13a", "S14", "H2"})
  void rejectsAtOnceWhatWaitsBehindAStalledWriteWhenTheClosingBegins() {
    Client.Open open = client.open();
    open.peer.stopReading();
    WritableStreamDefaultWriter<Message> writer = open.connection.writable().getWriter();
    CompletableFuture<Void> stalled = writer.write(Message.of(new byte[BIG]));
    CompletableFuture<Void> queued = writer.write(Message.of("queued"));
    client.loop.runPending();
    assertThat(queued).isNotDone();

    open.stream.close(1000, "");
    CompletableFuture<Void> late = writer.write(Message.of("late"));
    client.loop.runPending();
    CompletableFuture<Void> later = writer.write(Message.of("later"));

    for (CompletableFuture<Void> refused : List.of(queued, late, later)) {
      assertThat(refused).isCompletedExceptionally();
      assertThat(refused.exceptionNow()).isInstanceOf(InvalidStateError.class);
    }
    assertThat(stalled).isNotDone();
    assertThat(writer.closed()).isNotDone();

    client.loop.advance(Duration.ofSeconds(10));
    WebSocketError error = open.error();
    assertThat(client.loop.runUntilFailed(stalled)).isInstanceOf(InvalidStateError.class);
    assertThat(client.loop.runUntilFailed(writer.closed())).isSameAs(error);
    client.loop.assertIdle();
  }

  @Test
  @Rule({"S13a", "H3"})
  void letsAStalledWriteGetOutThoughWhatWaitedBehindItIsRejected() {
    Client.Open open = client.open();
    open.peer.stopReading();
    WritableStreamDefaultWriter<Message> writer = open.connection.writable().getWriter();
    CompletableFuture<Void> stalled = writer.write(Message.of(new byte[BIG]));
    CompletableFuture<Void> queued = writer.write(Message.of("queued"));
    client.loop.runPending();
    open.stream.close(1000, "");
    client.loop.runPending();
    open.peer.resumeReading();
    assertThat(open.peer.nextMessage().payload()).hasSize(BIG);
    open.peer.expectClose(1000, "").sendClose(1000, "").shutdownOutput();
    client.loop.runUntil(stalled);
    assertThat(queued.exceptionNow()).isInstanceOf(InvalidStateError.class);
    open.closed();
    open.assertOver();
  }

  @Test
  @Rule("H2")
  void rejectsWhatWaitsBehindAStalledWriteWithInvalidStateWhenTheConnectionIsLost() {
    Client.Open open = client.open();
    open.peer.stopReading();
    WritableStreamDefaultWriter<Message> writer = open.connection.writable().getWriter();
    CompletableFuture<Void> stalled = writer.write(Message.of(new byte[BIG]));
    CompletableFuture<Void> queued = writer.write(Message.of("queued"));
    client.loop.runPending();
    open.peer.reset();
    WebSocketError error = open.error();
    assertThat(client.loop.runUntilFailed(stalled)).isInstanceOf(InvalidStateError.class);
    assertThat(client.loop.runUntilFailed(queued)).isInstanceOf(InvalidStateError.class);
    assertThat(client.loop.runUntilFailed(writer.closed())).isSameAs(error);
    client.loop.assertIdle();
  }

  @Test
  @Rule("H3")
  void sendsALargeMessageWholeBeforeTheCloseThoughItHadToWait() {
    Client.Open open = client.open();
    open.peer.stopReading();
    CompletableFuture<Void> sent = open.connection.sendAsync(Message.of(new byte[BIG]));
    open.stream.close(1000, "");
    client.loop.runPending();
    open.peer.resumeReading();
    assertThat(open.peer.nextMessage().payload()).hasSize(BIG);
    open.peer.expectClose(1000, "").sendClose(1000, "").shutdownOutput();
    client.loop.runUntil(sent);
    assertThat(open.closed().closeCode()).isEqualTo(1000);
    open.assertOver();
  }

  @Test
  @Rule({"H2", "H5"})
  void isUncleanWhenAcceptedDataCouldNotBeSentWithinTheCloseTimeout() {
    Client.Open open = client.open();
    open.peer.stopReading();
    CompletableFuture<Void> sent = open.connection.sendAsync(Message.of(new byte[BIG]));
    open.stream.close(1000, "");
    client.loop.advance(Duration.ofSeconds(10));
    assertThat(open.error().closeCode()).isEqualTo(1006);
    assertThat(client.loop.runUntilFailed(sent)).isInstanceOf(InvalidStateError.class);
    client.loop.assertIdle();
  }

  @Test
  @Rule("K6")
  void masksEachFrameAnew() {
    Client.Open open = client.open();
    Set<String> masks = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      open.send("x");
      byte[] frame = open.peer.awaitBytes(7);
      masks.add(Arrays.toString(Arrays.copyOfRange(frame, 2, 6)));
    }
    assertThat(masks).hasSize(100);
    open.finish();
  }
}
