package dev.weir.websocket;

import dev.weir.protocol.handshake.Agreement;
import dev.weir.streams.AbortError;
import dev.weir.websocket.events.Event;
import dev.weir.websocket.events.EventListener;
import dev.weir.websocket.events.EventTarget;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket as the platform has it, by events: a client's, or a server's that {@link
 * Route#events} hands over. Thread-safe.
 *
 * <pre>{@code
 * new WebSocket(
 *     "wss://example.com/feed",
 *     WebSocketOptions.DEFAULT.withListeners(
 *         socket ->
 *             socket
 *                 .onOpen(event -> socket.send("subscribe"))
 *                 .onMessage(event -> System.out.println(event.data()))
 *                 .onClose(event -> System.out.println(event.code() + " " + event.reason()))));
 * }</pre>
 *
 * <p>Events come in order and one at a time: {@code open}; {@code message} for each message; {@code
 * error} if the connection failed or did not end cleanly; {@code close}, once, as the last. They
 * never come from inside the call that caused them. They come on the connection's event loop, where
 * no listener may block, or on the executor that was given. Of a connection that was not attempted,
 * since its port is blocked, say, they come on the JVM's common pool.
 *
 * <p>{@code onOpen} and its like are the platform's event handlers: there is one of each, a second
 * call replaces it and null takes it away. {@link #addEventListener} adds any number. What one of
 * them throws is reported ({@link #onListenerError}) and does no more.
 *
 * <p>To {@link #send} never waits, so a peer that does not keep up shows in {@link #bufferedAmount}
 * only, up to {@link #maxBufferedAmount(long)}. Who wants backpressure there uses {@link
 * WebSocketStream}. Receiving has it in both: while listeners are slow the peer is slowed.
 *
 * @see <a href="https://websockets.spec.whatwg.org/#the-websocket-interface">WebSockets,
 *     WebSocket</a>
 */
public final class WebSocket extends EventTarget implements Subscriber {
  /** The state of a connection that is being opened. */
  public static final int CONNECTING = 0;

  /** The state in which messages come and go. */
  public static final int OPEN = 1;

  /** The state once something has begun to end the connection. */
  public static final int CLOSING = 2;

  /** The state once the connection is gone, or could not be opened. */
  public static final int CLOSED = 3;

  /** How many bytes may be buffered unless another bound is set: 64 MiB. */
  public static final long MAX_BUFFERED_AMOUNT = 64L * 1024 * 1024;

  private final String url;
  private final String origin;
  private final EventConnection connection;

  private volatile BinaryType binaryType = BinaryType.BYTES;

  /**
   * Connects with the default client and no subprotocols.
   *
   * @throws dev.weir.streams.SyntaxError as the other constructors do
   */
  public WebSocket(String url) {
    this(url, WebSocketOptions.DEFAULT);
  }

  /**
   * Connects with the default client and asks for this subprotocol.
   *
   * @throws dev.weir.streams.SyntaxError as the other constructors do
   */
  public WebSocket(String url, String protocol) {
    this(url, List.of(protocol));
  }

  /**
   * Connects with the default client and asks for these subprotocols.
   *
   * @throws dev.weir.streams.SyntaxError as the other constructors do
   */
  public WebSocket(String url, List<String> protocols) {
    this(url, new WebSocketOptions(protocols, null, null));
  }

  /**
   * Connects with the default client.
   *
   * @param url an absolute URL with the scheme ws, wss, http or https and no fragment (S1)
   * @throws dev.weir.streams.SyntaxError if the URL is another, or a subprotocol is no token or
   *     given twice (S2)
   */
  public WebSocket(String url, WebSocketOptions options) {
    this(WebSocketClient.shared(), url, options);
  }

  WebSocket(WebSocketClient client, String url, WebSocketOptions options) {
    this.connection = new EventConnection(this, options);
    var attempt =
        new ClientConnecting<>(
            client,
            url,
            new WebSocketStreamOptions(options.protocols(), null, null),
            connection::connected);
    this.url = attempt.url().href();
    this.origin = attempt.url().origin();
    if (options.listeners() != null) {
      options.listeners().accept(this);
    }
    connection.connect(attempt);
  }

  /** A server's, which is open already. */
  WebSocket(Session session, Agreement agreement, ServedUrl url) {
    this.url = url.href();
    this.origin = url.origin();
    this.connection = new EventConnection(this, session, agreement);
  }

  // Attributes.

  /** The serialized URL. */
  public String url() {
    return url;
  }

  /** {@link #CONNECTING}, {@link #OPEN}, {@link #CLOSING} or {@link #CLOSED}. */
  public int readyState() {
    return connection.readyState();
  }

  /** The subprotocol that the server selected; empty if none, or if not open yet. */
  public String protocol() {
    Agreement agreement = connection.agreement();
    return agreement == null ? "" : agreement.protocol();
  }

  /** The extensions as negotiated; empty if none, or if not open yet. */
  public String extensions() {
    Agreement agreement = connection.agreement();
    return agreement == null ? "" : agreement.extensionsText();
  }

  /**
   * Bytes of messages that were sent and have not gone to the network: texts count in UTF-8,
   * headers of frames do not count, and messages that were dropped count for ever (W2).
   */
  public long bufferedAmount() {
    return connection.bufferedAmount();
  }

  /** Bounds {@link #bufferedAmount}, in bytes; 64 MiB unless set. Java only. */
  public long maxBufferedAmount() {
    return connection.maxBufferedAmount();
  }

  /**
   * Bounds {@link #bufferedAmount}: a message that is sent while the amount is above this fails the
   * connection, which ends with an error event and code 1006. Java only.
   *
   * @param bytes 0 or more
   */
  public WebSocket maxBufferedAmount(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("expected a bound of 0 bytes or more but was " + bytes);
    }
    connection.maxBufferedAmount(bytes);
    return this;
  }

  /** What {@link MessageEvent#data} makes of binary messages; {@link BinaryType#BYTES} at first. */
  public BinaryType binaryType() {
    return binaryType;
  }

  /** Sets what {@link MessageEvent#data} makes of binary messages that are delivered from now. */
  public WebSocket binaryType(BinaryType type) {
    binaryType = Objects.requireNonNull(type, "type");
    return this;
  }

  // Sending.

  /**
   * Sends a text message, after all that were sent before it. Lone surrogates are sent as U+FFFD.
   * Once the connection is closing the message is dropped, and counted (W2).
   *
   * @throws dev.weir.streams.InvalidStateError if the connection is not open yet
   */
  public void send(String text) {
    send(Message.of(text));
  }

  /** Sends a binary message with a copy of these bytes, as {@link #send(String)}. */
  public void send(byte[] bytes) {
    send(Message.of(bytes));
  }

  /** Sends a binary message with a copy of what remains in the buffer, whose position stays. */
  public void send(ByteBuffer bytes) {
    send(Message.of(bytes));
  }

  /** Sends a binary message with the blob's bytes, as {@link #send(String)}. */
  public void send(Blob blob) {
    send(Message.of(blob.asByteBuffer()));
  }

  /** Sends a message, as {@link #send(String)}. */
  public void send(Message message) {
    send(message, true);
  }

  /**
   * Sends a message, as {@link #send(String)}. Java only.
   *
   * @param compress whether it may be compressed; false for what is compressed already, or mixes a
   *     secret with what an attacker chooses
   */
  public void send(Message message, boolean compress) {
    connection.send(Objects.requireNonNull(message, "message"), compress);
  }

  // Closing.

  /** Closes with an empty Close frame, which the peer reports as 1005 (S16). Does not wait. */
  public void close() {
    connection.close(null, "");
  }

  /** Closes with this code and no reason, as {@link #close(Integer, String)}. */
  public void close(int code) {
    close(code, "");
  }

  /**
   * Starts the closing handshake after all messages that were sent (H3); the connection fails
   * instead if it is still being opened (S17). Without effect when closing or closed. Does not
   * wait: {@code close} follows as an event, and no more messages come before it.
   *
   * @param code 1000 or 3000–4999, and on a server those of C1 too; null for none, or for 1000 if
   *     the reason is not empty
   * @param reason at most 123 bytes of UTF-8
   * @throws dev.weir.streams.InvalidAccessError if the code is another; nothing is closed (S15)
   * @throws dev.weir.streams.SyntaxError if the reason is longer; nothing is closed (S15)
   */
  public void close(@Nullable Integer code, String reason) {
    connection.close(code, reason);
  }

  /** Ends the connection at once, without a closing handshake: 1006 at both ends. Java only. */
  public void abort() {
    connection.abort(new AbortError("this side aborted the connection"));
  }

  // Pausing.

  /**
   * Holds back messages until {@link #resume}: none are delivered once a listener that called this
   * has returned, and when the receive buffer is full the peer is slowed (S8). Error and close
   * events keep their place behind messages that are held back. {@link #close()} drops these. Java
   * only.
   */
  public WebSocket pause() {
    connection.delivery().pause();
    return this;
  }

  /** Delivers messages again. Java only. */
  public WebSocket resume() {
    connection.delivery().resume();
    return this;
  }

  /** Whether messages are held back. Java only. */
  public boolean isPaused() {
    return connection.delivery().isPaused();
  }

  // Event handlers.

  /** The handler of open events, or null. */
  public @Nullable EventListener<? super Event> onOpen() {
    return handler(WebSocketEvents.OPEN);
  }

  /** Sets the handler of open events; null for none. */
  public WebSocket onOpen(@Nullable EventListener<? super Event> listener) {
    handler(WebSocketEvents.OPEN, listener);
    return this;
  }

  /** The handler of message events, or null. */
  public @Nullable EventListener<? super MessageEvent> onMessage() {
    return handler(WebSocketEvents.MESSAGE);
  }

  /** Sets the handler of message events; null for none. */
  public WebSocket onMessage(@Nullable EventListener<? super MessageEvent> listener) {
    handler(WebSocketEvents.MESSAGE, listener);
    return this;
  }

  /** The handler of error events, or null. */
  public @Nullable EventListener<? super ErrorEvent> onError() {
    return handler(WebSocketEvents.ERROR);
  }

  /** Sets the handler of error events; null for none. */
  public WebSocket onError(@Nullable EventListener<? super ErrorEvent> listener) {
    handler(WebSocketEvents.ERROR, listener);
    return this;
  }

  /** The handler of close events, or null. */
  public @Nullable EventListener<? super CloseEvent> onClose() {
    return handler(WebSocketEvents.CLOSE);
  }

  /** Sets the handler of close events; null for none. */
  public WebSocket onClose(@Nullable EventListener<? super CloseEvent> listener) {
    handler(WebSocketEvents.CLOSE, listener);
    return this;
  }

  // For the connection, and topics.

  /** The session behind it, or null if it was never open. */
  @Nullable Session session() {
    return connection.session();
  }

  String origin() {
    return origin;
  }

  void tell(Event event) {
    fire(event);
  }

  void tell(MessageEvent event) {
    fireFrequent(event);
  }

  /** Its URL and state. */
  @Override
  public String toString() {
    return "WebSocket " + url + ", readyState " + readyState();
  }
}
