package dev.weir.testkit;

import dev.weir.protocol.handshake.ClientHandshake;
import dev.weir.websocket.opening.OpeningFailure;
import dev.weir.websocket.opening.OpeningFailure.Stage;
import dev.weir.websocket.spi.ClientOpening;
import dev.weir.websocket.spi.ClientTransport;
import dev.weir.websocket.spi.ClientTransportOptions;
import dev.weir.websocket.spi.EventLoop.Timer;
import dev.weir.websocket.spi.OpeningEvents;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The client's side of {@link InMemoryTransport}. Thread-safe where the interface is. */
final class InMemoryClientTransport implements ClientTransport {
  private static final int FIRST_LOCAL_PORT = 50_000;

  private final InMemoryTransport network;
  private final ManualEventLoop loop;
  private final ClientTransportOptions options;

  // the loop's tasks only
  private final Set<ScriptedOpening> openings = new LinkedHashSet<>();
  private final Set<Link> links = new LinkedHashSet<>();
  private boolean closed;
  private @Nullable Timer closeTimer;

  InMemoryClientTransport(
      InMemoryTransport network, ManualEventLoop loop, ClientTransportOptions options) {
    this.network = network;
    this.loop = loop;
    this.options = options;
  }

  @Override
  public Opening open(ClientOpening request, OpeningEvents events) {
    ClientHandshake handshake =
        ClientHandshake.builder(
                network.nextNonce(), request.url().hostHeader(), request.url().requestTarget())
            .protocols(request.protocols())
            .extensions(request.extensions())
            .headers(request.headers())
            .build();
    var opening = new ScriptedOpening(this, loop, options, request, handshake, events);
    loop.execute(() -> begin(opening, events));
    return cause -> loop.execute(() -> opening.cancel(cause));
  }

  private void begin(ScriptedOpening opening, OpeningEvents events) {
    if (closed) {
      events.failed(
          new OpeningFailure(
              Stage.CONNECT, false, "expected an open client but it is closed", null, null));
      return;
    }
    openings.add(opening);
    opening.begin();
    events.requestSent(opening.request());
    network.arrived(opening, addressOf(opening.opening()).getPort());
  }

  @Override
  public void close() {
    loop.execute(
        () -> {
          if (!closed) {
            closed = true;
            closeTimer = loop.schedule(this::cut, options.closeTimeout().toNanos());
            endIfIdle();
          }
        });
  }

  private void cut() {
    for (ScriptedOpening opening : List.copyOf(openings)) {
      if (!opening.isOver()) {
        opening.broken("the client was closed");
      }
    }
    for (Link link : List.copyOf(links)) {
      link.clientEnd().close();
    }
  }

  private void endIfIdle() {
    if (closeTimer != null && openings.isEmpty() && links.isEmpty()) {
      closeTimer.cancel();
    }
  }

  void opened(ScriptedOpening opening, Link link) {
    openings.remove(opening);
    links.add(link);
    link.clientEnd()
        .whenGone(
            () -> {
              links.remove(link);
              endIfIdle();
            });
  }

  void over(ScriptedOpening opening) {
    openings.remove(opening);
    endIfIdle();
  }

  Link link(ScriptedOpening opening) {
    return network.newLink(opening.opening().url().toString());
  }

  InetSocketAddress nextLocalAddress() {
    return new InetSocketAddress(
        InetAddress.getLoopbackAddress(), FIRST_LOCAL_PORT + network.linksMade() % 10_000);
  }

  InetSocketAddress addressOf(ClientOpening opening) {
    return InetSocketAddress.createUnresolved(opening.url().host(), opening.url().port());
  }

  @Override
  public String toString() {
    return "in-memory client transport, "
        + openings.size()
        + " openings, "
        + links.size()
        + " links";
  }
}
