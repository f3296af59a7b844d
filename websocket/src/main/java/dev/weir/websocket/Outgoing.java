package dev.weir.websocket;

import dev.weir.protocol.connection.Delivery;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A message on its way through the event loop, and the future of its write. Thread-safe as a
 * future.
 */
final class Outgoing extends CompletableFuture<Void> implements Runnable, Delivery {
  /** Charged for each message, so that empty ones fill a buffer too. */
  static final long OVERHEAD = 64;

  private final Outbox outbox;
  private final Message message;
  private final long size;
  private final boolean compress;
  private final long payloadBytes;
  private final AtomicBoolean settled = new AtomicBoolean();

  /**
   * The message as it is, whose bytes whoever takes it copies (S11) or has copied.
   *
   * @param compress whether it may be compressed
   * @param payloadBytes what it counts for in a {@link BufferedAmount}, 0 where there is none
   */
  Outgoing(Outbox outbox, Message message, boolean compress, long payloadBytes) {
    this.compress = compress;
    this.payloadBytes = payloadBytes;
    this.outbox = outbox;
    this.message = message;
    this.size = sizeOf(message);
  }

  /** What a message counts for in a buffer, in bytes. */
  static long sizeOf(Message message) {
    return OVERHEAD
        + (message instanceof Message.Text text
            ? text.text().length()
            : ((Message.Binary) message).bytes().length);
  }

  /** Whether its sender may be told that it is accepted: not if it was dropped before. */
  boolean accept() {
    return settled.compareAndSet(false, true);
  }

  /** Notes that it is dropped. Tells whether its sender was told before that it is accepted. */
  boolean dropAccepted() {
    return !settled.compareAndSet(false, true);
  }

  Message message() {
    return message;
  }

  boolean compress() {
    return compress;
  }

  long payloadBytes() {
    return payloadBytes;
  }

  long size() {
    return size;
  }

  @Override
  public void run() {
    outbox.deliver(this);
  }

  @Override
  public void handedOver() {
    outbox.delivered(this);
  }

  @Override
  public void dropped() {
    outbox.dropped(this);
  }
}
