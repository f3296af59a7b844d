package dev.weir.websocket;

import dev.weir.protocol.close.CloseCode;
import dev.weir.protocol.close.CloseStatus;
import dev.weir.protocol.connection.Limits;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.websocket.files.StaticFiles;
import dev.weir.websocket.opening.TlsOptions;
import dev.weir.websocket.spi.EventLoopThread;
import dev.weir.websocket.spi.ServerTransport;
import dev.weir.websocket.spi.ServerTransportOptions;
import dev.weir.websocket.spi.TransportProvider;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Serves WebSocket connections. Thread-safe.
 *
 * <pre>{@code
 * WebSocketServer server = WebSocketServer.builder()
 *     .port(8080)
 *     .route("/echo", connection -> {
 *       for (Message message : connection.readable()) {
 *         connection.send(message);
 *       }
 *     })
 *     .start();
 * }</pre>
 */
public final class WebSocketServer implements AutoCloseable {
  private static final Logger LOG = System.getLogger("dev.weir.websocket.server");

  private final ServerTransport transport;
  private final Dispatcher dispatcher;
  private final InetSocketAddress address;
  private final boolean secure;
  private final Duration closeTimeout;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  private WebSocketServer(
      ServerTransport transport,
      Dispatcher dispatcher,
      InetSocketAddress address,
      boolean secure,
      Duration closeTimeout) {
    this.transport = transport;
    this.dispatcher = dispatcher;
    this.address = address;
    this.secure = secure;
    this.closeTimeout = closeTimeout;
  }

  /** Settings for a server, all at their defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** The address that is listened on, with its real port. */
  public InetSocketAddress address() {
    return address;
  }

  /** The port that is listened on. */
  public int port() {
    return address.getPort();
  }

  /** The URL of a path of this server, such as {@code ws://127.0.0.1:8080/echo}. */
  public String url(String path) {
    String host =
        address.getAddress().isAnyLocalAddress()
            ? "127.0.0.1"
            : address.getAddress().getHostAddress();
    return (secure ? "wss://" : "ws://")
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + address.getPort()
        + path;
  }

  /** How many connections are open now. */
  public int connections() {
    return dispatcher.sessions().size();
  }

  /**
   * Sends a message to all connections, as {@link Topic#publish(Message)} does to its members: to
   * all that are open when this is called. Does not wait.
   *
   * @return as {@link Topic#publish(Message)}
   */
  public CompletableFuture<Void> broadcast(Message message) {
    return everyone().publish(message);
  }

  /**
   * The topic of all connections: to leave the sender out, or to see the counts. Each becomes a
   * member when it is opened; one that is unsubscribed gets no more broadcasts.
   */
  public Topic everyone() {
    return dispatcher.everyone();
  }

  /** Stops with 1001, as {@link #close(int, String)} does. */
  @Override
  public void close() {
    close(CloseCode.GOING_AWAY, "");
  }

  /**
   * Stops as {@link #shutdown} does and waits for the end of that, unless the caller is one of this
   * server's handlers or an event loop: those would wait for themselves, so there it only begins.
   *
   * <p>An interrupt of the waiting thread cuts what is still open at once.
   *
   * @param closeCode one that a server may send, such as 1001 or 1012 (C1)
   * @param reason at most 123 bytes of UTF-8
   * @throws dev.weir.streams.InvalidAccessError if the code is another; nothing is stopped
   * @throws dev.weir.streams.SyntaxError if the reason is longer; nothing is stopped
   */
  public void close(int closeCode, String reason) {
    CompletableFuture<Void> end = shutdown(closeCode, reason);
    if (Thread.currentThread() instanceof EventLoopThread || dispatcher.isHandling()) {
      return;
    }
    try {
      end.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      transport.close();
      dispatcher.interruptHandlers();
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Accepts no more, closes all connections with this code, and cuts those that have not ended
   * within the close timeout; handlers that are still running then are interrupted. Does not wait.
   *
   * @param closeCode one that a server may send, such as 1001 or 1012 (C1)
   * @param reason at most 123 bytes of UTF-8
   * @return completes when all is ended; of several calls the first one's code counts
   * @throws dev.weir.streams.InvalidAccessError if the code is another; nothing is stopped
   * @throws dev.weir.streams.SyntaxError if the reason is longer; nothing is stopped
   */
  public CompletableFuture<Void> shutdown(int closeCode, String reason) {
    CloseStatus status = CloseArguments.ofServer(closeCode, reason);
    if (stopping.compareAndSet(false, true)) {
      transport.stopAccepting();
      // Closed here, so that what a handler does after it no longer counts.
      CompletableFuture<Void> closed = dispatcher.close(status);
      Thread.ofVirtual().name("weir-server-stop").start(() -> stop(closed));
    }
    return stopped.copy();
  }

  private void stop(CompletableFuture<Void> closed) {
    long deadline = System.nanoTime() + closeTimeout.toNanos();
    try {
      closed.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      dispatcher.endHandlers(deadline - System.nanoTime());
    } catch (TimeoutException e) {
      LOG.log(Level.DEBUG, "connections are cut that have not ended within " + closeTimeout);
    } catch (ExecutionException | InterruptedException | RuntimeException e) {
      LOG.log(Level.WARNING, "connections are cut since the server could not stop in order", e);
    } finally {
      transport.close();
      dispatcher.interruptHandlers();
      stopped.complete(null);
    }
  }

  /** Collects a server's settings. Not thread-safe. */
  public static final class Builder {
    private String host = "127.0.0.1";
    private int port;
    private @Nullable TlsOptions tls;
    private final List<Route> routes = new ArrayList<>();
    private @Nullable Path files;
    private Limits limits = Limits.server();
    private CompressionOptions compression = CompressionOptions.server();
    private Duration handshakeTimeout = Duration.ofSeconds(10);
    private Duration closeTimeout = SessionOptions.CLOSE_TIMEOUT;
    private @Nullable KeepAliveOptions keepAlive = KeepAliveOptions.DEFAULT;
    private @Nullable Duration idleTimeout;
    private int receiveBuffer = SessionOptions.RECEIVE_HIGH_MARK;
    private int sendBuffer = SessionOptions.SEND_HIGH_MARK;
    private int maxRequestLineBytes = 8 * 1024;
    private int maxRequestHeaderBytes = 16 * 1024;
    private int maxConnections = Integer.MAX_VALUE;
    private SlowConsumers slowConsumers = SlowConsumers.DEFAULT;
    private @Nullable WireObserver observer;
    private @Nullable TransportProvider provider;

    private Builder() {}

    /** Listens on this host's address; 127.0.0.1 unless set, 0.0.0.0 for all of IPv4. */
    public Builder host(String name) {
      this.host = Objects.requireNonNull(name, "name");
      return this;
    }

    /** Listens on this port; 0, the default, lets the system choose. */
    public Builder port(int number) {
      if (number < 0 || number > 65535) {
        throw new IllegalArgumentException("expected a port from 0 to 65535 but was " + number);
      }
      this.port = number;
      return this;
    }

    /** Serves wss with this certificate. */
    public Builder tls(TlsOptions options) {
      this.tls = Objects.requireNonNull(options, "options");
      return this;
    }

    /**
     * Serves a path on virtual threads, as {@link Route#of} does.
     *
     * @throws IllegalArgumentException if the path is no pattern
     */
    public Builder route(String path, WebSocketHandler handler) {
      return route(Route.of(path, handler));
    }

    /** Serves a path. Of several routes that match the one that was added first is taken. */
    public Builder route(Route route) {
      routes.add(Objects.requireNonNull(route, "route"));
      return this;
    }

    /**
     * Answers requests that ask for no WebSocket with the files below this folder: a page beside
     * its socket, on the same port. GET and HEAD, over http, or https with TLS; a folder is its
     * index.html. What leads out of the folder, is hidden (a name that begins with a dot), with or
     * without a symbolic link to it, or is no regular file is not found; there are no listings,
     * ranges or compression. To HTTP/1.0 the answer is the connection's last.
     *
     * <p>A browser asks each time whether a file has changed. A client that takes less than 64 KiB
     * within the handshake timeout is cut; one that asks nothing more for that time is too. Each
     * connection counts among {@link #maxConnections}.
     */
    public Builder staticFiles(Path folder) {
      this.files = Objects.requireNonNull(folder, "folder");
      return this;
    }

    /** Bounds on what is received, and the fragment size of what is sent. */
    public Builder limits(Limits bounds) {
      this.limits = Objects.requireNonNull(bounds, "bounds");
      return this;
    }

    /**
     * Accepts compression in these terms, and compresses so what is sent, where the route does not
     * say otherwise (P3); {@link CompressionOptions#server} unless set, which takes no context
     * over. {@link CompressionOptions#off} switches it off.
     */
    public Builder compression(CompressionOptions wanted) {
      this.compression = Objects.requireNonNull(wanted, "wanted");
      return this;
    }

    /** Bounds the time from accepting a TCP connection to the answer; 10 s unless set. */
    public Builder handshakeTimeout(Duration timeout) {
      this.handshakeTimeout = Checks.positive(timeout, "handshake timeout");
      return this;
    }

    /** Bounds the closing handshake, and {@link WebSocketServer#close()}; 10 s unless set (H5). */
    public Builder closeTimeout(Duration timeout) {
      this.closeTimeout = Checks.positive(timeout, "close timeout");
      return this;
    }

    /** Pings a silent peer and gives it up when it stays silent; 20 s and 20 s unless set (H7). */
    public Builder keepAlive(Duration interval, Duration timeout) {
      this.keepAlive = new KeepAliveOptions(interval, timeout);
      return this;
    }

    /** Sends no pings: a peer that vanished is noticed only when TCP notices it. */
    public Builder withoutKeepAlive() {
      this.keepAlive = null;
      return this;
    }

    /** Closes a connection without messages for this long with 1001; off unless set. */
    public Builder idleTimeout(Duration timeout) {
      this.idleTimeout = Checks.positive(timeout, "idle timeout");
      return this;
    }

    /** Received bytes that may wait for their reader, per connection; 256 KiB unless set (S8). */
    public Builder receiveBuffer(int bytes) {
      this.receiveBuffer = Checks.positive(bytes, "receive buffer");
      return this;
    }

    /** Sent bytes that may wait for the network, per connection; 256 KiB unless set (S12). */
    public Builder sendBuffer(int bytes) {
      this.sendBuffer = Checks.positive(bytes, "send buffer");
      return this;
    }

    /** Bounds the request line, in bytes, beyond which the answer is 414; 8 KiB unless set. */
    public Builder maxRequestLineBytes(int bytes) {
      this.maxRequestLineBytes = Checks.positive(bytes, "request line limit");
      return this;
    }

    /**
     * Bounds the request's headers, in bytes, beyond which the answer is 431; 16 KiB unless set.
     */
    public Builder maxRequestHeaderBytes(int bytes) {
      this.maxRequestHeaderBytes = Checks.positive(bytes, "request header limit");
      return this;
    }

    /** Answers with 503 while this many connections are open; no bound unless set. */
    public Builder maxConnections(int count) {
      this.maxConnections = Checks.positive(count, "number of connections");
      return this;
    }

    /**
     * What becomes of connections that do not keep up with {@link WebSocketServer#broadcast};
     * {@link SlowConsumers#DEFAULT} unless set (B5). {@link Topics} have their own.
     */
    public Builder slowConsumers(SlowConsumers policy) {
      this.slowConsumers = Objects.requireNonNull(policy, "policy");
      return this;
    }

    /** Shows all frames to this observer, for tools; none unless set. */
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
     * Starts a server with these settings.
     *
     * @throws IOException if the host can not be resolved or the address not be bound, or the
     *     folder of files can not be read
     * @throws IllegalStateException if there is neither a route nor a folder of files, or no
     *     transport is given and none is found
     * @throws IllegalArgumentException if a PEM file can not be used
     */
    public WebSocketServer start() throws IOException {
      if (routes.isEmpty() && files == null) {
        throw new IllegalStateException("expected at least one route but there is none");
      }
      InetSocketAddress address = new InetSocketAddress(host, port);
      if (address.isUnresolved()) {
        throw new UnknownHostException("the host " + host + " could not be resolved");
      }
      StaticFiles served = files == null ? null : new StaticFiles(files, InstantSource.system());
      var session =
          new SessionOptions(
              limits,
              closeTimeout,
              keepAlive,
              idleTimeout,
              receiveBuffer,
              receiveBuffer / 4,
              MessageKinds.ANY,
              compression,
              observer);
      ServerTransport transport =
          (provider == null ? Transports.found() : provider)
              .serverTransport(
                  new ServerTransportOptions(
                      address,
                      tls,
                      handshakeTimeout,
                      maxRequestLineBytes,
                      maxRequestHeaderBytes,
                      maxConnections,
                      sendBuffer / 4,
                      sendBuffer));
      var dispatcher = new Dispatcher(List.copyOf(routes), served, session, slowConsumers);
      try {
        return new WebSocketServer(
            transport, dispatcher, transport.start(dispatcher), tls != null, closeTimeout);
      } catch (IOException | RuntimeException e) {
        transport.close();
        throw e;
      }
    }
  }
}
