package dev.weir.netty;

import dev.weir.websocket.spi.EventLoopThread;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the threads of event loops, named "weir-client-1" and so on. Thread-safe. */
final class LoopThreads extends DefaultThreadFactory {
  private final String name;
  private final AtomicInteger last = new AtomicInteger();

  LoopThreads(String name, boolean daemon) {
    super(name, daemon);
    this.name = name;
  }

  @Override
  protected Thread newThread(Runnable task, String poolThreadName) {
    return new LoopThread(task, name + "-" + last.incrementAndGet());
  }

  private static final class LoopThread extends FastThreadLocalThread implements EventLoopThread {
    LoopThread(Runnable task, String name) {
      super(task, name);
    }
  }
}
