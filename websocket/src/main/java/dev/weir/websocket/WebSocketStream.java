package dev.weir.websocket;

import dev.weir.protocol.close.CloseStatus;
import dev.weir.streams.AbortError;
import dev.weir.streams.Promise;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A client's WebSocket with backpressure, as the platform has it: {@code opened}, {@code closed}
 * and {@code close()}. Thread-safe.
 *
 * <pre>{@code
 * try (var stream = new WebSocketStream("wss://example.com/feed")) {
 *   WebSocketConnection connection = stream.awaitOpened();
 *   connection.send("hello");
 *   for (Message message : connection.readable()) {
 *     System.out.println(message);
 *   }
 *   System.out.println(stream.awaitClosed());
 * }
 * }</pre>
 *
 * <p>Reactions to its futures run on the connection's event loop unless they name an executor: they
 * must not block there. Nothing is logged when a future fails and nobody looks at it (S6).
 */
public final class WebSocketStream implements AutoCloseable {
  private final String url;
  private final ClientConnecting<WebSocketConnection> connecting;
  private final CompletableFuture<WebSocketConnection> opened;
  private final CompletableFuture<WebSocketCloseInfo> closing;
  private final CompletableFuture<WebSocketCloseInfo> closed;

  /**
   * Connects with the default client and no options.
   *
   * @throws dev.weir.streams.SyntaxError as the other constructor does
   */
  public WebSocketStream(String url) {
    this(url, WebSocketStreamOptions.DEFAULT);
  }

  /**
   * Connects with the default client.
   *
   * @param url an absolute URL with the scheme ws, wss, http or https and no fragment (S1)
   * @throws dev.weir.streams.SyntaxError if the URL is another, or a subprotocol is no token or
   *     given twice (S2)
   */
  public WebSocketStream(String url, WebSocketStreamOptions options) {
    this(WebSocketClient.shared(), url, options);
  }

  WebSocketStream(WebSocketClient client, String url, WebSocketStreamOptions options) {
    this.connecting =
        new ClientConnecting<>(
            client,
            url,
            options,
            (session, agreement) ->
                new WebSocketConnection(session, agreement.protocol(), agreement.extensionsText()));
    this.url = connecting.url().href();
    this.opened = Promise.following(connecting.opened());
    this.closing = Promise.following(connecting.closing());
    this.closed = Promise.following(connecting.closed());
    connecting.begin();
  }

  /** The serialized URL (S4). */
  public String url() {
    return url;
  }

  /**
   * Completes with the open connection, or fails: with a {@link WebSocketError} if it could not be
   * opened, with the signal's reason if that aborted (S3, S5). The same future at each call.
   */
  public CompletableFuture<WebSocketConnection> opened() {
    return opened;
  }

  /**
   * Completes with the peer's code and reason when the connection is closed cleanly, or fails: with
   * a {@link WebSocketError} if the close is not clean or the connection never opened (S19). The
   * same future at each call.
   */
  public CompletableFuture<WebSocketCloseInfo> closed() {
    return closed;
  }

  /**
   * Completes as soon as the peer's Close frame has been seen, though messages before it may still
   * wait to be read (B2); fails as {@link #closed} does. Java only.
   */
  public CompletableFuture<WebSocketCloseInfo> closing() {
    return closing;
  }

  /**
   * Waits until the connection is open, at most for the client's own timeouts.
   *
   * @throws WebSocketError if it can not be opened
   * @throws InterruptedException if the thread is interrupted; the stream goes on
   * @throws IllegalStateException on an event loop
   */
  public WebSocketConnection awaitOpened() throws InterruptedException {
    return Blocking.await(connecting.opened(), connecting.eventLoop());
  }

  /**
   * Waits until the connection is closed.
   *
   * @throws WebSocketError if the close is not clean, or the connection never opened
   * @throws InterruptedException if the thread is interrupted; the stream goes on
   * @throws IllegalStateException on an event loop
   */
  public WebSocketCloseInfo awaitClosed() throws InterruptedException {
    return Blocking.await(connecting.closed(), connecting.eventLoop());
  }

  /**
   * Waits until the connection is closed, at most for this time.
   *
   * @throws TimeoutException if it is not closed by then
   */
  public WebSocketCloseInfo awaitClosed(Duration timeout)
      throws InterruptedException, TimeoutException {
    return Blocking.await(connecting.closed(), connecting.eventLoop(), timeout);
  }

  /** Closes with an empty Close frame, which the peer reports as 1005 (S16). Does not wait. */
  @Override
  public void close() {
    connecting.close(CloseStatus.NONE);
  }

  /** Closes with this code and no reason, as {@link #close(Integer, String)}. */
  public void close(int closeCode) {
    close(closeCode, "");
  }

  /** Closes with code 1000 and this reason (S16), as {@link #close(Integer, String)}. */
  public void close(String reason) {
    close(null, reason);
  }

  /**
   * Starts the closing handshake after all messages that were accepted (H3); during the opening
   * handshake the connection fails instead (S17). Without effect when closing or closed. Does not
   * wait.
   *
   * @param closeCode 1000 or 3000–4999; null for none, or for 1000 if the reason is not empty
   * @param reason at most 123 bytes of UTF-8
   * @throws dev.weir.streams.InvalidAccessError if the code is another; nothing is closed (S15)
   * @throws dev.weir.streams.SyntaxError if the reason is longer; nothing is closed (S15)
   */
  public void close(@Nullable Integer closeCode, String reason) {
    connecting.close(CloseArguments.ofPlatform(closeCode, reason));
  }

  /** Ends the connection at once, without a closing handshake: both ends see 1006. Java only. */
  public void abort() {
    connecting.abort(new AbortError("this side aborted the connection"));
  }
}
