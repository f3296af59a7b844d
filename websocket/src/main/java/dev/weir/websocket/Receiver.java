package dev.weir.websocket;

import dev.weir.protocol.close.CloseOutcome;
import org.jspecify.annotations.Nullable;

/**
 * Where a session delivers what it receives: streams or events. Not thread-safe: called on the
 * event loop alone, and it must not throw.
 */
interface Receiver {
  /** Takes nothing: what a session has until somebody wants its messages. */
  Receiver NONE =
      new Receiver() {
        @Override
        public boolean receive(Message message) {
          return true;
        }

        @Override
        public long undeliveredBytes() {
          return 0;
        }

        @Override
        public void ended(CloseOutcome outcome, @Nullable WebSocketError error) {}
      };

  /**
   * Takes the next message.
   *
   * @return whether there is room for more; if not, {@link Session#resumeReading} is called once
   *     there is
   */
  boolean receive(Message message);

  /**
   * What one read has brought is received, or something else comes next: a message that was taken
   * is to be seen by whoever waits for it.
   */
  default void burstEnded() {}

  /** What was received and not delivered yet, in bytes: it falls while somebody reads. */
  long undeliveredBytes();

  /** Something has begun to end the connection. Called once at most. */
  default void closingStarted() {}

  /**
   * The connection is gone; what was received before is still to be delivered. Called once, as the
   * last.
   *
   * @param error why the close is not clean, or null if it is
   */
  void ended(CloseOutcome outcome, @Nullable WebSocketError error);
}
