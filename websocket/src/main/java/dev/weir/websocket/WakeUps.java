package dev.weir.websocket;

import dev.weir.websocket.spi.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The threads that one turn of an event loop has given something to read, to be woken when it ends.
 * Not thread-safe: the event loop's.
 *
 * <p>To wake a virtual thread from an event loop costs a hand-over to another thread, which takes
 * the processor at once where there is one, runs that reader alone, finds nothing more to do and
 * goes to sleep. So several readers are woken by one virtual thread, which is where they run.
 */
final class WakeUps implements Consumer<Thread> {
  /** More are not kept waiting for the end of the turn: other processors may be idle. */
  private static final int MOST = 16;

  private static final ThreadLocal<@Nullable WakeUps> LAST = new ThreadLocal<>();

  private final EventLoop loop;
  private List<Thread> sleepers = new ArrayList<>(0);

  private WakeUps(EventLoop loop) {
    this.loop = loop;
  }

  /** Those of the loop, which is the calling thread's. */
  static WakeUps of(EventLoop loop) {
    WakeUps last = LAST.get();
    if (last == null || !last.loop.equals(loop)) {
      last = new WakeUps(loop);
      LAST.set(last);
    }
    return last;
  }

  /** Unparks the thread at the end of this turn, or earlier. */
  @Override
  public void accept(Thread sleeper) {
    sleepers.add(sleeper);
    if (sleepers.size() == 1) {
      loop.execute(this::wake);
    } else if (sleepers.size() == MOST) {
      wake();
    }
  }

  private void wake() {
    List<Thread> woken = sleepers;
    if (woken.size() > 1) {
      sleepers = new ArrayList<>(woken.size());
      Thread.ofVirtual().name("weir-wake-up").start(() -> woken.forEach(LockSupport::unpark));
    } else if (!woken.isEmpty()) {
      LockSupport.unpark(woken.get(0));
      woken.clear();
    }
  }
}
