package dev.weir.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The queues of openings for each address. */
@Rule({"K7", "6455-4.1-3"})
final class AddressTurnsTest {
  private final AddressTurns turns = new AddressTurns();
  private final List<String> ready = new ArrayList<>();

  private AddressTurns.Turn ask(String name, int... lastBytes) {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (int lastByte : lastBytes) {
      addresses.add(address(lastByte));
    }
    return turns.ask(addresses, () -> ready.add(name));
  }

  private static InetSocketAddress address(int lastByte) {
    try {
      byte[] bytes = {(byte) 192, 0, 2, (byte) lastByte};
      return new InetSocketAddress(InetAddress.getByAddress(bytes), 80);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void oneAtATimeInTheOrderOfAsking() {
    AddressTurns.Turn a = ask("a", 1);
    AddressTurns.Turn b = ask("b", 1);
    AddressTurns.Turn c = ask("c", 1);
    assertThat(ready).containsExactly("a");
    a.release();
    assertThat(ready).containsExactly("a", "b");
    a.release();
    assertThat(ready).containsExactly("a", "b");
    b.release();
    c.release();
    assertThat(ready).containsExactly("a", "b", "c");
    assertThat(turns.size()).isZero();
  }

  @Test
  void differentAddressesAtTheSameTime() {
    ask("a", 1).release();
    AddressTurns.Turn b = ask("b", 1);
    AddressTurns.Turn c = ask("c", 2);
    assertThat(ready).containsExactly("a", "b", "c");
    b.release();
    c.release();
  }

  @Test
  void oneThatLeavesTheQueueLetsNobodyPass() {
    AddressTurns.Turn a = ask("a", 1);
    AddressTurns.Turn b = ask("b", 1);
    AddressTurns.Turn c = ask("c", 1);
    b.release();
    assertThat(ready).containsExactly("a");
    a.release();
    assertThat(ready).containsExactly("a", "c");
    c.release();
    assertThat(turns.size()).isZero();
  }

  @Test
  void severalAddressesAreWaitedForTogetherAndGivenBackSingly() {
    AddressTurns.Turn a = ask("a", 1, 2);
    AddressTurns.Turn b = ask("b", 2, 3);
    AddressTurns.Turn c = ask("c", 3);
    assertThat(ready).containsExactly("a");
    a.keepOnly(address(1));
    assertThat(ready).containsExactly("a", "b");
    b.keepOnly(address(2));
    assertThat(ready).containsExactly("a", "b", "c");
    a.release();
    b.release();
    c.release();
    assertThat(turns.size()).isZero();
  }

  @Test
  void whateverTheOrderEveryoneGetsATurnAndNoTwoMeet() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      boolean[] held = new boolean[5];
      List<Integer> order = new ArrayList<>();
      List<AddressTurns.Turn> asked = new ArrayList<>();
      List<int[]> wanted = new ArrayList<>();
      int count = 30;
      for (int i = 0; i < count; i++) {
        int[] addresses = random.ints(0, 5).distinct().limit(1 + random.nextInt(4)).toArray();
        int index = i;
        wanted.add(addresses);
        asked.add(
            turns.ask(
                java.util.Arrays.stream(addresses).mapToObj(AddressTurnsTest::address).toList(),
                () -> {
                  order.add(index);
                  for (int address : wanted.get(index)) {
                    assertThat(held[address]).as("address %d held twice", address).isFalse();
                    held[address] = true;
                  }
                }));
      }
      for (int done = 0; done < count; done++) {
        assertThat(order).as("seed %d", seed).hasSizeGreaterThan(done);
        int next = order.get(done);
        for (int address : wanted.get(next)) {
          held[address] = false;
        }
        asked.get(next).release();
      }
      assertThat(order).as("seed %d", seed).hasSize(count);
      assertThat(turns.size()).isZero();
    }
  }
}
