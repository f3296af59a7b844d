package dev.weir.netty;

import dev.weir.websocket.spi.EventLoop;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the first of several addresses that answers (RFC 8305 §4 and §5): a new attempt
 * begins when the last one has failed or has not answered for a while, the others go on. Not
 * thread-safe: for one event loop.
 */
final class HappyEyeballs {
  /** Told the outcome on the event loop: exactly one of its methods, once. */
  interface Outcome {
    void connected(Channel channel, InetSocketAddress address);

    /**
     * No address took the connection.
     *
     * @param causes why, one for each address in their order, at least one
     */
    void failed(List<Throwable> causes);
  }

  private final Bootstrap bootstrap;
  private final EventLoop loop;
  private final Duration attemptDelay;
  private final Outcome outcome;
  private final Deque<InetSocketAddress> waiting;
  private final Set<ChannelFuture> attempts = new LinkedHashSet<>();
  private final List<Throwable> causes = new ArrayList<>();
  private EventLoop.@Nullable Timer nextAttempt;
  private boolean decided;

  /**
   * Attempts that have not begun yet.
   *
   * @param bootstrap connects on the loop given
   * @param addresses in the order of trying, at least one
   * @param attemptDelay after which the next address is tried beside the last
   */
  HappyEyeballs(
      Bootstrap bootstrap,
      EventLoop loop,
      Collection<InetSocketAddress> addresses,
      Duration attemptDelay,
      Outcome outcome) {
    this.bootstrap = bootstrap;
    this.loop = loop;
    this.waiting = new ArrayDeque<>(addresses);
    this.attemptDelay = attemptDelay;
    this.outcome = outcome;
  }

  /**
   * The order of trying: by turns of IPv6 and IPv4, IPv6 first, each in the resolver's order (RFC
   * 8305 §4). A host without IPv6 fails to connect there at once, which costs nothing.
   */
  static List<InetAddress> interleave(List<InetAddress> resolved) {
    Deque<InetAddress> v6 = new ArrayDeque<>();
    Deque<InetAddress> v4 = new ArrayDeque<>();
    for (InetAddress address : new LinkedHashSet<>(resolved)) {
      (address instanceof Inet6Address ? v6 : v4).add(address);
    }
    List<InetAddress> order = new ArrayList<>();
    while (!v6.isEmpty() || !v4.isEmpty()) {
      if (!v6.isEmpty()) {
        order.add(v6.remove());
      }
      if (!v4.isEmpty()) {
        order.add(v4.remove());
      }
    }
    return order;
  }

  void start() {
    tryNext();
  }

  /** Ends all attempts; the outcome is not told. */
  void cancel() {
    decide();
    // Closing ends the attempt, which takes it out of the set.
    List.copyOf(attempts).forEach(attempt -> attempt.channel().close());
  }

  private void tryNext() {
    nextAttempt = null;
    InetSocketAddress address = waiting.remove();
    if (!waiting.isEmpty()) {
      nextAttempt = loop.schedule(this::tryNext, attemptDelay.toNanos());
    }
    ChannelFuture attempt = bootstrap.connect(address);
    attempts.add(attempt);
    attempt.addListener(future -> attemptEnded(attempt, address));
  }

  private void attemptEnded(ChannelFuture attempt, InetSocketAddress address) {
    attempts.remove(attempt);
    if (decided) {
      attempt.channel().close();
    } else if (attempt.isSuccess()) {
      cancel();
      outcome.connected(attempt.channel(), address);
    } else {
      causes.add(attempt.cause());
      attemptFailed();
    }
  }

  private void attemptFailed() {
    if (!waiting.isEmpty()) {
      if (nextAttempt != null) {
        nextAttempt.cancel();
      }
      tryNext();
    } else if (attempts.isEmpty()) {
      decide();
      outcome.failed(List.copyOf(causes));
    }
  }

  private void decide() {
    decided = true;
    if (nextAttempt != null) {
      nextAttempt.cancel();
      nextAttempt = null;
    }
  }
}
