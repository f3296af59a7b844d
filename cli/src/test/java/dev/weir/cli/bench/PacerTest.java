package dev.weir.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PacerTest {
  private static final long START = 5_000_000_000L;

  @Test
  void messagesAreDueEvenlyFromTheStart() {
    var pacer = new Pacer(1000, 4, START);
    assertThat(pacer.due(0)).isEqualTo(START);
    assertThat(pacer.due(1)).isEqualTo(START + 1_000_000);
    assertThat(pacer.due(1000)).isEqualTo(START + 1_000_000_000);
  }

  @Test
  void connectionsTakeTurns() {
    var pacer = new Pacer(1000, 4, START);
    assertThat(pacer.connectionOf(6)).isEqualTo(2);
    assertThat(pacer.due(2, 1)).isEqualTo(pacer.due(6));
    assertThat(pacer.due(3, 0)).isEqualTo(START + 3_000_000);
  }

  @Test
  void aRateThatDividesNoSecondDoesNotDrift() {
    var pacer = new Pacer(3000, 7, START);
    assertThat(pacer.due(3000L * 3600)).isEqualTo(START + 3600_000_000_000L);
  }
}
