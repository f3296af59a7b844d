package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RequiresTest {
  @Test
  void runsATestWhosePartsAreThere() {
    assertThat(Requires.Condition.evaluate(List.of(), true).isDisabled()).isFalse();
  }

  @Test
  void skipsATestWithTheReasonOutsideCi() {
    var result = Requires.Condition.evaluate(List.of("no node", "no ws"), false);

    assertThat(result.isDisabled()).isTrue();
    assertThat(result.getReason()).contains("missing part: no node; no ws");
  }

  @Test
  void failsATestInCi() {
    assertThatThrownBy(() -> Requires.Condition.evaluate(List.of("no node"), true))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("no node");
  }
}
