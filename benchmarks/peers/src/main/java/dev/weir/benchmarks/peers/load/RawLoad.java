package dev.weir.benchmarks.peers.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The one load generator for all servers: a lean client on plain sockets that keeps a window of
 * messages in flight on each connection. Nothing of Weir is in it. For one thread.
 *
 * <p>All replies of one read are answered with one write of as many new messages.
 */
final class RawLoad implements AutoCloseable {
  private static final int READ_BYTES = 256 * 1024;
  private static final long DRAIN_NANOS = 10_000_000_000L;

  private final int port;
  private final boolean framed;
  private final int size;
  private final int inFlight;
  private final ByteBuffer frames;
  private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
  private final Selector selector = Selector.open();
  private final List<Peer> peers = new ArrayList<>();
  private boolean sending;
  private long answered;

  /** What one window has brought. Immutable. */
  record Window(long messages, double seconds) {}

  /**
   * A load that is not open yet.
   *
   * @param framed whether the server speaks WebSocket, or sends plain bytes back
   */
  RawLoad(int port, boolean framed, boolean text, int size, int inFlight) throws IOException {
    this.port = port;
    this.framed = framed;
    this.size = size;
    this.inFlight = inFlight;
    this.frames = Framing.clientFrames(text, size, inFlight);
  }

  /** Opens this many connections, one after the other. */
  void open(int connections) throws IOException {
    for (int i = 0; i < connections; i++) {
      SocketChannel channel = SocketChannel.open();
      channel
          .socket()
          .connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      if (framed) {
        upgrade(channel);
      }
      channel.configureBlocking(false);
      var peer = new Peer(channel);
      peer.key = channel.register(selector, SelectionKey.OP_READ, peer);
      peers.add(peer);
    }
  }

  private void upgrade(SocketChannel channel) throws IOException {
    channel.write(ByteBuffer.wrap(Framing.request(port).getBytes(StandardCharsets.US_ASCII)));
    channel.socket().setSoTimeout(10_000);
    var answer = new StringBuilder();
    var one = ByteBuffer.allocate(1);
    while (answer.indexOf("\r\n\r\n") < 0) {
      // Byte by byte, so that nothing behind the answer is taken.
      if (channel.read(one.clear()) < 0) {
        throw new IOException("expected an answer but was the end after: " + answer);
      }
      answer.append((char) one.get(0));
    }
    if (!answer.toString().startsWith("HTTP/1.1 101")) {
      throw new IOException("expected 101 but was: " + answer);
    }
  }

  /** Keeps the windows full for this time, then waits until all is answered. */
  Window run(double seconds) throws IOException {
    sending = true;
    answered = 0;
    for (Peer peer : peers) {
      peer.send(inFlight);
    }
    long begun = System.nanoTime();
    long end = begun + (long) (seconds * 1e9);
    long now = begun;
    while (now < end) {
      turn();
      now = System.nanoTime();
    }
    var window = new Window(answered, (now - begun) / 1e9);
    sending = false;
    drain();
    return window;
  }

  private void drain() throws IOException {
    long deadline = System.nanoTime() + DRAIN_NANOS;
    for (Peer peer : peers) {
      while (peer.outstanding > 0) {
        if (System.nanoTime() > deadline) {
          throw new IOException(
              "expected an answer to every message but " + peer.outstanding + " are missing");
        }
        turn();
      }
    }
  }

  private void turn() throws IOException {
    selector.select(
        key -> {
          Peer peer = (Peer) key.attachment();
          try {
            if (key.isReadable()) {
              peer.read();
            }
            if (key.isWritable()) {
              peer.flush();
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        10);
  }

  @Override
  public void close() throws IOException {
    for (Peer peer : peers) {
      // No TIME_WAIT: thousands of connections come after these.
      peer.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      peer.channel.close();
    }
    selector.close();
  }

  private final class Peer {
    private final SocketChannel channel;
    private final FrameCounter counter = new FrameCounter(size);
    private final int frameBytes = frames.limit() / inFlight;
    private final ByteBuffer out = frames.duplicate().limit(0);
    private SelectionKey key;
    private int owed;
    private int outstanding;
    private long bytesLeft;

    Peer(SocketChannel channel) {
      this.channel = channel;
    }

    void send(int count) throws IOException {
      owed += count;
      outstanding += count;
      flush();
    }

    void flush() throws IOException {
      while (owed > 0 || out.hasRemaining()) {
        if (!out.hasRemaining()) {
          out.clear().limit(owed * frameBytes);
          owed = 0;
        }
        channel.write(out);
        if (out.hasRemaining()) {
          key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
          return;
        }
      }
      if (key.interestOps() != SelectionKey.OP_READ) {
        key.interestOps(SelectionKey.OP_READ);
      }
    }

    void read() throws IOException {
      int read = channel.read(in.clear());
      if (read < 0) {
        throw new IOException("expected messages but the server has closed");
      }
      int count = framed ? counter.count(in.flip()) : countBytes(read);
      if (counter.isClosed()) {
        throw new IOException("expected messages but the server closes");
      }
      if (count > 0) {
        answered += count;
        outstanding -= count;
        if (sending) {
          send(count);
        }
      }
    }

    private int countBytes(int read) {
      bytesLeft += read;
      int count = (int) (bytesLeft / frameBytes);
      bytesLeft %= frameBytes;
      return count;
    }
  }
}
