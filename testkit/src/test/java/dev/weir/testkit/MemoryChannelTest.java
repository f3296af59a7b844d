package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The channel of a client against a scripted server, byte by byte. */
class MemoryChannelTest {
  private final Network network = new Network();
  private final ManualEventLoop loop = network.loop;
  private final Recorder client = new Recorder();

  @Test
  void carriesBytesBothWaysAndTellsTheEndOfEachBurst() {
    ScriptedPeer peer = network.peerOf(client);
    peer.send("01 02").send("03");
    network.onLoop(() -> client.write("abc"));

    assertThat(client.bytes.toByteArray()).containsExactly(1, 2, 3);
    assertThat(client.events).containsExactly("readComplete", "flushed");
    peer.expect("61 62 63").expectNothingMore();
  }

  @Test
  void keepsBytesUntilTheyAreFlushed() {
    ScriptedPeer peer = network.peerOf(client);
    network.onLoop(() -> client.commit("a"));
    network.onLoop(() -> client.commit("b"));
    peer.expectNothingMore();
    network.onLoop(() -> assertThat(client.channel().unsentBytes()).isEqualTo(2));

    network.onLoop(() -> client.channel().flush());

    peer.expect("61 62");
    network.onLoop(() -> assertThat(client.channel().unsentBytes()).isZero());
  }

  @Test
  void commitsOnlyTheFirstBytesOfTheRoomWhichDoesNotBeginAtZero() {
    ScriptedPeer peer = network.peerOf(client);
    network.onLoop(
        () -> {
          ByteBuffer room = client.channel().reserve(100);
          assertThat(room.remaining()).isGreaterThanOrEqualTo(100);
          assertThat(room.position()).isPositive();
          assertThat(room.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
          room.put(new byte[] {1, 2, 3, 4});
          client.channel().commit(3);
          client.channel().flush();
        });
    peer.expect("01 02 03").expectNothingMore();
  }

  @Test
  void cutsArrivingBytesAsTold() {
    ScriptedPeer peer = network.peerOf(client);
    peer.link().toClient().chunking(Chunking.pieces(2));
    peer.send("01 02 03 04 05");
    loop.runPending();
    assertThat(client.pieces).containsExactly(2, 2, 1);
    assertThat(client.events).containsExactly("readComplete");
  }

  @Test
  void losesNoByteHoweverTheyAreCut() {
    for (long seed = 0; seed < 20; seed++) {
      Network seeded = new Network();
      Recorder recorder = new Recorder();
      ScriptedPeer peer = seeded.peerOf(recorder);
      peer.link().chunked(seed).toClient().window(50);
      String text = "0123456789".repeat(500);
      peer.send(text.getBytes(StandardCharsets.US_ASCII));
      seeded.loop.runPending();
      assertThat(recorder.text()).as("seed %d", seed).isEqualTo(text);
      seeded.loop.assertIdle();
    }
  }

  @Test
  void slowsTheSenderWhileReadingIsPaused() {
    ScriptedPeer peer = network.peerOf(client);
    peer.link().toClient().window(4);
    network.onLoop(() -> client.channel().setReading(false));

    peer.send("01 02 03 04 05 06 07 08 09 0A");
    loop.runPending();
    assertThat(client.bytes.size()).isZero();
    assertThat(peer.unsentBytes()).isEqualTo(6);

    network.onLoop(() -> client.channel().setReading(true));
    assertThat(client.bytes.toByteArray()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    assertThat(peer.unsentBytes()).isZero();
  }

  @Test
  void stopsBeingWritableAboveTheHighMarkUntilTheLowMark() {
    ScriptedPeer peer = network.peerOf(client);
    peer.stopReading().link().toServer().window(0);
    network.onLoop(() -> client.write("x".repeat(Network.HIGH_MARK)));
    network.onLoop(() -> assertThat(client.channel().isWritable()).isTrue());
    network.onLoop(() -> client.write("x"));
    network.onLoop(() -> assertThat(client.channel().isWritable()).isFalse());

    peer.link().toServer().window(Network.HIGH_MARK - Network.LOW_MARK);
    loop.runPending();
    network.onLoop(() -> assertThat(client.channel().isWritable()).isFalse());
    assertThat(client.events).isEmpty();

    peer.link().toServer().window(Network.HIGH_MARK - Network.LOW_MARK + 1);
    loop.runPending();
    network.onLoop(() -> assertThat(client.channel().isWritable()).isTrue());
    assertThat(client.events).containsExactly("writable");

    peer.resumeReading();
    loop.runPending();
    assertThat(client.events).containsExactly("writable", "flushed");
    peer.awaitBytes(Network.HIGH_MARK + 1);
  }

  @Test
  void endsTheOutputBehindWhatWasCommittedAndGoesOnReading() {
    ScriptedPeer peer = network.peerOf(client);
    network.onLoop(
        () -> {
          client.commit("a");
          client.channel().shutdownOutput();
        });
    peer.expect("61").expectEnd();

    peer.send("01").shutdownOutput();
    loop.runPending();
    assertThat(client.bytes.toByteArray()).containsExactly(1);
    assertThat(client.events).containsExactly("flushed", "readComplete", "inputShut");
  }

  @Test
  void closesInOrderWithWhatTheSystemHasTaken() {
    ScriptedPeer peer = network.peerOf(client);
    network.onLoop(
        () -> {
          client.write("ab");
          client.commit("never sent");
          client.channel().closeTransport();
        });
    peer.expect("61 62").expectEnd();
    assertThat(client.events).containsExactly("flushed", "closed");
  }

  @Test
  void resetsThePeerWhenItClosesWithUnreadInput() {
    ScriptedPeer peer = network.peerOf(client);
    network.onLoop(() -> client.channel().setReading(false));
    peer.send("01");
    network.onLoop(() -> client.channel().closeTransport());
    peer.expectReset();
    assertThat(client.events).containsExactly("closed");
  }

  @Test
  void isResetWhenItWritesToAPeerThatHasClosed() {
    ScriptedPeer peer = network.peerOf(client);
    peer.close();
    loop.runPending();
    assertThat(client.events).containsExactly("inputShut");

    network.onLoop(() -> client.write("a"));

    assertThat(client.events)
        .containsExactly("inputShut", "flushed", "closed by Connection reset by peer");
  }

  @Test
  void losesWhatIsUnderWayWhenThePeerResets() {
    ScriptedPeer peer = network.peerOf(client);
    peer.send("01").reset();
    loop.runPending();
    assertThat(client.bytes.size()).isZero();
    assertThat(client.events).containsExactly("closed by Connection reset by peer");
  }

  @Test
  void noticesTheEndWhileReadingIsPaused() {
    ScriptedPeer peer = network.peerOf(client);
    network.onLoop(() -> client.channel().setReading(false));
    peer.send("01").shutdownOutput();
    loop.runPending();
    assertThat(client.events).containsExactly("inputEnding");

    network.onLoop(() -> client.channel().setReading(true));
    assertThat(client.events).containsExactly("inputEnding", "readComplete", "inputShut");
  }

  @Test
  void noticesAResetWhileReadingIsPausedAndFailsTheNextWrite() {
    ScriptedPeer peer = network.peerOf(client);
    network.onLoop(() -> client.channel().setReading(false));
    peer.reset();
    loop.runPending();
    assertThat(client.events).containsExactly("inputEnding");

    network.onLoop(() -> client.write("a"));
    assertThat(client.events).containsExactly("inputEnding", "closed by Connection reset by peer");
  }

  @Test
  void doesNotNoticeTheEndWhileReadingIsPausedWhereTheTransportCanNot() {
    ScriptedPeer peer = network.peerOf(client);
    peer.link().toClient().endNoticedWhilePaused(false);
    network.onLoop(() -> client.channel().setReading(false));
    peer.shutdownOutput();
    loop.runPending();
    assertThat(client.events).isEmpty();
  }

  @Test
  void holdsEverythingBackWhileStalled() {
    ScriptedPeer peer = network.peerOf(client);
    peer.link().stall();
    peer.send("01").shutdownOutput();
    network.onLoop(() -> client.write("a"));
    assertThat(client.bytes.size()).isZero();
    assertThat(peer.receivedBytes()).isZero();

    peer.link().toClient().resume();
    peer.link().toServer().resume();
    peer.expect("61");
    loop.runPending();
    assertThat(client.events).containsExactly("flushed", "readComplete", "inputShut");
  }

  @Test
  void holdsItsUserToTheEventLoop() {
    network.peerOf(client);
    assertThatThrownBy(() -> client.channel().flush())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("expected a task of the event loop but was called on");
  }

  @Test
  void refusesOutputAfterItsEnd() {
    network.peerOf(client);
    network.onLoop(
        () -> {
          client.channel().shutdownOutput();
          assertThatThrownBy(() -> client.channel().reserve(1))
              .isInstanceOf(IllegalStateException.class)
              .hasMessage("expected no output after shutdownOutput but was 1");
        });
  }
}
