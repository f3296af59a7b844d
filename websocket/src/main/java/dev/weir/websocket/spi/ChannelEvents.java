package dev.weir.websocket.spi;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What a {@link WebSocketChannel} tells its owner, on its event loop. Not thread-safe. */
public interface ChannelEvents {
  /**
   * Bytes of the peer. The receiver consumes them all before it returns and may change them in
   * place.
   */
  void received(ByteBuffer bytes);

  /**
   * Where the next bytes belong, so that a channel that can may receive them there and give this
   * buffer to {@link #received}, from its position to its new limit: large messages need no copy
   * then. Null where they have no such place.
   *
   * @return a heap buffer, valid until the next event
   */
  default @Nullable ByteBuffer payloadPlace() {
    return null;
  }

  /** The end of a burst of {@link #received}: the moment to flush. */
  void readComplete();

  /** Unsent bytes fell to the low mark after they had passed the high one. */
  void writable();

  /**
   * All that was committed has been taken by the operating system or the HTTP stream, though not at
   * once by the last {@link WebSocketChannel#flush}.
   */
  void flushed();

  /**
   * The peer has ended its output or is gone, noticed while reading is paused (B4). Unread bytes
   * may remain; {@link #inputShut} or {@link #closed} follows once they are read. Transports that
   * can not notice it never call it.
   */
  void inputEnding();

  /** The peer ended its output: nothing more will be received. Called once at most. */
  void inputShut();

  /**
   * The channel is gone in both directions. Called once, the last event.
   *
   * @param cause what ended it, or null where this side closed it or the peer ended it in order
   */
  void closed(@Nullable Throwable cause);
}
