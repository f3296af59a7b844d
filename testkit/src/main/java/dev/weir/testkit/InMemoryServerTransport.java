package dev.weir.testkit;

import dev.weir.protocol.handshake.Agreement;
import dev.weir.protocol.handshake.HandshakeRequest;
import dev.weir.protocol.handshake.Headers;
import dev.weir.protocol.handshake.PlainRequest;
import dev.weir.protocol.handshake.Refusal;
import dev.weir.protocol.handshake.ServerHandshake;
import dev.weir.protocol.handshake.Upgrade;
import dev.weir.websocket.spi.EventLoop;
import dev.weir.websocket.spi.PlainRequestHandler;
import dev.weir.websocket.spi.PlainResponse;
import dev.weir.websocket.spi.ServerTransport;
import dev.weir.websocket.spi.ServerTransportOptions;
import dev.weir.websocket.spi.UpgradeExchange;
import dev.weir.websocket.spi.UpgradeHandler;
import dev.weir.websocket.spi.WebSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The server's side of {@link InMemoryTransport}. Thread-safe where the interface is. */
final class InMemoryServerTransport implements ServerTransport {
  private final InMemoryTransport network;
  private final ManualEventLoop loop;
  private final ServerTransportOptions options;

  private volatile @Nullable InetSocketAddress address;
  private volatile @Nullable UpgradeHandler handler;

  // the loop's tasks only
  private final Set<Exchange> exchanges = new LinkedHashSet<>();
  private final Set<Link> links = new LinkedHashSet<>();

  InMemoryServerTransport(
      InMemoryTransport network, ManualEventLoop loop, ServerTransportOptions options) {
    this.network = network;
    this.loop = loop;
    this.options = options;
  }

  @Override
  public InetSocketAddress start(UpgradeHandler upgradeHandler) throws IOException {
    if (handler != null) {
      throw new IllegalStateException("expected one call of start but was a second");
    }
    handler = upgradeHandler;
    int port = network.bind(options.address().getPort(), this);
    InetSocketAddress bound = new InetSocketAddress(options.address().getAddress(), port);
    address = bound;
    return bound;
  }

  @Override
  public void stopAccepting() {
    network.unbind(this);
  }

  @Override
  public void close() {
    stopAccepting();
    loop.execute(
        () -> {
          for (Exchange exchange : List.copyOf(exchanges)) {
            exchange.cut();
          }
          for (Link link : List.copyOf(links)) {
            link.serverEnd().close();
          }
        });
  }

  /** A client has connected and sent its request. */
  void arrived(Asking asking, InetSocketAddress from) {
    HandshakeRequest request = asking.request();
    UpgradeHandler to = handler;
    PlainRequestHandler plain = to == null ? null : to.plainRequests();
    Optional<PlainRequest> asked =
        PlainRequest.read(request.method(), "HTTP/1.1", request.target(), request.headers());
    if (plain != null && asked.isPresent()) {
      answerPlainly(asking, plain, asked.get());
      return;
    }
    ServerHandshake read =
        ServerHandshake.read(request.method(), "HTTP/1.1", request.target(), request.headers());
    if (exchanges.size() + links.size() >= options.maxConnections()) {
      read = Refusal.unavailable();
    }
    switch (read) {
      case Refusal refusal -> refuse(asking, refusal);
      case Upgrade upgrade -> {
        Exchange exchange = new Exchange(asking, upgrade, from);
        exchanges.add(exchange);
        if (to != null) {
          to.upgrade(exchange);
        }
      }
    }
  }

  /** The whole content at once, without the time limits that real clients have. */
  private void answerPlainly(Asking asking, PlainRequestHandler handler, PlainRequest request) {
    Thread.ofVirtual()
        .start(
            () -> {
              try (PlainResponse response = handler.respond(request)) {
                byte[] content = response.content().readNBytes((int) response.length());
                loop.execute(
                    () -> asking.answered(response.status(), response.headers(), content, null));
              } catch (IOException | RuntimeException e) {
                loop.execute(() -> refuse(asking, Refusal.internalError()));
              }
            });
  }

  private static void refuse(Asking asking, Refusal refusal) {
    asking.answered(refusal.status(), refusal.responseHeaders(), refusal.bodyBytes(), null);
  }

  private final class Exchange implements UpgradeExchange {
    private final Asking asking;
    private final Upgrade upgrade;
    private final InetSocketAddress from;
    private final EventLoop.Timer timer;
    private final AtomicBoolean answered = new AtomicBoolean();

    Exchange(Asking asking, Upgrade upgrade, InetSocketAddress from) {
      this.asking = asking;
      this.upgrade = upgrade;
      this.from = from;
      timer =
          loop.schedule(
              () -> {
                if (answered.compareAndSet(false, true)) {
                  answer(() -> InMemoryServerTransport.refuse(asking, Refusal.unavailable()));
                }
              },
              options.handshakeTimeout().toNanos());
    }

    @Override
    public Upgrade request() {
      return upgrade;
    }

    @Override
    public EventLoop eventLoop() {
      return loop;
    }

    @Override
    public SocketAddress localAddress() {
      InetSocketAddress bound = address;
      return bound != null ? bound : options.address();
    }

    @Override
    public SocketAddress remoteAddress() {
      return from;
    }

    @Override
    public @Nullable SSLSession sslSession() {
      return null;
    }

    @Override
    public void accept(Agreement agreement, Headers headers, Consumer<WebSocketChannel> opened) {
      Headers response = upgrade.accept(agreement, headers);
      takeTurn();
      loop.execute(() -> answer(() -> open(response, opened)));
    }

    @Override
    public void refuse(Refusal refusal) {
      takeTurn();
      loop.execute(() -> answer(() -> InMemoryServerTransport.refuse(asking, refusal)));
    }

    void cut() {
      if (answered.compareAndSet(false, true)) {
        answer(() -> asking.broken("the server closed the connection without an answer"));
      }
    }

    private void takeTurn() {
      if (!answered.compareAndSet(false, true)) {
        throw new IllegalStateException("expected an exchange without an answer but it has one");
      }
    }

    private void answer(Runnable answer) {
      timer.cancel();
      exchanges.remove(this);
      if (!asking.isOver()) {
        answer.run();
      }
    }

    private void open(Headers response, Consumer<WebSocketChannel> opened) {
      Link link = network.newLink(upgrade.target());
      links.add(link);
      link.serverEnd().whenGone(() -> links.remove(link));
      asking.answered(Upgrade.ACCEPTED_STATUS, response, new byte[0], link);
      opened.accept(
          new MemoryChannel(
              loop,
              link.serverEnd(),
              localAddress(),
              from,
              options.sendLowMark(),
              options.sendHighMark()));
    }
  }

  /** The address that a client on this machine connects from. */
  static InetSocketAddress clientAddress(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
