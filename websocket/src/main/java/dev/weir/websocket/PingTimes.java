package dev.weir.websocket;

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

  /** Null until the time of a ping is of interest. */
  private @Nullable ArrayDeque<Sent> waiting;

  private long lastNumber;

  /** The payload of a new ping whose time is of no interest. */
  byte[] begin() {
    lastNumber++;
    return ByteBuffer.allocate(Long.BYTES).putLong(lastNumber).array();
  }

  /** The payload of a new ping, whose time is of interest. */
  byte[] begin(CompletableFuture<Duration> roundTrip, long now) {
    if (waiting == null) {
      waiting = new ArrayDeque<>();
    }
    byte[] payload = begin();
    waiting.add(new Sent(lastNumber, now, roundTrip));
    return payload;
  }

  void pongReceived(byte[] payload, long now) {
    if (waiting == null || payload.length != Long.BYTES) {
      return;
    }
    long number = ByteBuffer.wrap(payload).getLong();
    if (number > lastNumber) {
      return;
    }
    for (Sent sent = waiting.peek();
        sent != null && sent.number() <= number;
        sent = waiting.peek()) {
      waiting.remove();
      sent.roundTrip().complete(Duration.ofNanos(now - sent.sentAt()));
    }
  }

  void ended(RuntimeException error) {
    if (waiting == null) {
      return;
    }
    for (Sent sent = waiting.poll(); sent != null; sent = waiting.poll()) {
      sent.roundTrip().completeExceptionally(error);
    }
  }
}
