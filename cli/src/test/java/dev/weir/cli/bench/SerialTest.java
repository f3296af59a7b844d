package dev.weir.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SerialTest {
  @Test
  void whoAsksWhileItRunsMakesItRunOnceMore() {
    int[] runs = {0};
    Serial[] serial = {null};
    serial[0] =
        new Serial(
            () -> {
              runs[0]++;
              if (runs[0] == 1) {
                serial[0].run();
                serial[0].run();
                assertThat(runs[0]).isEqualTo(1);
              }
            });
    serial[0].run();
    assertThat(runs[0]).isEqualTo(2);
  }

  @Test
  void itNeverRunsTwiceAtATimeAndSeesAllThatCameBeforeItWasAsked() throws Exception {
    int threads = 4;
    int each = 20_000;
    var asked = new java.util.concurrent.atomic.AtomicInteger();
    int[] seen = {0};
    boolean[] inside = {false};
    boolean[] twice = {false};
    var serial =
        new Serial(
            () -> {
              twice[0] |= inside[0];
              inside[0] = true;
              seen[0] = asked.get();
              inside[0] = false;
            });
    var barrier = new CyclicBarrier(threads);
    try (var pool = Executors.newFixedThreadPool(threads)) {
      var all = new ArrayList<Future<?>>();
      for (int i = 0; i < threads; i++) {
        all.add(
            pool.submit(
                () -> {
                  barrier.await(30, TimeUnit.SECONDS);
                  for (int n = 0; n < each; n++) {
                    asked.incrementAndGet();
                    serial.run();
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        one.get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(twice[0]).isFalse();
    assertThat(seen[0]).isEqualTo(threads * each);
  }
}
