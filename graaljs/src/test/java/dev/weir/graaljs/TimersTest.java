package dev.weir.graaljs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimersTest {
  private final Page page = new Page();

  @Test
  void runInTheOrderOfTheirTimesAndThenOfTheirMaking() {
    page.run(
        """
        setTimeout(() => console.log('10 s'), 10_000);
        setTimeout(() => console.log('5 ms, first'), 5);
        setTimeout(() => console.log('5 ms, second'), 5);
        setTimeout(() => console.log('4 ms'), 4);
        setTimeout(() => console.log('0'));
        setTimeout(() => console.log('negative'), -5);
        console.log('script');
        """);
    page.advance(5);
    assertThat(page.printed())
        .containsExactly("script", "0", "negative", "4 ms", "5 ms, first", "5 ms, second");

    page.advance(9_994);
    assertThat(page.printed()).isEmpty();
    page.advance(1);
    assertThat(page.printed()).containsExactly("10 s");
    page.assertEnds();
  }

  @Test
  void promiseReactionsRunBeforeTheNextTask() {
    page.run(
        """
        setTimeout(() => {
          console.log('first');
          queueMicrotask(() => console.log('microtask'));
          Promise.resolve().then(() => console.log('reaction')).then(() => console.log('its own'));
        });
        setTimeout(() => console.log('second'));
        """);
    page.advance(0);
    assertThat(page.printed())
        .containsExactly("first", "microtask", "reaction", "its own", "second");
    page.assertEnds();
  }

  @Test
  void areGivenArgumentsAndTheGlobalObject() {
    page.run(
        "setTimeout(function (...rest) { console.log(this === globalThis, rest) }, 1, 'a', 2)");
    page.advance(1);
    assertThat(page.printed()).containsExactly("true [ 'a', 2 ]");
    page.assertEnds();
  }

  @Test
  void evaluateAStringInTheGlobalScope() {
    page.run("{ const hidden = 1; setTimeout('console.log(typeof hidden)') }");
    page.advance(0);
    assertThat(page.printed()).containsExactly("undefined");
    page.assertEnds();
  }

  @Test
  void areClearedBeforeAndInsideTheirCallbacks() {
    page.run(
        """
        const never = setTimeout(() => console.log('never'), 1);
        clearTimeout(never);
        clearTimeout(never);
        clearTimeout(12345);
        clearInterval();
        let count = 0;
        const interval = setInterval(() => {
          console.log(++count);
          if (count === 3) clearTimeout(interval);
        }, 10);
        const second = setTimeout(() => console.log('never'), 5);
        setTimeout(() => clearTimeout(second), 5 - 1);
        """);
    page.advance(100);
    assertThat(page.printed()).containsExactly("1", "2", "3");
    page.assertEnds();
  }

  @Test
  void waitAtLeastFourMillisecondsOnceTheyAreNestedDeep() {
    page.run(
        """
        const times = [];
        const again = () => {
          times.push(Math.round(performance.now() - start));
          if (times.length < 8) setTimeout(again);
        };
        const start = performance.now();
        setTimeout(again);
        """);
    page.advance(100);
    page.run("console.log(times.join())");
    assertThat(page.printed()).containsExactly("0,0,0,0,0,4,8,12");
    page.assertEnds();
  }

  @Test
  void anIntervalOfZeroIsHeldBackAsWell() {
    page.run("let n = 0; const i = setInterval(() => { if (++n === 8) clearInterval(i) }); ");
    page.advance(11);
    page.run("console.log(n)");
    page.advance(1);
    page.run("console.log(n)");
    assertThat(page.printed()).containsExactly("7", "8");
    page.assertEnds();
  }

  @Test
  void goOnAfterACallbackThatThrows() {
    page.run(
        """
        const interval = setInterval(() => { clearInterval(interval); throw new Error('one') }, 1);
        setTimeout(() => console.log('later'), 2);
        queueMicrotask(() => { throw new Error('two') });
        """);
    page.advance(2);
    assertThat(page.printed()).containsExactly("later");
    assertThat(page.failures).containsExactly("Error: two", "Error: one");
    page.failures.clear();
    page.assertEnds();
  }

  @Test
  void checkTheirArguments() {
    page.run(
        """
        for (const call of [() => setTimeout(), () => setInterval(), () => queueMicrotask(),
            () => queueMicrotask(1), () => setTimeout({ toString() { throw new RangeError('no') } })]) {
          try {
            call();
          } catch (error) {
            console.log(error.name);
          }
        }
        console.log(setTimeout.length, setInterval.length, clearTimeout.length, queueMicrotask.length);
        console.log(typeof setTimeout(() => {}, 2 ** 32));
        """);
    page.advance(0);
    assertThat(page.printed())
        .containsExactly(
            "TypeError", "TypeError", "TypeError", "TypeError", "RangeError", "1 1 0 1", "number");
    page.assertEnds();
  }

  @Test
  void keepTheContextFromBeingIdleUntilTheyHaveRun() {
    page.run("setTimeout(() => {}, 1000); AbortSignal.timeout(5000)");
    var idle = page.runtime.platform().idle();
    page.advance(999);
    assertThat(idle).isNotDone();
    page.advance(1);
    assertThat(idle).as("a signal's timeout alone keeps nothing running").isDone();
    page.assertEnds();
  }
}
