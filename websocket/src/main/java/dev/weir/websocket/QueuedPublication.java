package dev.weir.websocket;

import dev.weir.protocol.connection.Delivery;
import dev.weir.protocol.connection.SharedMessage;

/** One published message that waits for one member's network. Not thread-safe: the event loop's. */
final class QueuedPublication implements Runnable, Delivery {
  private final Backlog backlog;
  private final Publication publication;
  private boolean given;
  private boolean withdrawn;

  QueuedPublication(Backlog backlog, Publication publication) {
    this.backlog = backlog;
    this.publication = publication;
  }

  SharedMessage message() {
    return publication.message();
  }

  /** What it counts for in the queue, in bytes. */
  long size() {
    return publication.size();
  }

  /**
   * It is not to be sent.
   *
   * @return whether that is all there is to do: the connection has not been given it
   */
  boolean withdraw() {
    withdrawn = true;
    return !given;
  }

  /** Comes to the connection. */
  @Override
  public void run() {
    if (!withdrawn) {
      given = true;
      backlog.outbox().deliver(this);
    }
  }

  @Override
  public void handedOver() {
    backlog.handedOver(this);
  }

  @Override
  public void dropped() {
    backlog.outbox().dropped(this);
    backlog.dropped(this);
  }
}
