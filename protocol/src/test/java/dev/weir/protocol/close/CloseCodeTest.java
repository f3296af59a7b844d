package dev.weir.protocol.close;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The table of close codes, over every value that two bytes can hold. */
class CloseCodeTest {
  private static final int[] REGISTERED_AND_PRIVATE = IntStream.range(3000, 5000).toArray();

  @Test
  @Rule("C1")
  void anApplicationMayPass1000AndTheRegisteredAndPrivateRanges() {
    assertExactly(CloseCode::isForApplications, 1000);
  }

  @Test
  @Rule("C1")
  void aServerApplicationMayAlsoPassTheCodesOfItsOwnSituations() {
    assertExactly(
        CloseCode::isForServerApplications,
        1000,
        1001,
        1003,
        1007,
        1008,
        1009,
        1011,
        1012,
        1013,
        1014);
  }

  @Test
  @Rule("C2")
  void aCloseFrameMayCarryTheDefinedCodesAndTheRanges() {
    assertExactly(
        CloseCode::mayTravel,
        1000,
        1001,
        1002,
        1003,
        1007,
        1008,
        1009,
        1010,
        1011,
        1012,
        1013,
        1014);
  }

  @Test
  void threeCodesAreMadeUpLocally() {
    assertThat(matching(CloseCode::isLocal)).containsExactly(1005, 1006, 1015);
  }

  private static void assertExactly(IntPredicate predicate, int... besidesTheRanges) {
    Set<Integer> expected = new TreeSet<>();
    IntStream.concat(IntStream.of(besidesTheRanges), IntStream.of(REGISTERED_AND_PRIVATE))
        .forEach(expected::add);
    assertThat(matching(predicate)).containsExactlyElementsOf(expected);
  }

  private static Set<Integer> matching(IntPredicate predicate) {
    Set<Integer> codes = new TreeSet<>();
    IntStream.rangeClosed(0, 0xffff).filter(predicate).forEach(codes::add);
    return codes;
  }
}
