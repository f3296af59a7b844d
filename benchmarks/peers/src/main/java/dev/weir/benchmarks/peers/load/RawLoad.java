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
import java.util.Locale;
import java.util.stream.Collectors;

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
  private final Protocol protocol;
  private final int size;
  private final int inFlight;
  private final ByteBuffer frames;
  private final ByteBuffer in = ByteBuffer.allocateDirect(READ_BYTES);
  private final Selector selector = Selector.open();
  private final List<Peer> peers = new ArrayList<>();
  private boolean sending;
  private long answered;

  /** What the server speaks. */
  enum Protocol {
    /** Plain bytes that come back as they are. */
    TCP,
    WEBSOCKET,
    /** WebSocket with permessage-deflate; the messages are {@link JsonDocuments} then. */
    DEFLATE
  }

  /**
   * What one window has brought. Immutable.
   *
   * @param payloadBytes of the answers, as they were on the wire
   */
  record Window(long messages, long payloadBytes, double seconds) {}

  /** A load that is not open yet. */
  RawLoad(int port, Protocol protocol, boolean text, int size, int inFlight) throws IOException {
    this.port = port;
    this.protocol = protocol;
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
      String agreed = protocol == Protocol.TCP ? "" : upgrade(channel);
      Traffic traffic =
          protocol == Protocol.DEFLATE
              ? new DeflateTraffic(agreed, inFlight)
              : new PlainTraffic(protocol == Protocol.WEBSOCKET, size, frames, inFlight);
      channel.configureBlocking(false);
      var peer = new Peer(channel, traffic);
      peer.key = channel.register(selector, SelectionKey.OP_READ, peer);
      peers.add(peer);
    }
  }

  /** Returns the extensions that the server has agreed to. */
  private String upgrade(SocketChannel channel) throws IOException {
    String offer = protocol == Protocol.DEFLATE ? DeflateTraffic.OFFER : "";
    channel.write(
        ByteBuffer.wrap(Framing.request(port, offer).getBytes(StandardCharsets.US_ASCII)));
    channel.socket().setSoTimeout(10_000);
    var answer = new StringBuilder();
    var part = ByteBuffer.allocate(4096);
    while (answer.indexOf("\r\n\r\n") < 0) {
      if (channel.read(part.clear()) < 0) {
        throw new IOException("expected an answer but was the end after: " + answer);
      }
      answer.append(StandardCharsets.ISO_8859_1.decode(part.flip()));
    }
    if (!answer.toString().startsWith("HTTP/1.1 101")) {
      throw new IOException("expected 101 but was: " + answer);
    }
    if (answer.indexOf("\r\n\r\n") != answer.length() - 4) {
      throw new IOException("expected nothing before the first message but was: " + answer);
    }
    return answer
        .toString()
        .lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-extensions:"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .collect(Collectors.joining(", "));
  }

  /** Keeps the windows full for this time, then waits until all is answered. */
  Window run(double seconds) throws IOException {
    sending = true;
    answered = 0;
    long bytesBefore = payloadBytes();
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
    var window = new Window(answered, payloadBytes() - bytesBefore, (now - begun) / 1e9);
    sending = false;
    drain();
    return window;
  }

  /**
   * Sends messages on the first connection, which the server sends to all of them; the next go out
   * when all have come everywhere.
   *
   * @param pending how many go out together, at most as many as may be in flight
   * @return with the deliveries as messages
   */
  Window broadcast(double seconds, int pending) throws IOException {
    sending = false;
    answered = 0;
    long begun = System.nanoTime();
    long end = begun + (long) (seconds * 1e9);
    long expected = 0;
    long now = begun;
    while (now < end) {
      peers.getFirst().send(pending);
      expected += (long) pending * peers.size();
      long deadline = now + DRAIN_NANOS;
      while (answered < expected) {
        turn();
        if (System.nanoTime() > deadline) {
          throw new IOException(
              "expected " + expected + " deliveries but " + (expected - answered) + " are missing");
        }
      }
      now = System.nanoTime();
    }
    return new Window(answered, answered * size, (now - begun) / 1e9);
  }

  private long payloadBytes() {
    return peers.stream().mapToLong(peer -> peer.traffic.payloadBytes()).sum();
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
      peer.traffic.close();
    }
    selector.close();
  }

  private final class Peer {
    private final SocketChannel channel;
    private final Traffic traffic;
    private ByteBuffer out = ByteBuffer.allocate(0);
    private SelectionKey key;
    private int owed;
    private int outstanding;

    Peer(SocketChannel channel, Traffic traffic) {
      this.channel = channel;
      this.traffic = traffic;
    }

    void send(int count) throws IOException {
      owed += count;
      outstanding += count;
      flush();
    }

    void flush() throws IOException {
      while (owed > 0 || out.hasRemaining()) {
        if (!out.hasRemaining()) {
          out = traffic.next(owed);
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
      int count = traffic.count(in.flip());
      if (count > 0) {
        answered += count;
        outstanding -= count;
        if (sending) {
          send(count);
        }
      }
    }
  }
}
