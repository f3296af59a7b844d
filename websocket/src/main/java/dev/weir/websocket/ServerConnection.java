package dev.weir.websocket;

/**
 * A connection as a server's handler sees it: with the request that opened it, and with a server's
 * close codes. Thread-safe.
 */
public final class ServerConnection extends WebSocketConnection {
  private final UpgradeRequest request;

  ServerConnection(Session session, UpgradeRequest request, String protocol, String extensions) {
    super(session, protocol, extensions);
    this.request = request;
  }

  /** The request that opened the connection. */
  public UpgradeRequest request() {
    return request;
  }

  /**
   * Starts the closing handshake after all messages that were accepted (H3). Without effect when
   * the connection is closing or closed.
   *
   * @param closeCode 1000, 1001, 1003, 1007–1009, 1011–1014 or 3000–4999 (C1)
   * @param reason at most 123 bytes of UTF-8
   * @throws dev.weir.streams.InvalidAccessError if the code is another; nothing is closed
   * @throws dev.weir.streams.SyntaxError if the reason is longer; nothing is closed
   */
  @Override
  public void close(int closeCode, String reason) {
    session().close(CloseArguments.ofServer(closeCode, reason));
  }

  /**
   * Starts the closing handshake and goes on to deliver, with a server's codes.
   *
   * @param closeCode 1000, 1001, 1003, 1007–1009, 1011–1014 or 3000–4999 (C1)
   * @param reason at most 123 bytes of UTF-8
   * @throws dev.weir.streams.InvalidAccessError if the code is another; nothing is closed
   * @throws dev.weir.streams.SyntaxError if the reason is longer; nothing is closed
   */
  @Override
  public void closeOutput(int closeCode, String reason) {
    session().closeOutput(CloseArguments.ofServer(closeCode, reason));
  }
}
