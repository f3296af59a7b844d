package dev.weir.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProcessUsageTest {
  private final ProcessUsage self =
      ProcessUsage.of(ProcessHandle.current().pid()).orElseThrow(AssertionError::new);

  @Test
  void processorTimeGrowsWithWork() {
    assumeTrue(self.cpuNanos().isPresent(), "this system does not tell processor time");
    long before = self.cpuNanos().getAsLong();
    long worked = 1;
    // Bounded by the work itself: the figure moves in steps of 10 ms.
    for (long i = 0; i < 20_000_000_000L; i++) {
      worked = worked * 31 + i;
      if ((i & 0xfffff) == 0 && self.cpuNanos().getAsLong() > before) {
        break;
      }
    }
    assertThat(self.cpuNanos().getAsLong()).as("after %s", worked).isGreaterThan(before);
  }

  @Test
  void residentMemoryIsToldWhereThereIsProc() {
    assumeTrue(Files.exists(Path.of("/proc/self/status")), "there is no /proc here");
    assertThat(self.residentBytes().getAsLong()).isGreaterThan(10_000_000);
  }

  @Test
  void whatLivesOnTheHeapOfThisProcessIsToldAfterACollection() throws Exception {
    long before = self.liveHeapBytes().getAsLong();
    var held = new byte[64 << 20];
    assertThat(self.liveHeapBytes().getAsLong() - before).isGreaterThan(held.length / 2);
  }

  @Test
  void aProcessThatIsNotThereIsNone() {
    assertThat(ProcessUsage.of(Long.MAX_VALUE >> 1)).isEmpty();
  }
}
