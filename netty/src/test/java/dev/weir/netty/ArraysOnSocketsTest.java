package dev.weir.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weir.conformance.Rule;
import dev.weir.websocket.spi.ChannelEvents;
import dev.weir.websocket.spi.WebSocketChannel;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Large payload on its way between arrays and sockets, without a copy where that can be. */
@ExtendWith(Leftovers.class)
final class ArraysOnSocketsTest {
  private static final int MIB = 1024 * 1024;

  /** Whether arrays are passed to the system, so that a test can tell which way bytes went. */
  private static boolean passesArrays(IoBackend backend) {
    boolean can = Runtime.version().feature() >= 24;
    assertThat(ArrayCalls.create() != null).as("there are calls on arrays").isEqualTo(can);
    return can && backend == IoBackend.EPOLL;
  }

  private record Pair(
      RawPeer.Listener server, NettyClientTransport client, RawPeer peer, WebSocketChannel channel)
      implements AutoCloseable {
    static Pair open(IoBackend backend) throws Exception {
      RawPeer.Listener server = new RawPeer.Listener();
      NettyClientTransport client = TestOptions.patient().client(backend);
      Opened opened = TestOptions.open(client, server.url());
      RawPeer peer = server.accept();
      peer.acceptUpgrade();
      return new Pair(server, client, peer, opened.channel());
    }

    Future<byte[]> read(int count) {
      return CompletableFuture.supplyAsync(
          () -> {
            try {
              return peer.socket().getInputStream().readNBytes(count);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          },
          server.threads());
    }

    @Override
    public void close() throws IOException {
      client.close();
      server.close();
    }
  }

  @Rule("S12")
  @OnEachBackend
  void sendsInOrderWhatIsLaidDownAndWhatStandsInArrays(IoBackend backend) throws Exception {
    long seed = 11;
    Random random = new Random(seed);
    byte[] sent = new byte[24 * MIB];
    random.nextBytes(sent);
    int[] passed = new int[1];
    int[] offered = new int[1];
    try (Pair pair = Pair.open(backend)) {
      Recorder recorder = ChannelCalls.start(pair.channel);
      // Nobody reads yet: the socket takes a part, and the rest waits.
      ChannelCalls.run(
          pair.channel,
          () -> {
            int at = 0;
            while (at < sent.length) {
              int head = Math.min(1 + random.nextInt(3000), sent.length - at);
              int behind = Math.min(random.nextInt(300_000), sent.length - at - head);
              ByteBuffer room = pair.channel.reserve(head + behind).put(sent, at, head);
              if (behind > 0) {
                int taken =
                    pair.channel.commit(head, sent, at + head, behind, random.nextBoolean());
                assertThat(taken).as("seed %d", seed).isBetween(0, behind);
                passed[0] += taken;
                offered[0] += behind;
                int left = behind - taken;
                if (left > 0) {
                  pair.channel.reserve(left).put(sent, at + head + taken, left);
                  pair.channel.commit(left);
                }
              } else {
                assertThat(room.position()).isPositive();
                pair.channel.commit(head);
              }
              at += head + behind;
              if (random.nextInt(3) == 0) {
                boolean ignored = pair.channel.flush();
              }
            }
            boolean ignored = pair.channel.flush();
          });
      byte[] got = pair.read(sent.length).get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(Arrays.mismatch(got, sent)).as("seed %d: first difference", seed).isNegative();
      if (ChannelCalls.get(pair.channel, pair.channel::unsentBytes) > 0) {
        recorder.await("flushed");
      }
      assertThat(ChannelCalls.get(pair.channel, pair.channel::isWritable)).isTrue();
    }
    if (passesArrays(backend)) {
      assertThat(passed[0]).as("of %d bytes in arrays", offered[0]).isBetween(1, offered[0] - 1);
    } else {
      assertThat(passed[0]).isZero();
    }
  }

  @Rule({"S8", "P4"})
  @OnEachBackend
  void receivesWhereTheBytesBelong(IoBackend backend) throws Exception {
    byte[] sent = new byte[16 * MIB];
    new Random(12).nextBytes(sent);
    try (Pair pair = Pair.open(backend)) {
      var placed = new Placed(sent.length);
      ChannelCalls.run(pair.channel, () -> pair.channel.start(placed));
      pair.peer.write(sent);
      pair.peer.socket().shutdownOutput();
      placed.ended.get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(placed.at).isEqualTo(sent.length);
      assertThat(Arrays.mismatch(placed.all, sent)).as("first difference").isNegative();
      if (passesArrays(backend)) {
        assertThat(placed.inPlace).as("bytes received in place").isPositive();
      } else {
        assertThat(placed.inPlace).isZero();
      }
    }
  }

  @Rule("C6")
  @OnEachBackend
  void reportsAResetInTheMiddle(IoBackend backend) throws Exception {
    try (Pair pair = Pair.open(backend)) {
      var placed = new Placed(64 * MIB);
      ChannelCalls.run(pair.channel, () -> pair.channel.start(placed));
      pair.peer.write(new byte[3 * MIB]);
      pair.peer.reset();
      Throwable cause = placed.closed.get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(cause).isInstanceOf(IOException.class).hasMessageContaining("reset");
    }
  }

  @OnEachBackend
  void reportsAResetThatASendMeets(IoBackend backend) throws Exception {
    try (Pair pair = Pair.open(backend)) {
      var placed = new Placed(64 * MIB);
      ChannelCalls.run(pair.channel, () -> pair.channel.start(placed));
      ChannelCalls.run(pair.channel, () -> pair.channel.setReading(false));
      byte[] payload = new byte[MIB];
      pair.peer.reset();
      while (!placed.closed.isDone()) {
        ChannelCalls.run(
            pair.channel,
            () -> {
              ByteBuffer room = pair.channel.reserve(10 + payload.length);
              room.put(new byte[10]);
              int taken = pair.channel.commit(10, payload, 0, payload.length, false);
              int left = payload.length - taken;
              if (left > 0) {
                pair.channel.reserve(left).put(payload, taken, left);
                pair.channel.commit(left);
              }
              boolean ignored = pair.channel.flush();
              pair.channel.setReading(true);
            });
      }
      assertThat(placed.closed.get()).isInstanceOf(IOException.class);
    }
  }

  @Rule("H5")
  @OnEachBackend
  void receivesNothingOfAnotherConnectionWhenItIsClosed(IoBackend backend) throws Exception {
    if (backend == IoBackend.NIO) {
      return; // It does not notice a reset while reading is paused.
    }
    try (Pair pair = Pair.open(backend);
        var others = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
        var writer = SocketChannel.open(others.getLocalAddress())) {
      byte[] words = "for another".getBytes(StandardCharsets.US_ASCII);
      assertThat(writer.write(ByteBuffer.wrap(words))).isEqualTo(words.length);
      var begun = new CountDownLatch(1);
      var reset = new CountDownLatch(1);
      var accepted = new CompletableFuture<SocketChannel>();
      Placed placed =
          new Placed(MIB) {
            @Override
            public void received(ByteBuffer bytes) {
              super.received(bytes);
              if (!accepted.isDone()) {
                begun.countDown();
                try {
                  assertThat(reset.await(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
                  // The peer is gone, so the socket is closed; the next has its number.
                  pair.channel.setReading(false);
                  accepted.complete(others.accept());
                  pair.channel.setReading(true);
                } catch (IOException | InterruptedException e) {
                  accepted.completeExceptionally(e);
                }
              }
            }
          };
      ChannelCalls.run(pair.channel, () -> pair.channel.start(placed));
      pair.peer.write(new byte[100]);
      assertThat(begun.await(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      pair.peer.reset();
      reset.countDown();
      placed.closed.get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(placed.at).as("bytes received").isEqualTo(100);
      try (SocketChannel other = accepted.get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        var got = ByteBuffer.allocate(words.length);
        assertThat(other.read(got)).isEqualTo(words.length);
        assertThat(got.array()).isEqualTo(words);
      }
    }
  }

  @Test
  void leavesTheBuffersOfOthersAloneWhereItFindsNoMemory() throws Exception {
    assumeTrue(IoBackend.EPOLL.isAvailable(), "there is no epoll here");
    try (RawPeer.Listener server = new RawPeer.Listener();
        NettyClientTransport client = TestOptions.patient().client(IoBackend.EPOLL)) {
      // Enough that two of them have the same event loop.
      List<WebSocketChannel> channels = new ArrayList<>();
      List<RawPeer> peers = new ArrayList<>();
      int first = -1;
      while (first < 0) {
        Opened opened = TestOptions.open(client, server.url());
        RawPeer peer = server.accept();
        peer.acceptUpgrade();
        WebSocketChannel channel = opened.channel();
        for (int i = 0; i < channels.size(); i++) {
          if (channels.get(i).eventLoop().equals(channel.eventLoop())) {
            first = i;
          }
        }
        channels.add(channel);
        peers.add(peer);
      }
      WebSocketChannel one = channels.get(first);
      WebSocketChannel two = channels.getLast();
      ChannelConfig config = ((ChannelOutput.Owner) two).channel().config();
      ByteBufAllocator allocator = config.getAllocator();
      ChannelCalls.run(
          one,
          () -> {
            ChannelCalls.put(one, "of one".getBytes(StandardCharsets.US_ASCII));
            config.setAllocator(withoutMemory());
            assertThatThrownBy(() -> two.reserve(10)).isInstanceOf(OutOfMemoryError.class);
            config.setAllocator(allocator);
            ChannelCalls.put(two, "of two".getBytes(StandardCharsets.US_ASCII));
            boolean ignored = one.flush() | two.flush();
          });
      assertThat(peers.get(first).read(6)).isEqualTo("of one");
      assertThat(peers.getLast().read(6)).isEqualTo("of two");
      for (WebSocketChannel channel : channels) {
        ChannelCalls.run(channel, channel::closeTransport);
      }
    }
  }

  private static ByteBufAllocator withoutMemory() {
    return (ByteBufAllocator)
        Proxy.newProxyInstance(
            ArraysOnSocketsTest.class.getClassLoader(),
            new Class<?>[] {ByteBufAllocator.class},
            (proxy, method, arguments) -> {
              throw new OutOfMemoryError("none left for a test");
            });
  }

  /** Has a place for all that comes in one array. For its event loop, but the futures. */
  private static class Placed implements ChannelEvents {
    private final byte[] all;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Throwable> closed = new CompletableFuture<>();
    private int at;
    private int inPlace;

    private Placed(int most) {
      all = new byte[most];
    }

    @Override
    public void received(ByteBuffer bytes) {
      int count = bytes.remaining();
      if (bytes.hasArray() && bytes.array() == all) {
        assertThat(bytes.arrayOffset() + bytes.position()).isEqualTo(at);
        inPlace += count;
      } else {
        bytes.get(all, at, count);
      }
      at += count;
    }

    @Override
    public ByteBuffer payloadPlace() {
      return at < all.length ? ByteBuffer.wrap(all, at, all.length - at) : null;
    }

    @Override
    public void readComplete() {}

    @Override
    public void writable() {}

    @Override
    public void flushed() {}

    @Override
    public void inputEnding() {}

    @Override
    public void inputShut() {
      ended.complete(true);
    }

    @Override
    public void closed(@Nullable Throwable cause) {
      ended.complete(true);
      closed.complete(cause);
    }
  }
}
