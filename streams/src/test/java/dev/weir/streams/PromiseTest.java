package dev.weir.streams;

import static dev.weir.streams.Recorded.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A promise is settled by its resolver alone. */
@Timeout(30)
class PromiseTest {
  private final Promise.Resolver<String> resolver = Promise.withResolver();
  private final Promise<String> promise = resolver.promise();

  @Test
  void ignoresWhatItsReadersWouldDoToIt() {
    assertThat(promise.complete("forged")).isFalse();
    assertThat(promise.completeExceptionally(new IOException())).isFalse();
    assertThat(promise.cancel(true)).isFalse();
    promise.obtrudeValue("forged");
    promise.obtrudeException(new IOException());
    assertThat(promise.completeAsync(() -> "forged", Runnable::run)).isSameAs(promise);
    assertThat(promise.completeAsync(() -> "forged")).isSameAs(promise);
    assertThat(promise).isNotDone();
    resolver.fulfill("real");
    assertThat(promise.join()).isEqualTo("real");
    promise.obtrudeValue("forged");
    assertThat(promise.join()).isEqualTo("real");
  }

  @Test
  void isSettledOnce() {
    var reason = new IOException("first");
    resolver.reject(reason);
    resolver.fulfill("late");
    assertThat(failure(promise)).isSameAs(reason);
  }

  @Test
  void timesOutInACopy() {
    CompletableFuture<String> limited = promise.orTimeout(1, TimeUnit.NANOSECONDS);
    assertThatThrownBy(limited::join).hasCauseInstanceOf(TimeoutException.class);
    assertThat(promise.completeOnTimeout("instead", 1, TimeUnit.NANOSECONDS).join())
        .isEqualTo("instead");
    assertThat(promise).isNotDone();
  }

  @Test
  void givesCopiesThatSettleAsItDoes() {
    CompletableFuture<String> limited = promise.orTimeout(1, TimeUnit.DAYS);
    resolver.fulfill("value");
    assertThat(limited.join()).isEqualTo("value");
  }

  @Test
  void awaitsThrowingTheReasonItself() throws Exception {
    for (Throwable reason :
        new Throwable[] {new IOException("checked"), new AbortError(), new TimeoutError("late")}) {
      Promise.Resolver<String> failing = Promise.withResolver();
      failing.reject(reason);
      assertThatThrownBy(() -> failing.promise().await()).isSameAs(reason);
    }
    resolver.fulfill("value");
    assertThat(promise.await()).isEqualTo("value");
  }
}
