package dev.weir.websocket;

import dev.weir.streams.AbortError;
import dev.weir.streams.Promise;
import dev.weir.streams.ReadableStream;
import dev.weir.streams.WritableStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * An open connection: what {@code opened} resolves to, and what a server's handler is given (S5).
 * Thread-safe; messages of one thread keep their order, and each message stays whole.
 *
 * <p>Blocking calls are meant for virtual threads. They throw {@link InterruptedException} when the
 * thread is interrupted, which leaves the connection as it is, and {@link IllegalStateException} on
 * the connection's own event loop.
 */
public sealed class WebSocketConnection implements AutoCloseable, Subscriber
    permits ServerConnection {
  private final Session session;
  private final MessageStreams streams;
  private final String protocol;
  private final String extensions;
  private final CompletableFuture<WebSocketCloseInfo> closing;
  private final CompletableFuture<WebSocketCloseInfo> closed;

  WebSocketConnection(Session session, String protocol, String extensions) {
    this.session = session;
    this.streams = new MessageStreams(session);
    this.protocol = protocol;
    this.extensions = extensions;
    this.closing = Promise.following(session.closing());
    this.closed = Promise.following(session.closed());
    session.deliverTo(streams);
  }

  /** The received messages: at most the receive buffer is read ahead of the reader (S8). */
  public ReadableStream<Message> readable() {
    return streams.readable();
  }

  /** Where messages are sent: a write stays pending while the peer does not keep up (S12). */
  public WritableStream<Message> writable() {
    return streams.writable();
  }

  /** The extensions as negotiated, empty if none. */
  public String extensions() {
    return extensions;
  }

  /** The subprotocol that the server selected, empty if none. */
  public String protocol() {
    return protocol;
  }

  /**
   * Sends a text message and waits while the peer does not keep up (S12). Works beside a locked
   * {@link #writable}.
   *
   * @throws dev.weir.streams.InvalidStateError if the connection is closing or closed, or ends
   *     before the message is sent (S13a, H2)
   */
  public void send(String text) throws InterruptedException {
    send(Message.of(text));
  }

  /** Sends a binary message with a copy of these bytes, as {@link #send(String)}. */
  public void send(byte[] bytes) throws InterruptedException {
    send(Message.of(bytes));
  }

  /** Sends a binary message with a copy of what remains in the buffer, whose position stays. */
  public void send(ByteBuffer bytes) throws InterruptedException {
    send(Message.of(bytes));
  }

  /** Sends a message, as {@link #send(String)}. */
  public void send(Message message) throws InterruptedException {
    send(message, true);
  }

  /**
   * Sends a message, as {@link #send(String)}.
   *
   * @param compress whether it may be compressed; false for what is compressed already, or mixes a
   *     secret with what an attacker chooses
   */
  public void send(Message message, boolean compress) throws InterruptedException {
    CompletableFuture<Void> pending =
        session.send(Objects.requireNonNull(message, "message"), compress);
    if (pending != null) {
      Blocking.await(pending, session.eventLoop());
    }
  }

  /**
   * Sends a message without waiting.
   *
   * @return completes when the connection has room for more, or fails as {@link #send(String)}
   *     does; cancelling it does not take the message back
   */
  public CompletableFuture<Void> sendAsync(Message message) {
    return sendAsync(message, true);
  }

  /**
   * Sends a message without waiting, as {@link #sendAsync(Message)}.
   *
   * @param compress whether it may be compressed, as in {@link #send(Message, boolean)}
   */
  public CompletableFuture<Void> sendAsync(Message message, boolean compress) {
    CompletableFuture<Void> pending =
        session.send(Objects.requireNonNull(message, "message"), compress);
    return pending == null ? CompletableFuture.completedFuture(null) : Promise.following(pending);
  }

  /**
   * Sends a ping.
   *
   * @return the time until its pong; fails with InvalidStateError if the connection ends first
   */
  public CompletableFuture<Duration> ping() {
    return session.ping();
  }

  /** Bytes of messages accepted for sending that the transport has not taken yet. */
  public long bufferedAmount() {
    return session.bufferedBytes();
  }

  /** Starts the closing handshake with a Close frame that has no body (S16). */
  @Override
  public void close() {
    session.close(CloseArguments.ofPlatform(null, ""));
  }

  /** Starts the closing handshake, as {@link #close(int, String)} without a reason. */
  public void close(int closeCode) {
    close(closeCode, "");
  }

  /**
   * Starts the closing handshake after all messages that were accepted (H3). Without effect when
   * the connection is closing or closed.
   *
   * @param closeCode 1000 or 3000–4999
   * @param reason at most 123 bytes of UTF-8
   * @throws dev.weir.streams.InvalidAccessError if the code is another; nothing is closed (S15)
   * @throws dev.weir.streams.SyntaxError if the reason is longer; nothing is closed (S15)
   */
  public void close(int closeCode, String reason) {
    session.close(CloseArguments.ofPlatform(closeCode, reason));
  }

  /**
   * Starts the closing handshake as {@link #close(int, String)} does, but goes on to deliver the
   * messages that the peer sends before its own Close: the way to say that all questions are asked
   * and to read the rest of the answers. Java only; {@code close} drops them (H4).
   *
   * <p>Receive backpressure stays in force, so {@link #readable} must be read for the connection to
   * end. The close timeout begins anew while messages come, and stands still while this side holds
   * the peer back. A later {@code close} ends the wait for further messages.
   *
   * @param closeCode 1000 or 3000–4999
   * @param reason at most 123 bytes of UTF-8
   * @throws dev.weir.streams.InvalidAccessError if the code is another; nothing is closed (S15)
   * @throws dev.weir.streams.SyntaxError if the reason is longer; nothing is closed (S15)
   */
  public void closeOutput(int closeCode, String reason) {
    session.closeOutput(CloseArguments.ofPlatform(closeCode, reason));
  }

  /** Ends the connection at once, without a closing handshake: both ends see 1006. */
  public void abort() {
    session.abort(new AbortError("this side aborted the connection"));
  }

  /**
   * Completes as soon as the peer's Close frame has been seen, though messages before it may still
   * wait to be read (B2); fails as {@link #closed} does.
   */
  public CompletableFuture<WebSocketCloseInfo> closing() {
    return closing;
  }

  /**
   * Completes when the connection is closed: with the peer's code and reason if that was clean,
   * else with a {@link WebSocketError} (S19). The same future at each call.
   */
  public CompletableFuture<WebSocketCloseInfo> closed() {
    return closed;
  }

  /**
   * Waits until the connection is closed.
   *
   * @throws WebSocketError if the close is not clean
   */
  public WebSocketCloseInfo awaitClosed() throws InterruptedException {
    return Blocking.await(session.closed(), session.eventLoop());
  }

  /**
   * Waits until the connection is closed, at most for this time.
   *
   * @throws WebSocketError if the close is not clean
   * @throws TimeoutException if the connection is not closed by then
   */
  public WebSocketCloseInfo awaitClosed(Duration timeout)
      throws InterruptedException, TimeoutException {
    return Blocking.await(session.closed(), session.eventLoop(), timeout);
  }

  /** This end's address. */
  public SocketAddress localAddress() {
    return session.channel().localAddress();
  }

  /** The peer's address. */
  public SocketAddress remoteAddress() {
    return session.channel().remoteAddress();
  }

  /** The TLS session, or null where there is no TLS. */
  public @Nullable SSLSession sslSession() {
    return session.channel().sslSession();
  }

  Session session() {
    return session;
  }
}
