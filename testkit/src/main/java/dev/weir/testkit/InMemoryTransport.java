package dev.weir.testkit;

import dev.weir.protocol.handshake.AcceptKey;
import dev.weir.protocol.handshake.ClientHandshake;
import dev.weir.protocol.handshake.HandshakeRequest;
import dev.weir.protocol.handshake.Headers;
import dev.weir.websocket.spi.ClientTransport;
import dev.weir.websocket.spi.ClientTransportOptions;
import dev.weir.websocket.spi.ServerTransport;
import dev.weir.websocket.spi.ServerTransportOptions;
import dev.weir.websocket.spi.TransportProvider;
import java.io.IOException;
import java.net.BindException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A network in memory: it joins Weir's clients and servers with each other, or either with a {@link
 * ScriptedPeer}, on one {@link ManualEventLoop}. Thread-safe where {@link TransportProvider} and
 * its transports are; all else is for the thread that drives the loop.
 *
 * <pre>{@code
 * ManualEventLoop loop = new ManualEventLoop();
 * InMemoryTransport transport = new InMemoryTransport(loop);
 * // a client of Weir against the test:
 * ScriptedPeer server = transport.nextOpening().accept();
 * // a server of Weir against the test:
 * ScriptedPeer client = transport.connect("/chat");
 * }</pre>
 *
 * <p>A client that asks for a port on which a server of this network listens gets that server,
 * whatever the host's name. Any other is met by the {@link Behaviour} given to {@link #behave}, or,
 * if none was, waits for {@link #nextOpening}.
 *
 * <p>Requests and answers are made and checked by the same code as on a real network, and the
 * timeouts, limits of connections and marks of the transports' options hold. Not modelled are TLS
 * ({@code wss} goes without) and the wait for another opening to the same address.
 */
public final class InMemoryTransport implements TransportProvider {
  private static final int FIRST_PORT = 40_000;

  private final ManualEventLoop loop;
  private final AtomicInteger nonces = new AtomicInteger();

  // any thread's, guarded by itself
  private final Map<Integer, InMemoryServerTransport> servers = new TreeMap<>();

  // the driving thread's
  private final ArrayDeque<ScriptedOpening> waiting = new ArrayDeque<>();
  private final List<Link> links = new ArrayList<>();
  private final List<Consumer<Link>> onLink = new ArrayList<>();
  private @Nullable Behaviour behaviour;

  /** Makes a network on which no one listens. */
  public InMemoryTransport(ManualEventLoop loop) {
    this.loop = Objects.requireNonNull(loop, "loop");
  }

  /** The loop that all of this network runs on. */
  public ManualEventLoop loop() {
    return loop;
  }

  @Override
  public ClientTransport clientTransport(ClientTransportOptions options) {
    return new InMemoryClientTransport(this, loop, options);
  }

  @Override
  public ServerTransport serverTransport(ServerTransportOptions options) {
    return new InMemoryServerTransport(this, loop, options);
  }

  /** Lets the behaviour meet each client that comes from now on, those waiting first. */
  public void behave(Behaviour server) {
    behaviour = Objects.requireNonNull(server, "server");
    loop.execute(
        () -> {
          for (ScriptedOpening opening = waiting.poll();
              opening != null;
              opening = waiting.poll()) {
            if (!opening.isOver()) {
              server.meet(opening);
            }
          }
        });
  }

  /** Drives the loop until a client asks for a connection. */
  public ScriptedOpening nextOpening() {
    if (!loop.runWhilePatient(() -> !waiting.isEmpty())) {
      throw new AssertionError("expected a client to open a connection but none did");
    }
    return waiting.remove();
  }

  /** How many openings wait for {@link #nextOpening}. */
  public int waitingOpenings() {
    return waiting.size();
  }

  /**
   * Connects to the server of this network.
   *
   * @param target path and query
   * @return the client's end
   * @throws AssertionError if the server does not accept
   */
  public ScriptedPeer connect(String target) {
    return request(target, List.of(), Headers.empty()).awaitPeer();
  }

  /** Asks the server of this network for a connection. */
  public ScriptedRequest request(String target, List<String> protocols, Headers headers) {
    return request(
        ClientHandshake.builder(nextNonce(), "localhost", target)
            .protocols(protocols)
            .headers(headers)
            .build()
            .request());
  }

  /** Asks the server of this network for a connection by any request, right or wrong. */
  public ScriptedRequest request(HandshakeRequest request) {
    var asking = new ScriptedRequest(loop, request);
    InMemoryServerTransport server = onlyServer();
    int port = FIRST_PORT - 1 - nonces.get() % 10_000;
    loop.execute(() -> server.arrived(asking, InMemoryServerTransport.clientAddress(port)));
    return asking;
  }

  /** Hands each link made from now on to the consumer, before any byte is under way on it. */
  public void onLink(Consumer<Link> consumer) {
    onLink.add(consumer);
  }

  /** All links made so far, in order. */
  public List<Link> links() {
    return List.copyOf(links);
  }

  /** A client's request has come to the port. */
  void arrived(ScriptedOpening opening, int port) {
    InMemoryServerTransport server;
    synchronized (servers) {
      server = servers.get(port);
    }
    Behaviour meeting = behaviour;
    if (server != null) {
      int from = FIRST_PORT - 1 - nonces.get() % 10_000;
      server.arrived(opening, InMemoryServerTransport.clientAddress(from));
    } else if (meeting != null) {
      meeting.meet(opening);
    } else {
      waiting.add(opening);
    }
  }

  int bind(int port, InMemoryServerTransport server) throws IOException {
    synchronized (servers) {
      int chosen = port;
      for (int free = FIRST_PORT; chosen == 0; free++) {
        chosen = servers.containsKey(free) ? 0 : free;
      }
      if (servers.putIfAbsent(chosen, server) != null) {
        throw new BindException("expected a free port but " + chosen + " is in use");
      }
      return chosen;
    }
  }

  void unbind(InMemoryServerTransport server) {
    synchronized (servers) {
      servers.values().remove(server);
    }
  }

  private InMemoryServerTransport onlyServer() {
    synchronized (servers) {
      if (servers.size() != 1) {
        throw new IllegalStateException(
            "expected one server that listens but was " + servers.size());
      }
      return servers.values().iterator().next();
    }
  }

  Link newLink(String name) {
    Link link = new Link(loop, "link " + (links.size() + 1) + " to " + name);
    links.add(link);
    for (Consumer<Link> consumer : onLink) {
      consumer.accept(link);
    }
    return link;
  }

  int linksMade() {
    return links.size();
  }

  /** Counted up, not random: a run of a test is like each other run. */
  byte[] nextNonce() {
    byte[] nonce = new byte[AcceptKey.NONCE_BYTES];
    int count = nonces.incrementAndGet();
    for (int i = 0; i < Integer.BYTES; i++) {
      nonce[i] = (byte) (count >>> (8 * i));
    }
    return nonce;
  }
}
