package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.streams.ReadResult;
import dev.weir.streams.ReadableStreamDefaultReader;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.function.ThrowingSupplier;

/** What tests wait for on Weir's side, each at most {@value #SECONDS} s. Stateless. */
final class Weir {
  static final int SECONDS = 20;

  private Weir() {}

  static <T> T get(Future<T> future) throws Exception {
    try {
      return future.get(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("expected an end within " + SECONDS + " s but there was none", e);
    }
  }

  /** The exception that the future fails with. */
  static Throwable failure(Future<?> future) throws Exception {
    try {
      throw new AssertionError("expected a failure but was " + get(future));
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  /** The error that the future fails with, with this code and no reason. */
  static WebSocketError unclean(Future<?> closed, int code) throws Exception {
    Throwable failure = failure(closed);
    assertThat(failure).isInstanceOf(WebSocketError.class);
    var error = (WebSocketError) failure;
    assertThat(error.closeCode()).as("code of %s", error).isEqualTo(code);
    return error;
  }

  /** The error of a connection that can not be opened: the same for opened and closed (S5). */
  static WebSocketError refused(WebSocketStream stream) throws Exception {
    Throwable failure = failure(stream.opened());
    assertThat(failure).isInstanceOf(WebSocketError.class);
    assertThat(failure(stream.closed())).isSameAs(failure);
    return (WebSocketError) failure;
  }

  /** The next message. */
  static <T> T next(ReadableStreamDefaultReader<T> reader) throws Exception {
    ReadResult<T> result = get(reader.read());
    assertThat(result.done()).as("done").isFalse();
    return result.orElseThrow();
  }

  /** The next element that a handler has put there. */
  static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    T next = queue.poll(SECONDS, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("expected one within " + SECONDS + " s but there was none");
    }
    return next;
  }

  /** Runs blocking code beside the test. */
  static <T> CompletableFuture<T> start(ThrowingSupplier<T> code) {
    var result = new CompletableFuture<T>();
    Thread.startVirtualThread(
        () -> {
          try {
            result.complete(code.get());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }
}
