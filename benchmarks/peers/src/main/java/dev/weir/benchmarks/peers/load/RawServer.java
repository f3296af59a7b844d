package dev.weir.benchmarks.peers.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The one server for all clients under test: lean, on plain sockets, and nothing of Weir in it.
 * Thread-safe.
 */
final class RawServer implements AutoCloseable {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int BUFFER_BYTES = 128 * 1024;

  private final ServerSocketChannel listening;
  private final AtomicLong messages = new AtomicLong();
  private final Queue<SocketChannel> open = new ConcurrentLinkedQueue<>();
  private volatile Work work = Work.SINK;
  private volatile boolean text;
  private volatile int size = 64;

  /** What it does with a connection. */
  enum Work {
    /** Answers each message with one of the same size. */
    ECHO,
    /** Sends as fast as the client takes. */
    FLOOD,
    /** Takes what comes. */
    SINK
  }

  RawServer() throws IOException {
    listening =
        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofPlatform().daemon().name("raw-server").start(this::accept);
  }

  String url() throws IOException {
    return "ws://127.0.0.1:" + ((InetSocketAddress) listening.getLocalAddress()).getPort() + "/";
  }

  /** Cuts the connections that there are, so that a client need not wait for an answer to Close. */
  void hangUp() throws IOException {
    for (SocketChannel channel : open) {
      channel.close();
    }
    open.clear();
  }

  /** What the next connection is for. */
  void prepare(Work next, boolean ofText, int bytes) {
    work = next;
    text = ofText;
    size = bytes;
  }

  /** Messages that have come, or that the system has taken for sending, since the start. */
  long messages() {
    return messages.get();
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = listening.accept();
        open.add(channel);
        // The one before may not have noticed its end yet.
        Thread.ofPlatform().daemon().name("raw-connection").start(() -> serve(channel));
      }
    } catch (IOException e) {
      // Closed.
      return;
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      upgrade(channel);
      switch (work) {
        case ECHO -> echo(channel);
        case FLOOD -> flood(channel);
        case SINK -> sink(channel);
      }
    } catch (IOException | IllegalStateException e) {
      // The client has had enough: it closes, or resets.
      return;
    }
  }

  private static void upgrade(SocketChannel channel) throws IOException {
    var request = new StringBuilder();
    var one = ByteBuffer.allocate(1);
    while (request.indexOf("\r\n\r\n") < 0) {
      if (channel.read(one.clear()) < 0) {
        throw new IOException("expected a request but was the end");
      }
      request.append((char) one.get(0));
    }
    String key =
        request
            .toString()
            .lines()
            .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElseThrow(() -> new IOException("expected a key but there is none: " + request));
    String answer =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + accept(key)
            + "\r\n\r\n";
    channel.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private void echo(SocketChannel channel) throws IOException {
    ByteBuffer frame = Framing.serverFrames(text, size, 1);
    var counter = new FrameCounter(size);
    ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
    while (!counter.isClosed() && channel.read(in.clear()) >= 0) {
      for (int count = counter.count(in.flip()); count > 0; count--) {
        ByteBuffer out = frame.duplicate();
        while (out.hasRemaining()) {
          channel.write(out);
        }
        messages.incrementAndGet();
      }
    }
  }

  private void flood(SocketChannel channel) throws IOException {
    int count = Math.max(1, BUFFER_BYTES / (size + 10));
    ByteBuffer frames = Framing.serverFrames(text, size, count);
    while (true) {
      ByteBuffer out = frames.duplicate();
      while (out.hasRemaining()) {
        channel.write(out);
      }
      messages.addAndGet(count);
    }
  }

  private void sink(SocketChannel channel) throws IOException {
    var counter = new FrameCounter(size);
    ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
    while (!counter.isClosed() && channel.read(in.clear()) >= 0) {
      messages.addAndGet(counter.count(in.flip()));
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
