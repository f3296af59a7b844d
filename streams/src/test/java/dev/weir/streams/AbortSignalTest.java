package dev.weir.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How signals abort, alone and together. */
@Timeout(30)
class AbortSignalTest {
  private final AbortController controller = new AbortController();
  private final AbortSignal signal = controller.signal();
  private final IOException reason = new IOException("enough");
  private final List<Object> heard = new ArrayList<>();

  @Test
  void isNotAbortedAtFirst() {
    assertThat(signal.aborted()).isFalse();
    assertThat(signal.reason()).isNull();
    signal.throwIfAborted();
    assertThat(controller.signal()).isSameAs(signal);
  }

  @Test
  void keepsTheFirstReasonAndThrowsItAsItIs() {
    controller.abort(reason);
    controller.abort(new IOException("later"));
    assertThat(signal.aborted()).isTrue();
    assertThat(signal.reason()).isSameAs(reason);
    assertThatThrownBy(signal::throwIfAborted).isSameAs(reason);
  }

  @Test
  void withoutAReasonIsAnAbortError() {
    controller.abort();
    assertThat(signal.reason())
        .isInstanceOfSatisfying(
            AbortError.class,
            error -> {
              assertThat(error.name()).isEqualTo("AbortError");
              assertThat(error.code()).isEqualTo(20);
            });
    assertThat(AbortSignal.abort().reason()).isInstanceOf(AbortError.class);
    assertThat(AbortSignal.abort(reason).reason()).isSameAs(reason);
  }

  @Nested
  class Listeners {
    @Test
    void areCalledOnceInOrder() {
      signal.onAbort(why -> heard.add("first " + why.getMessage()));
      signal.onAbort(why -> heard.add("second " + signal.aborted()));
      controller.abort(reason);
      controller.abort(reason);
      assertThat(heard).containsExactly("first enough", "second true");
    }

    @Test
    void canBeTakenAway() {
      var registration = signal.onAbort(heard::add);
      registration.remove();
      registration.close();
      controller.abort(reason);
      assertThat(heard).isEmpty();
      assertThat(signal.listenerCount()).isZero();
    }

    @Test
    void thatComeLateAreCalledAtOnce() {
      controller.abort(reason);
      signal.onAbort(heard::add);
      assertThat(heard).containsExactly(reason);
    }

    @Test
    void thatThrowDoNotStopTheOthers() {
      var thread = Thread.currentThread();
      var handler = thread.getUncaughtExceptionHandler();
      var thrown = new IllegalStateException("in a listener");
      thread.setUncaughtExceptionHandler((in, failure) -> heard.add(failure));
      try {
        signal.onAbort(
            why -> {
              throw thrown;
            });
        signal.onAbort(heard::add);
        controller.abort(reason);
      } finally {
        thread.setUncaughtExceptionHandler(handler);
      }
      assertThat(heard).containsExactly(thrown, reason);
    }

    @Test
    void mayAddAndRemoveListeners() {
      signal.onAbort(why -> signal.onAbort(late -> heard.add("late")));
      controller.abort(reason);
      assertThat(heard).containsExactly("late");
    }
  }

  @Nested
  class Timeouts {
    /** A scheduler whose clock the test moves: it runs everything at once on demand. */
    private static final class ManualScheduler extends ScheduledThreadPoolExecutor {
      final List<Runnable> tasks = new ArrayList<>();
      long nanos;

      ManualScheduler() {
        super(0);
      }

      @Override
      public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        tasks.add(task);
        nanos = unit.toNanos(delay);
        return null;
      }
    }

    @Test
    void abortWithATimeoutErrorWhenTheirTimeHasCome() {
      var scheduler = new ManualScheduler();
      var timeout = AbortSignal.timeout(Duration.ofMillis(250), scheduler);
      assertThat(scheduler.nanos).isEqualTo(250_000_000);
      assertThat(timeout.aborted()).isFalse();
      scheduler.tasks.forEach(Runnable::run);
      assertThat(timeout.reason())
          .isInstanceOfSatisfying(
              TimeoutError.class,
              error -> {
                assertThat(error.name()).isEqualTo("TimeoutError");
                assertThat(error.code()).isEqualTo(23);
                assertThat(error).hasMessage("the operation took longer than 250 ms");
              });
    }

    @Test
    void needNoScheduler() throws Exception {
      var aborted = new CountDownLatch(1);
      AbortSignal.timeout(Duration.ZERO).onAbort(why -> aborted.countDown());
      assertThat(aborted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void mayBeLongerThanTheClockCountsButNotNegative() {
      assertThat(AbortSignal.timeout(Duration.ofDays(365_000)).aborted()).isFalse();
      assertThatThrownBy(() -> AbortSignal.timeout(Duration.ofMillis(-1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  class Any {
    private final AbortController other = new AbortController();

    @Test
    void abortsWithTheFirstOfItsSources() {
      var any = AbortSignal.any(signal, other.signal());
      any.onAbort(heard::add);
      assertThat(any.aborted()).isFalse();
      other.abort(reason);
      controller.abort(new IOException("later"));
      assertThat(any.reason()).isSameAs(reason);
      assertThat(heard).containsExactly(reason);
    }

    @Test
    void knowsWhichSourceWasFirstWithoutListening() {
      var any = AbortSignal.any(signal, other.signal());
      other.abort(reason);
      controller.abort(new IOException("later"));
      assertThat(any.reason()).isSameAs(reason);
    }

    @Test
    void ofSignalsThatAreAbortedAlreadyTakesTheFirstInTheList() {
      other.abort(new IOException("earlier"));
      controller.abort(reason);
      assertThat(AbortSignal.any(signal, other.signal()).reason()).isSameAs(reason);
    }

    @Test
    void ofNothingIsNeverAborted() {
      assertThat(AbortSignal.any().aborted()).isFalse();
    }

    @Test
    void listensToItsSourcesOnlyWhileSomebodyListensToIt() {
      var any = AbortSignal.any(signal, other.signal());
      assertThat(signal.listenerCount()).isZero();
      var one = any.onAbort(heard::add);
      var two = any.onAbort(heard::add);
      assertThat(signal.listenerCount()).isEqualTo(1);
      one.remove();
      assertThat(other.signal().listenerCount()).isEqualTo(1);
      two.remove();
      assertThat(signal.listenerCount()).isZero();
      assertThat(other.signal().listenerCount()).isZero();
    }

    @Test
    void leavesTheOtherSourcesWhenItAborts() {
      var any = AbortSignal.any(signal, other.signal());
      any.onAbort(heard::add);
      controller.abort(reason);
      assertThat(other.signal().listenerCount()).isZero();
    }

    @Test
    void ofDependentSignalsListensToTheirSources() {
      var third = new AbortController();
      var nested = AbortSignal.any(AbortSignal.any(signal, other.signal()), third.signal());
      nested.onAbort(heard::add);
      other.abort(reason);
      assertThat(nested.reason()).isSameAs(reason);
      assertThat(heard).containsExactly(reason);
      assertThat(third.signal().listenerCount()).isZero();
    }

    @Test
    void isAbortedBeforeAnyListenerOfASourceRuns() {
      var any = AbortSignal.any(signal);
      signal.onAbort(why -> heard.add(any.aborted()));
      any.onAbort(why -> heard.add("dependent"));
      controller.abort(reason);
      assertThat(heard).containsExactly(true, "dependent");
    }

    @Test
    void callsALateListenerAtOnce() {
      var any = AbortSignal.any(signal);
      controller.abort(reason);
      any.onAbort(heard::add);
      assertThat(heard).containsExactly(reason);
    }
  }
}
