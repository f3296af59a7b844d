package dev.weir.cli.bench;

import dev.weir.websocket.Message;
import org.jspecify.annotations.Nullable;

/**
 * The client that a run drives: opens connections and says what happens on them. Thread-safe.
 * Several clients, or several ways to use one, can stand behind it.
 */
public interface Driver extends AutoCloseable {
  /**
   * Begins to open a connection; does not wait.
   *
   * @param paused whether messages are delivered only as {@link Link#request} asks for them
   */
  void open(Events events, boolean paused);

  /** Ends what is still open, and the client. */
  @Override
  void close();

  /** One open connection. Thread-safe. */
  interface Link {
    /** Sends a message; does not wait. */
    void send(Message message);

    /** Asks for this many more messages, where the connection was opened paused. */
    void request(long count);

    /** Starts the closing handshake with 1000. */
    void close();
  }

  /**
   * What a connection says, one at a time: {@code opened} or {@code failed} first, {@code ended} at
   * last.
   */
  interface Events {
    /** The connection is open. */
    void opened(Link link);

    /** There will be no connection. */
    void failed(Throwable failure);

    /** A message has come. */
    void received(Message message);

    /**
     * The connection is closed.
     *
     * @param failure why, if the end is not clean
     */
    void ended(int code, boolean clean, @Nullable Throwable failure);
  }
}
