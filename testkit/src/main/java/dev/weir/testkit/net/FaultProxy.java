package dev.weir.testkit.net;

import dev.weir.testkit.Fault;
import dev.weir.testkit.Fault.Side;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A proxy between real TCP connections on the loopback interface that cuts, stalls, half-closes or
 * resets them after a number of bytes. Thread-safe.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.to(server.address())) {
 *   proxy.breakWith(new Fault(Fault.Kind.RESET, Fault.Side.TO_CLIENT, 150));
 *   WebSocketStream stream = client.connect("ws://127.0.0.1:" + proxy.port() + "/");
 *   // ... ends with 1006, and the reset as its cause
 * }
 * }</pre>
 *
 * <p>Bytes are counted from the beginning of the TCP connection, the opening handshake (and TLS)
 * included.
 */
public final class FaultProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 * 1024;

  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final List<ProxiedConnection> connections = new CopyOnWriteArrayList<>();

  // For the connections accepted from now on.
  private volatile @Nullable Fault fault;
  private volatile int pieceBytes = BUFFER_BYTES;
  private volatile boolean closed;

  private FaultProxy(ServerSocket listener, InetSocketAddress target) {
    this.listener = listener;
    this.target = target;
  }

  /**
   * Starts a proxy to this address, on a port of the system's choice.
   *
   * @throws IOException if no port is to be had
   */
  public static FaultProxy to(InetSocketAddress target) throws IOException {
    ServerSocket listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    FaultProxy proxy = new FaultProxy(listener, target);
    Thread.ofVirtual().name("fault-proxy-accept").start(proxy::acceptAll);
    return proxy;
  }

  /** The address to connect to. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  /** The port to connect to. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Breaks each connection accepted from now on with this fault; null for none. */
  public void breakWith(@Nullable Fault each) {
    fault = each;
  }

  /**
   * Passes the bytes of each connection accepted from now on in writes of at most this many.
   *
   * @param bytes 1 for byte by byte
   */
  public void pieces(int bytes) {
    if (bytes <= 0) {
      throw new IllegalArgumentException("expected pieces of 1 byte or more but was " + bytes);
    }
    pieceBytes = Math.min(bytes, BUFFER_BYTES);
  }

  /** Breaks all connections that are open now, as this kind of fault does. */
  public void breakNow(Fault.Kind kind, Side side) {
    for (ProxiedConnection connection : connections) {
      connection.strike(kind, side);
    }
  }

  /** Lets the bytes of all stalled directions pass again. */
  public void resume() {
    for (ProxiedConnection connection : connections) {
      connection.resume();
    }
  }

  /** How many connections have been accepted so far. */
  public int accepted() {
    return connections.size();
  }

  /** How many bytes have passed in this direction, over all connections. */
  public long passed(Side side) {
    return connections.stream().mapToLong(connection -> connection.passed(side)).sum();
  }

  /** Accepts no more, closes all connections and waits until their threads have ended. */
  @Override
  public void close() throws IOException {
    closed = true;
    listener.close();
    for (ProxiedConnection connection : new ArrayList<>(connections)) {
      connection.close();
    }
  }

  private void acceptAll() {
    while (!closed) {
      Socket client;
      try {
        client = listener.accept();
      } catch (IOException e) {
        // Closed, which ends this thread.
        return;
      }
      try {
        Socket server = new Socket(target.getAddress(), target.getPort());
        ProxiedConnection connection =
            new ProxiedConnection(client, server, fault, pieceBytes, BUFFER_BYTES);
        connections.add(connection);
        connection.start();
        if (closed) {
          connection.close();
        }
      } catch (IOException refused) {
        ProxiedConnection.closeQuietly(client);
      }
    }
  }

  @Override
  public String toString() {
    return "fault proxy " + address() + " to " + target + ", " + accepted() + " connections";
  }
}
