package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.streams.InvalidStateError;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketError;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class KeepAliveTest {
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final Client client = new Client(builder -> builder.keepAlive(INTERVAL, TIMEOUT));

  @Test
  @Rule("H7")
  void isOffOnAClientUnlessSet() {
    Client plain = new Client();
    Client.Open open = plain.open();
    assertThat(plain.loop.pendingTimers()).isZero();
    plain.loop.advance(Duration.ofDays(1));
    open.peer.expectNothingMore();
    open.finish();
  }

  @Test
  @Rule("H7")
  void pingsASilentPeerAndGoesOnWhenItAnswers() {
    Client.Open open = client.open();
    for (int i = 0; i < 3; i++) {
      client.loop.advance(INTERVAL.minusNanos(1));
      open.peer.expectNothingMore();
      client.loop.advance(Duration.ofNanos(1));
      byte[] payload = open.peer.expectPing();
      open.peer.sendPong(payload);
      client.loop.runPending();
      client.loop.advance(TIMEOUT);
      assertThat(open.stream.closed()).isNotDone();
      client.loop.advance(Duration.ofNanos(0));
      // The next interval began with the pong, TIMEOUT ago.
      client.loop.advance(INTERVAL.minus(TIMEOUT).minusNanos(1));
      open.peer.expectNothingMore();
      client.loop.advance(Duration.ofNanos(1));
      open.peer.sendPong(open.peer.expectPing());
      client.loop.runPending();
    }
    open.finish();
  }

  @Test
  @Rule({"H7", "K5", "C4"})
  void is1006WithACauseThatSaysSoWhenThePeerStaysSilent() {
    Client.Open open = client.open();
    client.loop.advance(INTERVAL);
    open.peer.expectPing();
    client.loop.advance(TIMEOUT.minusNanos(1));
    assertThat(open.stream.closed()).isNotDone();
    client.loop.advance(Duration.ofNanos(1));
    WebSocketError error = open.error();
    assertThat(error.closeCode()).isEqualTo(1006);
    assertThat(error.getCause())
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining("5 s")
        .hasMessageContaining("ping");
    open.assertOver();
  }

  @Test
  @Rule("B3")
  void takesBytesOfAnyKindForLife() {
    Client.Open open = client.open();
    client.loop.advance(INTERVAL);
    open.peer.expectPing();
    // A part of a frame's header, and no pong.
    open.peer.send("82");
    client.loop.advance(TIMEOUT);
    assertThat(open.stream.closed()).isNotDone();
    open.peer.send("00");
    client.loop.runPending();
    open.finish();
  }

  @Test
  @Rule("B3")
  void doesNotTakeAPeerForDeadWhileThisSideHoldsItBack() {
    Client.Open open = client.open();
    for (int i = 0; i < 20; i++) {
      open.peer.sendBinary(new byte[64 * 1024]);
    }
    client.loop.runPending();
    assertThat(open.peer.unsentBytes()).as("reading is paused").isPositive();
    client.loop.advance(Duration.ofHours(1));
    expectProbes(open, Duration.ofHours(1));
    assertThat(open.stream.closed()).isNotDone();
    for (int i = 0; i < 20; i++) {
      assertThat(open.read()).isNotNull();
    }
    open.peer.expectNothingMore();
    client.loop.advance(INTERVAL);
    open.peer.sendPong(open.peer.expectPing());
    client.loop.runPending();
    open.finish();
  }

  @Test
  @Rule("H7")
  void takesAPeerThatIsSlowToReadForALivingOne() {
    Client.Open open = client.open();
    open.peer.stopReading();
    CompletableFuture<Void> sent = open.connection.sendAsync(Message.of(new byte[4 << 20]));
    client.loop.runPending();
    client.loop.advance(INTERVAL);
    client.loop.advance(TIMEOUT.dividedBy(2));
    assertThat(sent).isNotDone();
    open.peer.resumeReading();
    client.loop.runPending();
    assertThat(sent).isCompleted();
    client.loop.advance(TIMEOUT.dividedBy(2));
    assertThat(open.stream.closed()).isNotDone();
    open.stream.abort();
    assertThat(open.error().closeCode()).isEqualTo(1006);
  }

  /** A pong for each close timeout of a pause: a write that a peer that is gone makes fail. */
  private static void expectProbes(Client.Open open, Duration paused) {
    for (long left = paused.dividedBy(CLOSE_TIMEOUT); left > 0; left--) {
      open.peer.expectPong(new byte[0]);
    }
    open.peer.expectNothingMore();
  }

  @Test
  @Rule("B4")
  void probesThePeerOnlyWhileThisSideHoldsItBack() {
    Client plain = new Client();
    Client.Open open = plain.open();
    for (int i = 0; i < 20; i++) {
      open.peer.sendBinary(new byte[64 * 1024]);
    }
    plain.loop.runPending();
    plain.loop.advance(CLOSE_TIMEOUT.minusNanos(1));
    open.peer.expectNothingMore();
    plain.loop.advance(Duration.ofNanos(1));
    expectProbes(open, CLOSE_TIMEOUT);
    for (int i = 0; i < 20; i++) {
      assertThat(open.read()).isNotNull();
    }
    plain.loop.advance(Duration.ofDays(1));
    open.finish();
  }

  @Test
  @Rule("B3")
  void doesNotTakeAPeerForDeadWhosePongWaitsBehindWhatThisSideHoldsBack() {
    Client.Open open = client.open();
    client.loop.advance(INTERVAL);
    byte[] ping = open.peer.expectPing();
    for (int i = 0; i < 20; i++) {
      open.peer.sendBinary(new byte[64 * 1024]);
    }
    open.peer.sendPong(ping);
    client.loop.runPending();
    client.loop.advance(Duration.ofHours(1));
    expectProbes(open, Duration.ofHours(1));
    assertThat(open.stream.closed()).isNotDone();
    for (int i = 0; i < 20; i++) {
      assertThat(open.read()).isNotNull();
    }
    client.loop.advance(TIMEOUT);
    assertThat(open.stream.closed()).isNotDone();
    open.finish();
  }

  @Test
  @Rule("H7")
  void tellsHowLongAPongTook() {
    Client.Open open = client.open();
    CompletableFuture<Duration> roundTrip = open.connection.ping();
    byte[] payload = open.peer.expectPing();
    client.loop.advance(Duration.ofMillis(42));
    open.peer.sendPong(payload);
    assertThat(client.loop.runUntil(roundTrip)).isEqualTo(Duration.ofMillis(42));
    open.finish();
  }

  @Test
  @Rule("H7")
  void failsAPingWhoseConnectionEnds() {
    Client.Open open = client.open();
    CompletableFuture<Duration> roundTrip = open.connection.ping();
    open.peer.expectPing();
    open.peer.shutdownOutput();
    assertThat(client.loop.runUntilFailed(roundTrip)).isInstanceOf(InvalidStateError.class);
    open.assertOver();
  }

  @Test
  @Rule("P4")
  void closesAnIdleConnectionWith1001() {
    Client idle = new Client(builder -> builder.idleTimeout(Duration.ofSeconds(60)));
    Client.Open open = idle.open();
    idle.loop.advance(Duration.ofSeconds(59));
    open.peer.sendText("not idle");
    assertThat(open.read()).isNotNull();
    idle.loop.advance(Duration.ofSeconds(59));
    open.peer.expectNothingMore();
    idle.loop.advance(Duration.ofSeconds(1));
    assertThat(open.peer.nextFrame().closeCode()).isEqualTo(1001);
    open.peer.sendClose(1001, "").shutdownOutput();
    assertThat(open.closed().closeCode()).isEqualTo(1001);
    open.assertOver();
  }
}
