package dev.weir.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.websocket.spi.WebSocketChannel;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.ExtendWith;

/** Bytes in and out of an open channel, backpressure, and each way in which it ends. */
@ExtendWith(Leftovers.class)
final class ChannelFlowTest {
  private static final int SOCKET_BUFFER_BYTES = 64 * 1024;
  private static final long MIB = 1024 * 1024;

  /** More than it takes to read what blocksAFloodingPeer sends, 64 KiB a turn. */
  private static final int LOOP_TURNS = 2000;

  /** An open channel and the raw socket at its other end. */
  private record Pair(
      RawPeer.Listener server,
      NettyClientTransport client,
      RawPeer peer,
      WebSocketChannel channel,
      Recorder recorder)
      implements AutoCloseable {
    static Pair open(IoBackend backend) throws Exception {
      ServerSocket socket = new ServerSocket();
      // The accepted sockets inherit it: little is taken while nobody reads.
      socket.setReceiveBufferSize(SOCKET_BUFFER_BYTES);
      socket.bind(new java.net.InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
      RawPeer.Listener server = new RawPeer.Listener(socket);
      NettyClientTransport client = TestOptions.patient().client(backend);
      Opened opened = TestOptions.open(client, server.url());
      RawPeer peer = server.accept();
      peer.acceptUpgrade();
      WebSocketChannel channel = opened.channel();
      return new Pair(server, client, peer, channel, ChannelCalls.start(channel));
    }

    @Override
    public void close() throws IOException {
      client.close();
      server.close();
    }
  }

  @OnEachBackend
  void laysDownInOrderWhatIsReserved(IoBackend backend) throws Exception {
    try (Pair pair = Pair.open(backend)) {
      Random random = new Random(7);
      byte[] sent = new byte[3_000_000];
      random.nextBytes(sent);
      Future<byte[]> got =
          java.util.concurrent.CompletableFuture.supplyAsync(
              () -> {
                try {
                  return pair.peer.socket().getInputStream().readNBytes(sent.length);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      ChannelCalls.run(
          pair.channel,
          () -> {
            int offset = 0;
            while (offset < sent.length) {
              int wanted = 1 + random.nextInt(random.nextInt(20) == 0 ? 200_000 : 3_000);
              ByteBuffer room = pair.channel.reserve(wanted);
              assertThat(room.order()).isEqualTo(ByteOrder.BIG_ENDIAN);
              assertThat(room.remaining()).isGreaterThanOrEqualTo(wanted);
              int count = Math.min(random.nextInt(wanted + 1), sent.length - offset);
              room.put(sent, offset, count);
              pair.channel.commit(count);
              offset += count;
              if (random.nextInt(50) == 0) {
                pair.channel.flush();
              }
            }
            pair.channel.flush();
          });
      assertThat(got.get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(sent);
      if (ChannelCalls.get(pair.channel, pair.channel::unsentBytes) > 0) {
        pair.recorder.await("flushed");
      }
      assertThat(ChannelCalls.get(pair.channel, pair.channel::unsentBytes)).isZero();
    }
  }

  @Rule("S12")
  @OnEachBackend
  void isFullAboveTheHighMarkAndWritableAgainAtTheLowOne(IoBackend backend) throws Exception {
    try (Pair pair = Pair.open(backend)) {
      WebSocketChannel channel = pair.channel;
      ChannelCalls.run(
          channel,
          () -> {
            ChannelCalls.put(channel, new byte[TestOptions.HIGH_MARK]);
            assertThat(channel.isWritable()).isTrue();
            assertThat(channel.unsentBytes()).isEqualTo(TestOptions.HIGH_MARK);
            ChannelCalls.put(channel, new byte[1]);
            assertThat(channel.isWritable()).as("committed bytes count unflushed").isFalse();
            assertThat(channel.unsentBytes()).isEqualTo(TestOptions.HIGH_MARK + 1);
          });
      assertThat(pair.recorder.all()).doesNotContain("writable", "flushed");
      // The peer does not read: beyond the kernel's buffers nothing goes.
      long[] committed = {TestOptions.HIGH_MARK + 1};
      ChannelCalls.run(
          channel,
          () -> {
            for (int i = 0; i < 256; i++) {
              ChannelCalls.put(channel, new byte[64 * 1024]);
              committed[0] += 64 * 1024;
            }
            channel.flush();
            assertThat(channel.isWritable()).isFalse();
          });
      assertThat(ChannelCalls.get(channel, channel::isWritable)).isFalse();
      assertThat(pair.recorder.all()).doesNotContain("writable", "flushed");
      pair.peer.read((int) committed[0]);
      pair.recorder.await("writable");
      if (ChannelCalls.get(channel, channel::unsentBytes) > 0) {
        pair.recorder.await("flushed");
      }
      assertThat(ChannelCalls.get(channel, channel::isWritable)).isTrue();
    }
  }

  @Rule("B5")
  @OnEachBackend
  void holdsNoMoreMemoryThanItsMarkForAPeerThatDoesNotRead(IoBackend backend) throws Exception {
    try (Pair pair = Pair.open(backend)) {
      WebSocketChannel channel = pair.channel;
      fill(channel);
      long before = usedDirectMemory();
      int small = 0;
      while (ChannelCalls.get(channel, channel::isWritable)) {
        ChannelCalls.run(
            channel,
            () -> {
              ChannelCalls.put(channel, new byte[66]);
              boolean ignored = channel.flush();
            });
        small++;
      }
      assertThat(small).as("small flushes").isGreaterThan(100);
      assertThat(usedDirectMemory() - before)
          .as("bytes outside the heap for %s flushes", small)
          .isLessThan(4 * MIB);
      assertThat(ChannelCalls.get(channel, channel::unsentBytes))
          .isLessThanOrEqualTo(TestOptions.HIGH_MARK + 66);
      while (ChannelCalls.get(channel, channel::unsentBytes) > 0) {
        pair.peer.read(64 * 1024);
      }
      assertThat(ChannelCalls.get(channel, channel::isWritable)).isTrue();
    }
  }

  @Rule("W2")
  @OnEachBackend
  void countsAsUnsentWhatAPeerThatIsGoneNeverTook(IoBackend backend) throws Exception {
    try (Pair pair = Pair.open(backend)) {
      WebSocketChannel channel = pair.channel;
      fill(channel);
      ChannelCalls.run(channel, () -> ChannelCalls.put(channel, new byte[1000]));
      long unsent = ChannelCalls.get(channel, channel::unsentBytes);
      pair.peer.reset();
      pair.recorder.await("closed");
      assertThat(ChannelCalls.get(channel, channel::unsentBytes)).isGreaterThanOrEqualTo(unsent);
    }
  }

  /** Sends until nothing goes beyond the kernel's buffers. */
  private static void fill(WebSocketChannel channel) throws Exception {
    while (ChannelCalls.get(channel, channel::unsentBytes) == 0) {
      ChannelCalls.run(
          channel,
          () -> {
            ChannelCalls.put(channel, new byte[64 * 1024]);
            boolean ignored = channel.flush();
          });
    }
  }

  private static long usedDirectMemory() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  @Rule({"S8", "P4"})
  @OnEachBackend
  void blocksAFloodingPeerWhileReadingIsPausedAndLosesNothing(IoBackend backend) throws Exception {
    try (Pair pair = Pair.open(backend)) {
      ChannelCalls.run(pair.channel, () -> pair.channel.setReading(false));
      AtomicLong sent = new AtomicLong();
      long total = 64 * MIB;
      Future<?> flood =
          pair.server
              .threads()
              .submit(
                  () -> {
                    OutputStream output = pair.peer.socket().getOutputStream();
                    byte[] chunk = new byte[64 * 1024];
                    for (long i = 0; i < total / chunk.length; i++) {
                      Arrays.fill(chunk, (byte) i);
                      output.write(chunk);
                      sent.addAndGet(chunk.length);
                    }
                    return true;
                  });
      // Each turn of the loop would read what is there, if reading went on.
      for (int turn = 0; turn < LOOP_TURNS; turn++) {
        ChannelCalls.run(pair.channel, () -> {});
        assertThat(pair.recorder.receivedBytes()).isLessThanOrEqualTo(ReceiveBuffers.MAX_BYTES);
      }
      assertThat(flood.isDone()).as("the peer is blocked after %d bytes", sent.get()).isFalse();
      assertThat(pair.recorder.all()).doesNotContain("inputEnding", "closed");
      ChannelCalls.run(pair.channel, () -> pair.channel.setReading(true));
      while (pair.recorder.receivedBytes() < total) {
        pair.recorder.await("received");
      }
      byte[] all = pair.recorder.bytes();
      for (int i = 0; i < total; i += 16 * 1024) {
        assertThat(all[i]).isEqualTo((byte) (i / (64 * 1024)));
      }
    }
  }

  @OnEachBackend
  void receivesAfterItsOutputHasEnded(IoBackend backend) throws Exception {
    try (Pair pair = Pair.open(backend)) {
      ChannelCalls.run(
          pair.channel,
          () -> {
            ChannelCalls.put(pair.channel, new byte[500_000]);
            pair.channel.shutdownOutput();
          });
      assertThat(pair.peer.readAll()).hasSize(500_000);
      pair.peer.write("last words");
      assertThat(pair.recorder.awaitBytes(10)).isEqualTo("last words");
      pair.peer.close();
      pair.recorder.await("inputShut");
      pair.recorder.await("closed");
      assertThat(pair.recorder.cause()).isNull();
    }
  }

  @OnEachBackend
  void sendsAfterItsInputHasEnded(IoBackend backend) throws Exception {
    try (Pair pair = Pair.open(backend)) {
      pair.peer.write("last words");
      pair.peer.socket().shutdownOutput();
      pair.recorder.await("inputShut");
      assertThat(pair.recorder.text()).isEqualTo("last words");
      ChannelCalls.send(pair.channel, "and mine");
      assertThat(pair.peer.read(8)).isEqualTo("and mine");
      assertThat(pair.recorder.all()).doesNotContain("closed");
      ChannelCalls.run(pair.channel, pair.channel::shutdownOutput);
      assertThat(pair.peer.readAll()).isEmpty();
      pair.recorder.await("closed");
      assertThat(pair.recorder.cause()).isNull();
    }
  }

  @OnEachBackend
  void closesAtOnceWhateverIsUnsent(IoBackend backend) throws Exception {
    try (Pair pair = Pair.open(backend)) {
      ChannelCalls.run(
          pair.channel,
          () -> {
            ChannelCalls.put(pair.channel, new byte[32 * (int) MIB]);
            pair.channel.flush();
            ChannelCalls.put(pair.channel, new byte[1000]);
            pair.channel.closeTransport();
            ChannelCalls.put(pair.channel, new byte[1000]);
            pair.channel.flush();
          });
      pair.recorder.await("closed");
      assertThat(pair.recorder.cause()).isNull();
      ChannelCalls.run(
          pair.channel,
          () -> {
            ChannelCalls.put(pair.channel, new byte[100_000]);
            pair.channel.flush();
            pair.channel.shutdownOutput();
            pair.channel.closeTransport();
            pair.channel.setReading(true);
          });
      assertThat(pair.recorder.all()).endsWith("closed").doesNotContain("flushed");
    }
  }

  @OnEachBackend
  void reportsAReset(IoBackend backend) throws Exception {
    try (Pair pair = Pair.open(backend)) {
      pair.peer.reset();
      pair.recorder.await("closed");
      assertThat(pair.recorder.cause()).isInstanceOf(IOException.class);
    }
  }

  @Rule("B4")
  @OnEachBackend
  void noticesAResetWhileReadingIsPaused(IoBackend backend) throws Exception {
    if (backend == IoBackend.NIO) {
      return; // It has no way to notice.
    }
    try (Pair pair = Pair.open(backend)) {
      ChannelCalls.run(pair.channel, () -> pair.channel.setReading(false));
      pair.peer.write(new byte[3_000]);
      pair.peer.reset();
      pair.recorder.await("closed");
      assertThat(pair.recorder.cause()).isInstanceOf(IOException.class);
    }
  }

  @Rule("B4")
  @OnEachBackend
  void noticesTheEndOfTheInputWhileReadingIsPaused(IoBackend backend) throws Exception {
    if (backend == IoBackend.NIO) {
      return; // It has no way to notice.
    }
    try (Pair pair = Pair.open(backend)) {
      ChannelCalls.run(pair.channel, () -> pair.channel.setReading(false));
      int size = 60_000;
      pair.peer.write(new byte[size / 2]);
      pair.peer.write(new byte[size / 2]);
      pair.peer.socket().shutdownOutput();
      pair.recorder.await("inputEnding");
      assertThat(pair.recorder.receivedBytes()).isLessThanOrEqualTo(ReceiveBuffers.MAX_BYTES);
      // Output still works, more than the kernel takes at once.
      ChannelCalls.run(
          pair.channel,
          () -> {
            ChannelCalls.put(pair.channel, new byte[16 * (int) MIB]);
            pair.channel.flush();
          });
      pair.peer.read(16 * (int) MIB);
      pair.recorder.await("flushed");
      assertThat(pair.recorder.all()).doesNotContain("inputShut", "closed");
      ChannelCalls.run(pair.channel, () -> pair.channel.setReading(true));
      pair.recorder.await("inputShut");
      assertThat(pair.recorder.receivedBytes()).isEqualTo(size);
      assertThat(pair.recorder.all().stream().filter("inputEnding"::equals)).hasSize(1);
    }
  }

  @Rule("B4")
  @OnEachBackend
  void noticesTheEndThatCameBeforeReadingWasPaused(IoBackend backend) throws Exception {
    if (backend == IoBackend.NIO) {
      return; // It has no way to notice.
    }
    try (Pair pair = Pair.open(backend)) {
      pair.recorder.onReceived(bytes -> pair.channel.setReading(false));
      ChannelCalls.run(
          pair.channel,
          () -> {
            // The loop is held up until all has arrived.
            pair.peer.write(new byte[60_000]);
            pair.peer.socket().shutdownOutput();
          });
      pair.recorder.await("inputEnding");
    }
  }

  @Rule("B4")
  @OnEachBackend
  void noticesByAFailedWriteThatThePeerHasGoneWhileReadingIsPaused(IoBackend backend)
      throws Exception {
    try (Pair pair = Pair.open(backend)) {
      ChannelCalls.run(pair.channel, () -> pair.channel.setReading(false));
      pair.peer.write("the last of it");
      pair.peer.close();
      while (!pair.recorder.has("inputEnding") && !pair.recorder.has("closed")) {
        ChannelCalls.send(pair.channel, "anybody there?");
      }
      ChannelCalls.run(pair.channel, () -> pair.channel.setReading(true));
      while (!pair.recorder.has("closed")) {
        ChannelCalls.send(pair.channel, "anybody there?");
      }
      assertThat(pair.recorder.text()).isIn("", "the last of it");
    }
  }

  @Rule("C6")
  @OnEachBackend
  void readsWhatThePeerSentBeforeItWentThoughWritesFail(IoBackend backend) throws Exception {
    try (Pair pair = Pair.open(backend)) {
      ChannelCalls.run(
          pair.channel,
          () -> {
            // The loop is held up until the peer has gone.
            pair.peer.write("its Close frame");
            pair.peer.close();
            for (int i = 0; i < 20; i++) {
              ChannelCalls.put(pair.channel, new byte[100_000]);
              pair.channel.flush();
            }
          });
      pair.recorder.await("closed");
      assertThat(pair.recorder.text()).isEqualTo("its Close frame");
    }
  }
}
