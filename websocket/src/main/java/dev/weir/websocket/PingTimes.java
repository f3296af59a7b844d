package dev.weir.websocket;

import dev.weir.websocket.spi.EventLoop;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Matches pongs with the pings that asked for them. Not thread-safe: the event loop's.
 *
 * <p>Each ping carries its number. A pong answers its ping and those before it, since a peer may
 * answer only the newest (RFC 6455 §5.5.3).
 */
final class PingTimes {
  private record Sent(long number, long sentAt, CompletableFuture<Duration> roundTrip) {}

  private final EventLoop loop;
  private final ArrayDeque<Sent> waiting = new ArrayDeque<>(0);
  private long lastNumber;

  PingTimes(EventLoop loop) {
    this.loop = loop;
  }

  /** The payload of a new ping, whose time is of interest to the future if there is one. */
  byte[] begin(@Nullable CompletableFuture<Duration> roundTrip) {
    lastNumber++;
    if (roundTrip != null) {
      waiting.add(new Sent(lastNumber, loop.nanoTime(), roundTrip));
    }
    return ByteBuffer.allocate(Long.BYTES).putLong(lastNumber).array();
  }

  void pongReceived(byte[] payload) {
    if (waiting.isEmpty() || payload.length != Long.BYTES) {
      return;
    }
    long number = ByteBuffer.wrap(payload).getLong();
    if (number > lastNumber) {
      return;
    }
    long now = loop.nanoTime();
    for (Sent sent = waiting.peek();
        sent != null && sent.number() <= number;
        sent = waiting.peek()) {
      waiting.remove();
      sent.roundTrip().complete(Duration.ofNanos(now - sent.sentAt()));
    }
  }

  void ended(RuntimeException error) {
    for (Sent sent = waiting.poll(); sent != null; sent = waiting.poll()) {
      sent.roundTrip().completeExceptionally(error);
    }
  }
}
