package dev.weir.websocket;

import dev.weir.protocol.close.CloseCode;
import dev.weir.protocol.close.CloseStatus;
import dev.weir.protocol.connection.Limits;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.protocol.handshake.ClientHandshake;
import dev.weir.protocol.handshake.Headers;
import dev.weir.streams.Promise;
import dev.weir.websocket.opening.TlsOptions;
import dev.weir.websocket.spi.ClientTransport;
import dev.weir.websocket.spi.ClientTransportOptions;
import dev.weir.websocket.spi.TransportProvider;
import java.net.CookieHandler;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections with settings of its own: headers, TLS, limits, timeouts. Thread-safe; one
 * client serves any number of connections, and its threads are daemons.
 */
public final class WebSocketClient implements AutoCloseable {
  private final ClientOptions options;
  private final ClientTransport transport;
  private final OpenSessions sessions;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  /** The client of which this is a scope, or null if this one owns its transport. */
  private final @Nullable WebSocketClient whole;

  private WebSocketClient(ClientOptions options, TransportProvider provider) {
    this.options = options;
    this.transport = provider.clientTransport(options.transport());
    this.sessions = new OpenSessions();
    this.whole = null;
  }

  private WebSocketClient(ClientOptions options, WebSocketClient whole) {
    this.options = options;
    this.transport = whole.transport;
    this.sessions = new OpenSessions(whole.sessions);
    this.whole = whole;
  }

  /** The client behind {@code new WebSocketStream(url)}, with all defaults; it is never closed. */
  static WebSocketClient shared() {
    return Shared.CLIENT;
  }

  private static final class Shared {
    static final WebSocketClient CLIENT = builder().build();
  }

  /** A client with all defaults. */
  public static WebSocketClient create() {
    return builder().build();
  }

  /** Settings for a client, all at their defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Connects, as {@link WebSocketStream#WebSocketStream(String)} does.
   *
   * @throws dev.weir.streams.SyntaxError if the URL is none for a WebSocket (S1)
   */
  public WebSocketStream connect(String url) {
    return connect(url, WebSocketStreamOptions.DEFAULT);
  }

  /**
   * Connects, as {@link WebSocketStream#WebSocketStream(String, WebSocketStreamOptions)} does.
   *
   * @throws dev.weir.streams.SyntaxError if the URL is none for a WebSocket (S1), or a subprotocol
   *     is no token or given twice (S2)
   */
  public WebSocketStream connect(String url, WebSocketStreamOptions streamOptions) {
    return new WebSocketStream(this, url, streamOptions);
  }

  /**
   * Connects, as {@link WebSocket#WebSocket(String)} does.
   *
   * @throws dev.weir.streams.SyntaxError if the URL is none for a WebSocket (S1)
   */
  public WebSocket webSocket(String url) {
    return webSocket(url, WebSocketOptions.DEFAULT);
  }

  /**
   * Connects, as {@link WebSocket#WebSocket(String, WebSocketOptions)} does.
   *
   * @throws dev.weir.streams.SyntaxError if the URL is none for a WebSocket (S1), or a subprotocol
   *     is no token or given twice (S2)
   */
  public WebSocket webSocket(String url, WebSocketOptions socketOptions) {
    return new WebSocket(this, url, socketOptions);
  }

  /**
   * A client with the settings and threads of this one, for connections that are to end together:
   * closing it closes those, and leaves this client open. Closing this client closes them too.
   *
   * @param origin sent as Origin with each opening handshake (K3); null for what this client sends
   */
  public WebSocketClient scope(@Nullable String origin) {
    ClientOptions changed =
        origin == null
            ? options
            : options.withHeaders(options.headers().toBuilder().set("Origin", origin).build());
    return new WebSocketClient(changed, this);
  }

  ClientOptions options() {
    return options;
  }

  ClientTransport transport() {
    return transport;
  }

  /** Remembers a session that has begun, so that it ends with this client. */
  void began(Session session) {
    sessions.add(session);
  }

  /**
   * Closes what is open with 1001, cuts what has not ended within the close timeout, and ends the
   * threads, which those of a {@link #scope} are not. Does not wait.
   */
  @Override
  public void close() {
    sessions
        .close(new CloseStatus(CloseCode.GOING_AWAY, ""))
        .whenComplete((nothing, error) -> closed.complete(null));
    if (whole == null) {
      transport.close();
    }
  }

  /** Completes when this client was closed and all that was open then has ended, however it did. */
  public CompletableFuture<Void> closed() {
    return Promise.following(closed);
  }

  /** Collects a client's settings. Not thread-safe. */
  public static final class Builder {
    private @Nullable String baseUrl;
    private final Headers.Builder headers = Headers.builder();
    private boolean blockedPortsAllowed;
    private Limits limits = Limits.client();
    private CompressionOptions compression = CompressionOptions.client();
    private boolean compressionRequired;
    private Duration closeTimeout = SessionOptions.CLOSE_TIMEOUT;
    private @Nullable KeepAliveOptions keepAlive;
    private @Nullable Duration idleTimeout;
    private int receiveBuffer = SessionOptions.RECEIVE_HIGH_MARK;
    private int sendBuffer = SessionOptions.SEND_HIGH_MARK;
    private TlsOptions tls = TlsOptions.defaults();
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration tlsTimeout = Duration.ofSeconds(10);
    private Duration handshakeTimeout = Duration.ofSeconds(10);
    private int maxResponseHeaderBytes = 16 * 1024;
    private int maxRefusalBodyBytes = 16 * 1024;
    private boolean oneOpeningPerAddress = true;
    private int maxRedirects;
    private @Nullable Cookies cookies;
    private MessageKinds kinds = MessageKinds.ANY;
    private @Nullable WireObserver observer;
    private @Nullable TransportProvider provider;

    private Builder() {}

    /** Resolves relative URLs against this one (S1). */
    public Builder baseUrl(String url) {
      this.baseUrl = Objects.requireNonNull(url, "url");
      return this;
    }

    /**
     * Sends this header field with each opening handshake; Authorization and Cookie not to another
     * origin, if a redirect leads to one. An Authorization header of the client's own goes before
     * the userinfo of a URL (K3).
     *
     * @throws IllegalArgumentException if the name is no token, is reserved for the handshake, or
     *     the value holds a control character
     */
    public Builder header(String name, String value) {
      ClientHandshake.checkUserHeaders(Headers.of(name, value));
      headers.add(name, value);
      return this;
    }

    /** Sends this Origin (K3). */
    public Builder origin(String origin) {
      headers.set("Origin", origin);
      return this;
    }

    /**
     * Sends the cookies that this handler has, and hands it those that answers set, refusals and
     * followed redirects among them (K2, RFC 6265); none unless set.
     *
     * <p>It is asked with the http URL that stands for the ws one, or https for wss, so that it
     * gives Secure cookies to wss alone; at each redirect anew, with the URL that it leads to. Its
     * cookies follow those of a {@code Cookie} header of the client's own, in one field. Those that
     * a 101 sets are kept before {@code opened} completes.
     *
     * <p>It is called on virtual threads, so it may block, for the {@linkplain #handshakeTimeout
     * handshake timeout} at most. If it throws or takes longer the opening fails.
     */
    public Builder cookieHandler(CookieHandler handler) {
      this.cookies = new Cookies(Objects.requireNonNull(handler, "handler"));
      return this;
    }

    /** What {@code wss} connections trust and show. */
    public Builder tls(TlsOptions options) {
      this.tls = Objects.requireNonNull(options, "options");
      return this;
    }

    /** Bounds on what is received, and the fragment size of what is sent. */
    public Builder limits(Limits bounds) {
      this.limits = Objects.requireNonNull(bounds, "bounds");
      return this;
    }

    /**
     * Offers compression in these terms, and compresses so what is sent (P3); {@link
     * CompressionOptions#client} unless set, which offers what browsers do. {@link
     * CompressionOptions#off} switches it off.
     */
    public Builder compression(CompressionOptions wanted) {
      this.compression = Objects.requireNonNull(wanted, "wanted");
      return this;
    }

    /**
     * Leaves a server that does not accept compression: the Close frame says 1010, and the
     * connection counts as one that could not be opened (C4). Not unless set.
     */
    public Builder requireCompression() {
      this.compressionRequired = true;
      return this;
    }

    /** Takes messages of these kinds only; another fails the connection with 1003. */
    public Builder messages(MessageKinds accepted) {
      this.kinds = Objects.requireNonNull(accepted, "accepted");
      return this;
    }

    /** Bounds name resolution and TCP together; 10 s unless set (K5). */
    public Builder connectTimeout(Duration timeout) {
      this.connectTimeout = Checks.positive(timeout, "connect timeout");
      return this;
    }

    /** Bounds the TLS handshake; 10 s unless set (K5). */
    public Builder tlsTimeout(Duration timeout) {
      this.tlsTimeout = Checks.positive(timeout, "TLS timeout");
      return this;
    }

    /** Bounds the opening handshake's request and answer; 10 s unless set (K5). */
    public Builder handshakeTimeout(Duration timeout) {
      this.handshakeTimeout = Checks.positive(timeout, "handshake timeout");
      return this;
    }

    /** Bounds the closing handshake; 10 s unless set (H5). */
    public Builder closeTimeout(Duration timeout) {
      this.closeTimeout = Checks.positive(timeout, "close timeout");
      return this;
    }

    /** Pings a silent peer and gives it up when it stays silent; off unless set (H7). */
    public Builder keepAlive(Duration interval, Duration timeout) {
      this.keepAlive = new KeepAliveOptions(interval, timeout);
      return this;
    }

    /** Closes a connection without messages for this long with 1001; off unless set. */
    public Builder idleTimeout(Duration timeout) {
      this.idleTimeout = Checks.positive(timeout, "idle timeout");
      return this;
    }

    /** Received bytes that may wait for their reader; 256 KiB unless set (S8). */
    public Builder receiveBuffer(int bytes) {
      this.receiveBuffer = Checks.positive(bytes, "receive buffer");
      return this;
    }

    /** Sent bytes that may wait for the network; 256 KiB unless set (S12). */
    public Builder sendBuffer(int bytes) {
      this.sendBuffer = Checks.positive(bytes, "send buffer");
      return this;
    }

    /** Bounds the status line and headers of an answer, in bytes; 16 KiB unless set (K5). */
    public Builder maxResponseHeaderBytes(int bytes) {
      this.maxResponseHeaderBytes = Checks.positive(bytes, "response header limit");
      return this;
    }

    /** How much of a refusal's body is kept, in bytes; 16 KiB unless set (S5). */
    public Builder maxRefusalBodyBytes(int bytes) {
      this.maxRefusalBodyBytes = Checks.positive(bytes, "refusal body limit");
      return this;
    }

    /** Follows up to this many redirects; none unless set (K1). */
    public Builder maxRedirects(int count) {
      this.maxRedirects = Checks.positive(count, "number of redirects");
      return this;
    }

    /** Lets opening handshakes to one address run side by side (K7). */
    public Builder allowParallelOpenings() {
      this.oneOpeningPerAddress = false;
      return this;
    }

    /** Allows the ports that the Fetch standard blocks (K4). */
    public Builder allowBlockedPorts() {
      this.blockedPortsAllowed = true;
      return this;
    }

    /** Shows the opening handshakes and all frames to this observer, for tools; none unless set. */
    public Builder observer(WireObserver wireObserver) {
      this.observer = new GuardedObserver(wireObserver);
      return this;
    }

    /** Uses this transport instead of the one that {@link java.util.ServiceLoader} finds. */
    public Builder transport(TransportProvider transport) {
      this.provider = Objects.requireNonNull(transport, "transport");
      return this;
    }

    /**
     * A client with these settings.
     *
     * @throws IllegalStateException if no transport is given and none is found
     * @throws IllegalArgumentException if a PEM file can not be used
     */
    public WebSocketClient build() {
      return new WebSocketClient(
          new ClientOptions(
              baseUrl,
              headers.build(),
              blockedPortsAllowed,
              maxRedirects,
              compressionRequired,
              cookies,
              new SessionOptions(
                  limits,
                  closeTimeout,
                  keepAlive,
                  idleTimeout,
                  receiveBuffer,
                  receiveBuffer / 4,
                  kinds,
                  compression,
                  observer),
              new ClientTransportOptions(
                  tls,
                  connectTimeout,
                  tlsTimeout,
                  handshakeTimeout,
                  closeTimeout,
                  maxResponseHeaderBytes,
                  maxRefusalBodyBytes,
                  oneOpeningPerAddress,
                  sendBuffer / 4,
                  sendBuffer)),
          provider == null ? Transports.found() : provider);
    }
  }
}
