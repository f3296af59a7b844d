package dev.weir.graaljs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.websocket.spi.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScriptLoopTest {
  private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

  private final ScriptLoop loop = ScriptLoop.start();

  /** Touched by the loop's thread alone until it is asked for. */
  private final List<String> ran = new ArrayList<>();

  @AfterEach
  void close() {
    loop.close();
  }

  /** What has run when this, run by the loop, comes to its turn. */
  private static List<String> get(CompletableFuture<List<String>> copy) throws Exception {
    return copy.get(1, TimeUnit.MINUTES);
  }

  @Test
  void runsTasksInOrderOnOneThread() throws Exception {
    var copy = new CompletableFuture<List<String>>();
    loop.execute(
        () -> {
          ran.add("outer " + loop.inEventLoop());
          loop.execute(() -> ran.add("first"));
          loop.execute(() -> ran.add("second"));
          loop.execute(() -> copy.complete(List.copyOf(ran)));
          ran.add("outer ends");
        });
    assertThat(loop.inEventLoop()).isFalse();
    assertThat(get(copy)).containsExactly("outer true", "outer ends", "first", "second");
  }

  @Test
  void runsTimersInTheOrderOfTheirTimesThoughItComesLate() throws Exception {
    var copy = new CompletableFuture<List<String>>();
    loop.execute(
        () -> {
          loop.schedule(() -> copy.complete(List.copyOf(ran)), 4 * MILLISECOND);
          loop.schedule(() -> ran.add("3 ms"), 3 * MILLISECOND);
          loop.schedule(() -> ran.add("1 ms"), MILLISECOND);
          EventLoop.Timer never = loop.schedule(() -> ran.add("never"), 2 * MILLISECOND);
          long end = loop.nanoTime() + 5 * MILLISECOND;
          while (loop.nanoTime() < end) {
            Thread.onSpinWait();
          }
          never.cancel();
        });
    assertThat(get(copy)).containsExactly("1 ms", "3 ms");
  }

  @Test
  void outlivesATaskThatThrowsOrIsInterrupted() throws Exception {
    loop.execute(
        () ->
            Thread.currentThread().setUncaughtExceptionHandler((t, e) -> ran.add(e.getMessage())));
    loop.execute(
        () -> {
          throw new IllegalStateException("thrown");
        });
    loop.execute(() -> Thread.currentThread().interrupt());
    loop.execute(() -> ran.add("after it"));
    var copy = new CompletableFuture<List<String>>();
    loop.execute(() -> copy.complete(List.copyOf(ran)));
    assertThat(get(copy)).containsExactly("thrown", "after it");
  }

  @Test
  void takesNoTaskOnceItIsClosed() throws Exception {
    EventLoop.Timer waiting = loop.schedule(() -> ran.add("never"), TimeUnit.HOURS.toNanos(1));
    waiting.cancel();
    loop.close();
    assertThatThrownBy(() -> loop.execute(() -> ran.add("never")))
        .isInstanceOf(RejectedExecutionException.class);
    loop.schedule(() -> ran.add("never"), 0).cancel();
    assertThatThrownBy(() -> loop.schedule(() -> {}, -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(ran).isEmpty();
  }
}
