package dev.weir.protocol.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.weir.conformance.Rule;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Rule("P4")
class LimitsTest {
  @Test
  void eachSideHasItsDefaults() {
    assertThat(Limits.client())
        .isEqualTo(new Limits(67_108_864, 67_108_864, 262_144, 64, 65_536, 64));
    assertThat(Limits.server())
        .isEqualTo(new Limits(16_777_216, 16_777_216, 131_072, 64, 65_536, 64));
  }

  @Test
  void eachLimitIsSetAlone() {
    assertThat(
            Limits.client()
                .withMaxFrameBytes(2)
                .withMaxMessageBytes(1)
                .withMaxFragments(3)
                .withFragmentOverhead(4)
                .withFragmentSize(5)
                .withPendingPongs(66))
        .isEqualTo(new Limits(1, 2, 3, 4, 5, 66));
  }

  @Test
  void theFrameLimitFollowsTheMessageLimitUntilItIsSet() {
    assertThat(Limits.client().withMaxMessageBytes(10).maxFrameBytes()).isEqualTo(10);
    assertThat(Limits.client().withMaxFrameBytes(5).withMaxMessageBytes(10).maxFrameBytes())
        .isEqualTo(5);
  }

  static Stream<Arguments> outOfRange() {
    return Stream.of(
        bad(l -> l.withMaxMessageBytes(0), "maxMessageBytes from 1 to 2147483583 but was 0"),
        bad(
            l -> l.withMaxMessageBytes(Integer.MAX_VALUE),
            "maxMessageBytes from 1 to 2147483583 but was 2147483647"),
        bad(l -> l.withMaxFrameBytes(-1), "maxFrameBytes from 1 to 2147483583 but was -1"),
        bad(l -> l.withMaxFragments(0), "maxFragments from 1 to 2147483646 but was 0"),
        bad(l -> l.withFragmentOverhead(-1), "fragmentOverhead from 0 to 65536 but was -1"),
        bad(l -> l.withFragmentSize(0), "fragmentSize from 1 to 16777216 but was 0"),
        bad(l -> l.withPendingPongs(63), "pendingPongs from 64 to 65536 but was 63"));
  }

  private static Arguments bad(Function<Limits, Limits> change, String expectation) {
    return arguments(expectation, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("outOfRange")
  void aLimitOutOfItsRangeIsRefused(String expectation, Function<Limits, Limits> change) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> change.apply(Limits.client()))
        .withMessage("expected " + expectation);
  }
}
