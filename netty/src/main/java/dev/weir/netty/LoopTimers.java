package dev.weir.netty;

import dev.weir.websocket.spi.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one event loop, of which Netty knows the next alone: each of its own would take
 * three times the memory, and every open connection has one. Not thread-safe: the loop's, but for
 * {@link EventLoop.Timer#cancel}.
 */
final class LoopTimers {
  private static final int FEW = 16;

  private static final FastThreadLocal<@Nullable LoopTimers> OF_THREAD = new FastThreadLocal<>();

  private final io.netty.channel.EventLoop loop;

  // A binary heap by the time at which they are due.
  private @Nullable Entry[] heap = new Entry[FEW];
  private int size;

  /** Netty's timer for the first, or for one that was first; null if there is none. */
  private @Nullable ScheduledFuture<?> wakeUp;

  private long wakeUpAt;

  private LoopTimers(io.netty.channel.EventLoop loop) {
    this.loop = loop;
  }

  /** Those of the calling thread, which is that of this loop. */
  static LoopTimers ofThread(io.netty.channel.EventLoop loop) {
    LoopTimers timers = OF_THREAD.get();
    if (timers == null || timers.loop != loop) {
      timers = new LoopTimers(loop);
      OF_THREAD.set(timers);
    }
    return timers;
  }

  EventLoop.Timer schedule(Runnable task, long delayNanos) {
    var entry = new Entry(this, task, System.nanoTime() + delayNanos);
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    size++;
    moveUp(entry, size - 1);
    arm();
    return entry;
  }

  /** Sees to it that Netty wakes this up when the first is due, if not before. */
  private void arm() {
    if (size == 0) {
      if (wakeUp != null) {
        wakeUp.cancel(false);
        wakeUp = null;
      }
      return;
    }
    long dueAt = at(0).dueAt;
    if (wakeUp != null) {
      if (wakeUpAt - dueAt <= 0) {
        return;
      }
      wakeUp.cancel(false);
    }
    wakeUpAt = dueAt;
    try {
      wakeUp =
          loop.schedule(this::runDue, Math.max(0, dueAt - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException ended) {
      wakeUp = null;
    }
  }

  private void runDue() {
    wakeUp = null;
    try {
      long now = System.nanoTime();
      while (size > 0 && at(0).dueAt - now <= 0) {
        Entry due = at(0);
        remove(due);
        due.run();
      }
    } finally {
      arm();
    }
  }

  private void cancel(Entry entry) {
    if (entry.place >= 0) {
      remove(entry);
      arm();
    }
  }

  // The heap.

  private Entry at(int place) {
    Entry entry = heap[place];
    if (entry == null) {
      throw new IllegalStateException("expected a timer at " + place + " of " + size);
    }
    return entry;
  }

  private void remove(Entry entry) {
    int place = entry.place;
    entry.place = -1;
    size--;
    Entry last = at(size);
    heap[size] = null;
    if (last != entry) {
      moveUp(last, place);
      moveDown(last, last.place);
    }
  }

  private void moveUp(Entry entry, int from) {
    int place = from;
    while (place > 0) {
      int parent = (place - 1) >>> 1;
      Entry above = at(parent);
      if (above.dueAt - entry.dueAt <= 0) {
        break;
      }
      put(above, place);
      place = parent;
    }
    put(entry, place);
  }

  private void moveDown(Entry entry, int from) {
    int place = from;
    while (2 * place + 1 < size) {
      int child = 2 * place + 1;
      if (child + 1 < size && at(child + 1).dueAt - at(child).dueAt < 0) {
        child++;
      }
      Entry below = at(child);
      if (entry.dueAt - below.dueAt <= 0) {
        break;
      }
      put(below, place);
      place = child;
    }
    put(entry, place);
  }

  private void put(Entry entry, int place) {
    heap[place] = entry;
    entry.place = place;
  }

  private static final class Entry implements EventLoop.Timer {
    private final LoopTimers timers;
    private final long dueAt;

    /** Null once it is cancelled. */
    private volatile @Nullable Runnable task;

    /** In the heap, or below 0 once it has left that. */
    private int place;

    private Entry(LoopTimers timers, Runnable task, long dueAt) {
      this.timers = timers;
      this.task = task;
      this.dueAt = dueAt;
    }

    private void run() {
      Runnable wanted = task;
      if (wanted != null) {
        wanted.run();
      }
    }

    @Override
    public void cancel() {
      task = null;
      if (timers.loop.inEventLoop()) {
        timers.cancel(this);
        return;
      }
      try {
        timers.loop.execute(() -> timers.cancel(this));
      } catch (RejectedExecutionException ended) {
        // Nothing runs there any more.
        return;
      }
    }
  }
}
