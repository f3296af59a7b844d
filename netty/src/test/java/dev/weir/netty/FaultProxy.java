package dev.weir.netty;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stands between a client and a server on loopback and does one thing wrong, at a given byte of
 * either direction. Thread-safe.
 */
final class FaultProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 * 1024;

  /** What goes wrong. */
  enum Kind {
    /** Nothing. */
    NONE,
    /** Both connections are closed. */
    CUT,
    /** Both connections are reset. */
    RESET,
    /** This direction ends, the other goes on. */
    HALF_CLOSE,
    /** This direction takes and forwards nothing more, and does not end. */
    STALL,
    /** From here on each byte is sent by itself. */
    DRIP
  }

  /**
   * A fault of one direction.
   *
   * @param after how many bytes are forwarded before it
   */
  record Fault(Kind kind, long after) {
    static final Fault NONE = new Fault(Kind.NONE, Long.MAX_VALUE);
  }

  private final ServerSocket listening;
  private final int serverPort;
  private final Fault toServer;
  private final Fault toClient;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /** Forwards every connection to this port of 127.0.0.1, each with the same faults. */
  FaultProxy(int serverPort, Fault toServer, Fault toClient) throws IOException {
    this.serverPort = serverPort;
    this.toServer = toServer;
    this.toClient = toClient;
    this.listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    threads.execute(this::acceptAll);
  }

  int port() {
    return listening.getLocalPort();
  }

  private void acceptAll() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        open.add(client);
        Socket server = new Socket(InetAddress.getByName("127.0.0.1"), serverPort);
        open.add(server);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        threads.execute(() -> pump(client, server, toServer));
        threads.execute(() -> pump(server, client, toClient));
      } catch (IOException closed) {
        // Either the proxy was closed or the server takes no connections; the client sees it.
      }
    }
  }

  private void pump(Socket from, Socket to, Fault fault) {
    try {
      InputStream input = from.getInputStream();
      OutputStream output = to.getOutputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      long forwarded = 0;
      while (true) {
        long left = fault.after() - forwarded;
        if (left == 0 && fault.kind() != Kind.DRIP) {
          commit(fault.kind(), from, to);
          return;
        }
        int wanted = left <= 0 ? 1 : (int) Math.min(buffer.length, left);
        int count = input.read(buffer, 0, wanted);
        if (count < 0) {
          to.shutdownOutput();
          return;
        }
        output.write(buffer, 0, count);
        forwarded += count;
      }
    } catch (IOException gone) {
      // An end of one side is the end of the other.
      close(from);
      close(to);
    }
  }

  private static void commit(Kind kind, Socket from, Socket to) throws IOException {
    switch (kind) {
      case CUT -> {
        close(from);
        close(to);
      }
      case RESET -> {
        from.setSoLinger(true, 0);
        to.setSoLinger(true, 0);
        close(from);
        close(to);
      }
      case HALF_CLOSE -> to.shutdownOutput();
      case STALL -> {}
      case NONE, DRIP ->
          throw new IllegalStateException("expected a fault that ends but was " + kind);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      // That is what was wanted.
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    open.forEach(FaultProxy::close);
    threads.shutdownNow();
  }
}
