package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.testkit.Fault.Kind;
import dev.weir.testkit.Fault.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FaultsTest {
  private final Network network = new Network();
  private final ManualEventLoop loop = network.loop;
  private final Recorder client = new Recorder();

  @Test
  void stallsADirectionAfterSoManyBytes() {
    ScriptedPeer peer = network.peerOf(client);
    new Fault(Kind.STALL, Side.TO_CLIENT, 2).injectInto(peer.link());
    peer.send("01 02 03").shutdownOutput();
    network.onLoop(() -> client.write("a"));
    assertThat(client.bytes.toByteArray()).containsExactly(1, 2);
    assertThat(client.events).containsExactlyInAnyOrder("readComplete", "flushed");
    peer.expect("61");
  }

  @Test
  void endsOneDirectionAfterSoManyBytesAndSwallowsTheRest() {
    ScriptedPeer peer = network.peerOf(client);
    new Fault(Kind.HALF_CLOSE, Side.TO_CLIENT, 2).injectInto(peer.link());
    peer.send("01 02 03");
    loop.runPending();
    peer.send("04");
    loop.runPending();
    assertThat(client.bytes.toByteArray()).containsExactly(1, 2);
    assertThat(client.events).containsExactly("readComplete", "inputShut");
    network.onLoop(() -> client.write("a"));
    peer.expect("61");
  }

  @Test
  void cutsBothDirectionsAfterSoManyBytes() {
    ScriptedPeer peer = network.peerOf(client);
    new Fault(Kind.CUT, Side.TO_CLIENT, 2).injectInto(peer.link());
    peer.send("01 02 03");
    loop.runPending();
    assertThat(client.bytes.toByteArray()).containsExactly(1, 2);
    assertThat(client.events).containsExactly("readComplete", "inputShut");
    peer.expectEnd();

    network.onLoop(() -> client.write("a"));
    assertThat(client.events)
        .containsExactly(
            "readComplete", "inputShut", "flushed", "closed by Connection reset by peer");
  }

  @Test
  void resetsBothEndsAfterSoManyBytes() {
    ScriptedPeer peer = network.peerOf(client);
    new Fault(Kind.RESET, Side.TO_SERVER, 1).injectInto(peer.link());
    network.onLoop(() -> client.write("abc"));
    assertThat(client.events).containsExactly("flushed", "closed by Connection reset by peer");
    peer.expectReset();
  }

  @Test
  void strikesAtOnceWhenTheBytesHavePassedAlready() {
    ScriptedPeer peer = network.peerOf(client);
    peer.send("01 02 03");
    loop.runPending();
    peer.link().toClient().fault(Kind.RESET, 1);
    loop.runPending();
    assertThat(client.events).containsExactly("readComplete", "closed by Connection reset by peer");
  }

  @Test
  void drawsTheSameFaultsForTheSameSeed() {
    List<Fault> first = drawn(11);
    assertThat(first).isEqualTo(drawn(11)).isNotEqualTo(drawn(12));
    assertThat(first).allMatch(fault -> fault.afterBytes() <= 100);
    assertThat(first.stream().map(Fault::kind).collect(Collectors.toSet()))
        .isEqualTo(Set.of(Kind.values()));
    assertThat(first.stream().map(Fault::side).collect(Collectors.toSet()))
        .isEqualTo(Set.of(Side.values()));
  }

  @Test
  void namesItsSeed() {
    Faults faults = Faults.seeded(11);
    faults.next(1);
    assertThat(faults).hasToString("Faults.seeded(11L), 1 drawn");
  }

  private static List<Fault> drawn(long seed) {
    Faults faults = Faults.seeded(seed);
    List<Fault> drawn = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      drawn.add(faults.next(100));
    }
    return drawn;
  }
}
