package dev.weir.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.websocket.spi.EventLoop;
import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The timers of one loop: each at its time, and none that was cancelled. */
final class LoopTimersTest {
  private static final int TIMERS = 500;
  private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final DefaultEventLoop netty = new DefaultEventLoop();
  private final EventLoop loop = new NettyEventLoop(netty);

  @AfterEach
  void endLoop() {
    netty.shutdownGracefully(0, Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void runAllButThoseCancelled() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Integer> ran = new ArrayList<>();
    List<Integer> expected = new ArrayList<>();
    var over = new CompletableFuture<Void>();
    onLoop(
        () -> {
          List<EventLoop.Timer> timers = new ArrayList<>();
          for (int i = 0; i < TIMERS; i++) {
            int number = i;
            timers.add(loop.schedule(() -> ran.add(number), random.nextLong(MOST_NANOS)));
          }
          for (int i = 0; i < TIMERS; i++) {
            if (random.nextBoolean()) {
              timers.get(i).cancel();
            } else {
              expected.add(i);
            }
          }
          loop.schedule(() -> over.complete(null), 2 * MOST_NANOS);
        });
    over.get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
    onLoop(() -> assertThat(ran).as("seed " + seed).containsExactlyInAnyOrderElementsOf(expected));
  }

  @Test
  void comeByTheirTimeThoughAnEarlierOneIsCancelled() throws Exception {
    var ran = new CompletableFuture<List<String>>();
    List<String> order = new ArrayList<>();
    onLoop(
        () -> {
          EventLoop.Timer first = loop.schedule(() -> order.add("cancelled"), 1);
          loop.schedule(
              () -> {
                order.add("last");
                ran.complete(order);
              },
              2 * MOST_NANOS);
          loop.schedule(() -> order.add("middle"), MOST_NANOS);
          first.cancel();
        });
    assertThat(ran.get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS))
        .containsExactly("middle", "last");
  }

  @Test
  void goOnAfterOneThatFails() throws Exception {
    var ran = new CompletableFuture<Void>();
    onLoop(
        () -> {
          loop.schedule(
              () -> {
                throw new IllegalStateException("expected by the test");
              },
              0);
          loop.schedule(() -> ran.complete(null), 0);
        });
    ran.get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(ran).isCompleted();
  }

  private void onLoop(Runnable action) throws Exception {
    CompletableFuture.runAsync(action, netty).get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
