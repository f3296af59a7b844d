package dev.weir.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.websocket.spi.EventLoop.Timer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ManualEventLoopTest {
  private static final Duration SHORT = Duration.ofMillis(20);

  private final ManualEventLoop loop = new ManualEventLoop();
  private final List<String> events = new ArrayList<>();

  @Test
  void runsNothingUntilItIsDriven() {
    loop.execute(() -> events.add("task"));
    assertThat(events).isEmpty();
    assertThat(loop.pendingTasks()).isEqualTo(1);

    loop.runPending();

    assertThat(events).containsExactly("task");
    loop.assertIdle();
  }

  @Test
  void runsTasksInOrderWithThoseThatTheyAdd() {
    loop.execute(
        () -> {
          events.add("first");
          loop.execute(() -> events.add("third"));
        });
    loop.execute(() -> events.add("second"));

    loop.runPending();

    assertThat(events).containsExactly("first", "second", "third");
  }

  @Test
  void runsTimersInTheOrderOfTheirTimesAtTheirTimes() {
    loop.schedule(() -> events.add("b at " + loop.elapsed()), Duration.ofSeconds(2).toNanos());
    loop.schedule(() -> events.add("c at " + loop.elapsed()), Duration.ofSeconds(2).toNanos());
    loop.schedule(
        () -> {
          events.add("a at " + loop.elapsed());
          loop.execute(() -> events.add("task at " + loop.elapsed()));
        },
        Duration.ofSeconds(1).toNanos());

    loop.advance(Duration.ofMillis(1_999));
    assertThat(events).containsExactly("a at PT1S", "task at PT1S");

    loop.advance(Duration.ofMillis(1));
    assertThat(events).containsExactly("a at PT1S", "task at PT1S", "b at PT2S", "c at PT2S");
    loop.assertIdle();
  }

  @Test
  void runsATimerThatAnotherSetsWithinTheSameAdvance() {
    loop.schedule(() -> loop.schedule(() -> events.add("second at " + loop.elapsed()), 5), 10);

    loop.advance(Duration.ofNanos(20));

    assertThat(events).containsExactly("second at PT0.000000015S");
    assertThat(loop.elapsed()).isEqualTo(Duration.ofNanos(20));
  }

  @Test
  void forgetsACancelledTimer() {
    Timer timer = loop.schedule(() -> events.add("timer"), 10);
    assertThat(loop.pendingTimers()).isEqualTo(1);

    timer.cancel();

    assertThat(loop.pendingTimers()).isZero();
    loop.advance(Duration.ofNanos(20));
    assertThat(events).isEmpty();
  }

  @Test
  void keepsATimerOfTheLargestDelay() {
    loop.advance(Duration.ofNanos(1));
    loop.schedule(() -> events.add("timer"), Long.MAX_VALUE);

    loop.advance(Duration.ofDays(365));

    assertThat(events).isEmpty();
    assertThat(loop.pendingTimers()).isEqualTo(1);
  }

  @Test
  void tellsTimeByDifferencesAcrossOverflow() {
    long start = loop.nanoTime();
    loop.advance(Duration.ofHours(1));
    assertThat(loop.nanoTime() - start).isEqualTo(Duration.ofHours(1).toNanos());
    assertThat(loop.nanoTime()).as("meant to overflow").isLessThan(start);
  }

  @Test
  void refusesNegativeTimes() {
    assertThatThrownBy(() -> loop.schedule(() -> {}, -1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a delay of 0 ns or more but was -1 ns");
    assertThatThrownBy(() -> loop.advance(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a duration of 0 or more but was PT-1S");
  }

  @Test
  void isTheEventLoopInsideItsTasksOnly() {
    List<Boolean> inside = new ArrayList<>();
    loop.execute(() -> inside.add(loop.inEventLoop()));
    loop.runPending();
    inside.add(loop.inEventLoop());
    assertThat(inside).containsExactly(true, false);
  }

  @Test
  void passesOnWhatATaskThrowsAndKeepsTheRest() {
    loop.execute(
        () -> {
          throw new IllegalStateException("thrown by the task");
        });
    loop.execute(() -> events.add("rest"));

    assertThatThrownBy(loop::runPending).hasMessage("thrown by the task");
    assertThat(events).isEmpty();

    loop.runPending();
    assertThat(events).containsExactly("rest");
  }

  @Test
  void refusesToBeDrivenFromInsideATask() {
    loop.execute(loop::runPending);
    assertThatThrownBy(loop::runPending)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("expected to be outside of the loop's tasks but was inside one");
  }

  @Test
  void runsWhatOtherThreadsHandOverUntilTheFutureIsDone() {
    CompletableFuture<String> future = new CompletableFuture<>();
    Thread.startVirtualThread(() -> loop.execute(() -> future.complete("done")));
    assertThat(loop.runUntil(future)).isEqualTo("done");
  }

  @Test
  void endsWaitingWhenAnotherThreadCompletesTheFuture() {
    CompletableFuture<String> future = new CompletableFuture<>();
    Thread.startVirtualThread(() -> future.complete("done"));
    assertThat(loop.runUntil(future)).isEqualTo("done");
  }

  @Test
  void throwsTheFuturesOwnException() {
    IOException failure = new IOException("own");
    CompletableFuture<String> failed = CompletableFuture.failedFuture(failure);
    assertThatThrownBy(() -> loop.runUntil(failed)).isSameAs(failure);
    assertThat(loop.runUntilFailed(failed)).isSameAs(failure);
  }

  @Test
  void failsWhenAFutureThatHasToFailSucceeds() {
    assertThatThrownBy(() -> loop.runUntilFailed(CompletableFuture.completedFuture("value")))
        .isInstanceOf(AssertionError.class)
        .hasMessage("expected the future to fail but its value is value");
  }

  @Test
  void failsWhenPatienceIsAtItsEndAndSaysWhatIsPending() {
    ManualEventLoop hasty = new ManualEventLoop(SHORT);
    hasty.schedule(() -> {}, Duration.ofSeconds(3).toNanos());
    assertThatThrownBy(() -> hasty.runUntil(new CompletableFuture<>()))
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "expected the future to be done but it was not within 20 ms of real time;"
                + " pending: 0 tasks, 1 timers of which the next is due in PT3S");
    assertThatThrownBy(() -> hasty.runUntil(() -> false)).isInstanceOf(AssertionError.class);
  }

  @Test
  void drivesBlockingCodeOnAVirtualThread() {
    String result =
        loop.call(
            () -> {
              assertThat(Thread.currentThread().isVirtual()).isTrue();
              CompletableFuture<String> answer = new CompletableFuture<>();
              loop.execute(() -> answer.complete("from the loop"));
              return answer.get();
            });
    assertThat(result).isEqualTo("from the loop");
    assertThatThrownBy(
            () ->
                loop.run(
                    () -> {
                      throw new IOException("own");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage("own");
  }

  @Test
  void interruptsBlockingCodeThatDoesNotEnd() throws Exception {
    ManualEventLoop hasty = new ManualEventLoop(SHORT);
    CountDownLatch interrupted = new CountDownLatch(1);
    assertThatThrownBy(
            () ->
                hasty.run(
                    () -> {
                      try {
                        new CompletableFuture<>().get();
                      } catch (InterruptedException e) {
                        interrupted.countDown();
                      }
                    }))
        .isInstanceOf(AssertionError.class);
    assertThat(interrupted.await(10, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void findsALeftOverTimer() {
    loop.schedule(() -> {}, Duration.ofSeconds(3).toNanos());
    assertThatThrownBy(loop::assertIdle)
        .isInstanceOf(AssertionError.class)
        .hasMessage(
            "expected nothing left over but was 0 tasks, 1 timers of which the next is due in PT3S");
  }
}
