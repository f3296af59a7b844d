package dev.weir.interop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;

/**
 * Stands between a client and a server for one connection, and spoils it in place of one byte.
 * Thread-safe.
 */
final class FaultProxy implements AutoCloseable {
  private static final int NEVER = Integer.MAX_VALUE;

  private final InetSocketAddress server;
  private final Fault fault;
  private final ServerSocket listener;
  private final Direction toServer;
  private final Direction toClient;
  private final CompletableFuture<Void> ended;

  /** What becomes of the connection. */
  enum Fault {
    /** Both ends see the end of the connection. */
    CUT,
    /** Both ends see a reset. */
    RESET,
    /** From that byte on everything in this direction is lost, and nobody is told. */
    STALL
  }

  /** The way from one socket to the other, and how many bytes go through. */
  private static final class Direction {
    private final int limit;
    private volatile int forwarded;

    Direction(int limit) {
      this.limit = limit;
    }
  }

  private FaultProxy(InetSocketAddress server, Fault fault, int toServer, int toClient)
      throws IOException {
    this.server = server;
    this.fault = fault;
    this.toServer = new Direction(toServer);
    this.toClient = new Direction(toClient);
    this.listener = RawPeer.listen();
    this.ended = Weir.start(this::serve);
  }

  /** Only counts. */
  static FaultProxy harmless(InetSocketAddress server) throws IOException {
    return new FaultProxy(server, Fault.CUT, NEVER, NEVER);
  }

  /** Forwards so many bytes from the client; the fault takes the place of the next. */
  static FaultProxy onTheWayToTheServer(InetSocketAddress server, Fault fault, int offset)
      throws IOException {
    return new FaultProxy(server, fault, offset, NEVER);
  }

  /** Forwards so many bytes from the server; the fault takes the place of the next. */
  static FaultProxy onTheWayToTheClient(InetSocketAddress server, Fault fault, int offset)
      throws IOException {
    return new FaultProxy(server, fault, NEVER, offset);
  }

  String url(String path) {
    return "ws://127.0.0.1:" + listener.getLocalPort() + path;
  }

  int bytesToServer() {
    return toServer.forwarded;
  }

  int bytesToClient() {
    return toClient.forwarded;
  }

  /** Completes when both directions have ended. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  private Void serve() throws Exception {
    try (Socket near = listener.accept();
        Socket far = new Socket(server.getAddress(), server.getPort())) {
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      CompletableFuture<Void> back = Weir.start(() -> forward(far, near, toClient));
      try {
        forward(near, far, toServer);
      } finally {
        Weir.get(back);
      }
    }
    return null;
  }

  private Void forward(Socket from, Socket to, Direction direction) throws IOException {
    byte[] bytes = new byte[1024];
    boolean lost = false;
    try {
      for (int count; (count = from.getInputStream().read(bytes)) > 0; ) {
        int left = Math.min(count, direction.limit - direction.forwarded);
        if (!lost && left > 0) {
          to.getOutputStream().write(bytes, 0, left);
          direction.forwarded += left;
        }
        if (left < count && !lost) {
          lost = true;
          spoil(from, to);
        }
      }
    } catch (IOException e) {
      // One of the ends has reset the connection, or the other direction has ended it.
      from.close();
      to.close();
      return null;
    }
    if (!lost) {
      to.shutdownOutput();
    } else if (fault == Fault.STALL && direction == toServer) {
      // The client has given up: nothing is there any more that could hold the server.
      to.close();
    }
    return null;
  }

  private void spoil(Socket from, Socket to) throws IOException {
    switch (fault) {
      case CUT -> {
        to.close();
        from.close();
      }
      case RESET -> {
        to.setSoLinger(true, 0);
        from.setSoLinger(true, 0);
        to.close();
        from.close();
      }
      case STALL -> {}
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
