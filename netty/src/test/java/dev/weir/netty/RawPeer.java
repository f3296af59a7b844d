package dev.weir.netty;

import dev.weir.protocol.handshake.AcceptKey;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** One end of a TCP connection that writes literal bytes, on plain sockets. Not thread-safe. */
final class RawPeer implements AutoCloseable {
  private static final int READ_TIMEOUT_MILLIS = 20_000;

  private final Socket socket;

  RawPeer(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
  }

  /** Listens on loopback for connections that a test then speaks on by hand. */
  static final class Listener implements AutoCloseable {
    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Socket> accepted = new ArrayList<>();

    Listener() throws IOException {
      this(new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1")));
    }

    Listener(ServerSocket socket) throws IOException {
      this.socket = socket;
      socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    }

    int port() {
      return socket.getLocalPort();
    }

    ExecutorService threads() {
      return threads;
    }

    String url() {
      return "ws://127.0.0.1:" + port() + "/";
    }

    RawPeer accept() throws IOException {
      Socket next = socket.accept();
      synchronized (accepted) {
        accepted.add(next);
      }
      return new RawPeer(next);
    }

    interface Script {
      void run(RawPeer peer) throws Exception;
    }

    /** Accepts one connection on another thread and speaks by the script. */
    Future<?> serve(Script script) {
      return threads.submit(
          () -> {
            RawPeer peer = accept();
            script.run(peer);
            return true;
          });
    }

    @Override
    public void close() throws IOException {
      socket.close();
      synchronized (accepted) {
        for (Socket each : accepted) {
          each.close();
        }
      }
      threads.shutdownNow();
    }
  }

  static RawPeer connect(int port) throws IOException {
    return new RawPeer(new Socket(InetAddress.getByName("127.0.0.1"), port));
  }

  Socket socket() {
    return socket;
  }

  RawPeer write(String text) throws IOException {
    return write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawPeer write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /** Reads up to the empty line that ends a header. */
  String readHeader() throws IOException {
    StringBuilder header = new StringBuilder();
    InputStream input = socket.getInputStream();
    while (header.indexOf("\r\n\r\n") < 0) {
      int next = input.read();
      if (next < 0) {
        throw new EOFException("expected a whole header but was: " + header);
      }
      header.append((char) next);
    }
    return header.toString();
  }

  String read(int count) throws IOException {
    byte[] bytes = socket.getInputStream().readNBytes(count);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Reads until the peer ends its output. */
  String readAll() throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    socket.getInputStream().transferTo(all);
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  /** The 101 that fits a request. */
  static String accepting(String request) {
    return "HTTP/1.1 101 Switching Protocols\r\n"
        + "Upgrade: websocket\r\n"
        + "Connection: Upgrade\r\n"
        + "Sec-WebSocket-Accept: "
        + AcceptKey.acceptFor(field(request, "Sec-WebSocket-Key"))
        + "\r\n\r\n";
  }

  static String field(String header, String name) {
    return header
        .lines()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElseThrow(() -> new AssertionError("expected " + name + " in " + header));
  }

  /** Reads a request and answers it with 101. */
  String acceptUpgrade() throws IOException {
    String request = readHeader();
    write(accepting(request));
    return request;
  }

  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
