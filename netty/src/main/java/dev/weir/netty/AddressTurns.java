package dev.weir.netty;

import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets one opening handshake at a time go on to each address and port, in the order of asking (K7,
 * RFC 6455 §4.1). Thread-safe.
 *
 * <p>One that may end at any of several addresses waits for all of them and gives back those that
 * it did not take. It joins all their queues at once, so that two can not wait for each other.
 */
final class AddressTurns {
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by lock. The first turn in a queue holds the address or waits for others.
  private final Map<InetSocketAddress, Deque<Turn>> queues = new HashMap<>();

  /**
   * Asks for a turn at these addresses.
   *
   * @param ready called once it is there, from inside this call or by whoever releases the last of
   *     the addresses
   */
  Turn ask(Collection<InetSocketAddress> addresses, Runnable ready) {
    Turn turn = new Turn(addresses, ready);
    boolean now;
    lock.lock();
    try {
      for (InetSocketAddress address : turn.addresses) {
        Deque<Turn> queue = queues.computeIfAbsent(address, any -> new ArrayDeque<>());
        queue.add(turn);
        if (queue.size() > 1) {
          turn.behind++;
        }
      }
      now = turn.behind == 0;
    } finally {
      lock.unlock();
    }
    if (now) {
      ready.run();
    }
    return turn;
  }

  /** How many addresses are held or waited for. */
  int size() {
    lock.lock();
    try {
      return queues.size();
    } finally {
      lock.unlock();
    }
  }

  /** One opening's place in the queues. Thread-safe. */
  final class Turn {
    private final Runnable ready;
    // Guarded by lock.
    private final Set<InetSocketAddress> addresses;
    private int behind;

    private Turn(Collection<InetSocketAddress> addresses, Runnable ready) {
      this.addresses = new LinkedHashSet<>(addresses);
      this.ready = ready;
    }

    /** Gives back all addresses but this one. */
    void keepOnly(InetSocketAddress address) {
      leave(address);
    }

    /** Gives back all that is held and stops waiting. Without effect when called again. */
    void release() {
      leave(null);
    }

    private void leave(@Nullable InetSocketAddress kept) {
      List<Turn> next = new ArrayList<>();
      lock.lock();
      try {
        for (InetSocketAddress address : List.copyOf(addresses)) {
          if (!address.equals(kept)) {
            addresses.remove(address);
            leaveQueue(address, next);
          }
        }
      } finally {
        lock.unlock();
      }
      next.forEach(turn -> turn.ready.run());
    }

    private void leaveQueue(InetSocketAddress address, List<Turn> next) {
      Deque<Turn> queue = queues.get(address);
      if (queue == null) {
        throw new IllegalStateException("expected a queue for " + address + " but was none");
      }
      boolean first = queue.peek() == this;
      queue.remove(this);
      Turn following = queue.peek();
      if (following == null) {
        queues.remove(address);
      } else if (first && --following.behind == 0) {
        next.add(following);
      }
    }
  }
}
