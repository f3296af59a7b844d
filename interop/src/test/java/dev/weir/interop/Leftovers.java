package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a class of tests that leaves Weir's threads or buffers behind after its own clean-up, or
 * whose threads were left by an exception. Thread-safe.
 */
final class Leftovers implements AfterAllCallback {
  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
  private static final Queue<Throwable> UNCAUGHT = new ConcurrentLinkedQueue<>();
  private static final long WAIT_SECONDS = 20;

  static {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    ByteBufUtil.setLeakListener((type, records) -> LEAKS.add(type + records));
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, exception) -> {
          if (thread.getName().startsWith("weir-")) {
            UNCAUGHT.add(exception);
          }
        });
  }

  @Override
  public void afterAll(ExtensionContext context) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    for (Thread thread : ownThreads()) {
      thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
    }
    assertThat(ownThreads()).as("threads left over").isEmpty();
    for (int round = 0; round < 2; round++) {
      awaitCollection();
      // A leak is reported when the next buffer is tracked.
      ByteBufAllocator.DEFAULT.directBuffer(1).release();
    }
    List<String> leaks = List.copyOf(LEAKS);
    LEAKS.clear();
    assertThat(leaks).as("buffers leaked").isEmpty();
    List<Throwable> uncaught = List.copyOf(UNCAUGHT);
    UNCAUGHT.clear();
    assertThat(uncaught).as("exceptions that nothing caught").isEmpty();
  }

  private static List<Thread> ownThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("weir-"))
        // A name server's answer can not be hurried; its thread ends by itself.
        .filter(thread -> !thread.getName().startsWith("weir-resolver"))
        .toList();
  }

  private static void awaitCollection() throws InterruptedException {
    var queue = new ReferenceQueue<Object>();
    var sentinel = new PhantomReference<Object>(new Object(), queue);
    System.gc();
    assertThat(queue.remove(TimeUnit.SECONDS.toMillis(WAIT_SECONDS))).isSameAs(sentinel);
  }
}
