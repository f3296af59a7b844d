package dev.weir.netty;

import dev.weir.websocket.spi.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Netty event loop as the SPI sees it. Thread-safe.
 *
 * <p>Once the transport is closed its loops have no thread any more. Tasks that come after that
 * still run, one at a time and in order, on a thread that all such loops share; timers do not.
 */
final class NettyEventLoop implements EventLoop {
  private static final FastThreadLocal<@Nullable NettyEventLoop> OF_THREAD =
      new FastThreadLocal<>();

  private final io.netty.channel.EventLoop loop;

  NettyEventLoop(io.netty.channel.EventLoop loop) {
    this.loop = loop;
  }

  /** The one that all connections of the calling thread share, which is that of this loop. */
  static NettyEventLoop ofThread(io.netty.channel.EventLoop loop) {
    NettyEventLoop shared = OF_THREAD.get();
    if (shared == null || shared.loop != loop) {
      shared = new NettyEventLoop(loop);
      OF_THREAD.set(shared);
    }
    return shared;
  }

  io.netty.channel.EventLoop netty() {
    return loop;
  }

  /** Two are equal if they are the same loop of Netty. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NettyEventLoop that && loop == that.loop;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(loop);
  }

  @Override
  public boolean inEventLoop() {
    return loop.inEventLoop() || (loop.isShuttingDown() && LateTasks.isCurrentThread());
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public void execute(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException ended) {
      LateTasks.execute(task);
    }
  }

  @Override
  public Timer schedule(Runnable task, long delayNanos) {
    if (loop.inEventLoop()) {
      return LoopTimers.ofThread(loop).schedule(task, delayNanos);
    }
    try {
      Future<?> future = loop.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException ended) {
      return () -> {};
    }
  }
}
