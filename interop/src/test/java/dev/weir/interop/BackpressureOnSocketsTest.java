package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.weir.conformance.Rule;
import dev.weir.interop.RawLink.Settings;
import dev.weir.interop.RawLink.Weirs;
import dev.weir.websocket.Message;
import dev.weir.websocket.ServerConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Backpressure over loopback TCP, in both roles and both directions. */
@ExtendWith(Leftovers.class)
class BackpressureOnSocketsTest {
  private static final int RECEIVE_BUFFER = 256 * 1024;
  private static final int MESSAGES = 10_000;
  private static final int BIG = 64 * 1024;
  private static final int WRITE = 4 * 1024;
  private static final int SMALL = 2 * 1024;

  /** The receive buffer, the message that passed it, one read of a socket, one message begun. */
  private static final long BOUND = RECEIVE_BUFFER + BIG + 256 * 1024 + BIG;

  @ParameterizedTest
  @EnumSource
  @Rule({"S8", "S7", "P4"})
  void withNobodyReadingThePeerIsHeldBackAfterABoundAndNothingIsLost(Weirs role) throws Exception {
    assumeThat(Files.exists(TcpQueues.TABLE)).as("the kernel's table of connections").isTrue();
    var settings = Settings.PATIENT.withReceiveBuffer(RECEIVE_BUFFER);
    try (var link = RawLink.open(role, settings)) {
      link.peer().socket().setSendBufferSize(8 * 1024);
      var written = new AtomicLong();
      CompletableFuture<Boolean> sender = send(link, written);

      long taken = awaitHeldBack(link, written, sender);

      assertThat(taken).as("bytes taken from the kernel").isBetween((long) RECEIVE_BUFFER, BOUND);
      var reader = link.connection().readable().getReader();
      for (int number = 0; number < MESSAGES; number++) {
        var message = (Message.Binary) Weir.next(reader);
        assertThat(ByteBuffer.wrap(message.bytes()).getInt()).isEqualTo(number);
        assertThat(message.bytes().length).isEqualTo(sizeOf(number));
      }
      Weir.get(sender);
    }
  }

  private static int sizeOf(int number) {
    // Big ones for as long as nobody reads, whatever the kernel's buffers are.
    return number < MESSAGES / 10 ? BIG : SMALL;
  }

  /** Sends numbered messages in small writes, so that little is uncounted while one blocks. */
  private static CompletableFuture<Boolean> send(RawLink link, AtomicLong written) {
    boolean masked = link.connection() instanceof ServerConnection;
    return Weir.start(
        () -> {
          var output = link.peer().socket().getOutputStream();
          for (int number = 0; number < MESSAGES; number++) {
            byte[] payload = ByteBuffer.allocate(sizeOf(number)).putInt(number).array();
            byte[] frame = RawPeer.frame(RawPeer.BINARY, payload, masked);
            for (int from = 0; from < frame.length; from += WRITE) {
              int count = Math.min(WRITE, frame.length - from);
              output.write(frame, from, count);
              written.addAndGet(count);
            }
          }
          return true;
        });
  }

  /** What Weir has taken from the kernel once the sender has made no headway for a while. */
  private static long awaitHeldBack(
      RawLink link, AtomicLong written, CompletableFuture<Boolean> sender) throws Exception {
    long before;
    do {
      before = written.get();
      assertThatThrownBy(() -> sender.get(700, TimeUnit.MILLISECONDS))
          .as("the sender is still held back")
          .isInstanceOf(TimeoutException.class);
    } while (before != written.get());
    // Of the write that blocks some is in the kernel already, though it is not counted yet.
    return before + WRITE - queues(link).total();
  }

  private static TcpQueues queues(RawLink link) throws IOException {
    var socket = link.peer().socket();
    return TcpQueues.between(socket.getLocalSocketAddress(), socket.getRemoteSocketAddress());
  }

  @ParameterizedTest
  @EnumSource
  @Rule({"S12", "B1"})
  void aWriteOfEightMebibytesStaysPendingUntilThePeerReads(Weirs role) throws Exception {
    try (var link = RawLink.open(role, Settings.PATIENT.withPeersBuffer(4096))) {
      byte[] bytes = new byte[8 << 20];
      new Random(8).nextBytes(bytes);
      var writer = link.connection().writable().getWriter();
      var write = writer.write(Message.of(bytes));

      assertThatThrownBy(() -> write.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
      assertThat(writer.ready()).isNotDone();
      assertThat(link.connection().bufferedAmount()).isPositive();
      link.peer().send(RawPeer.PING, "still there?");

      int at = 0;
      boolean ponged = false;
      int fragments = 0;
      while (at < bytes.length || !ponged) {
        RawPeer.Frame frame = link.peer().readFrame();
        if (frame.first() == RawPeer.PONG) {
          assertThat(frame.text()).isEqualTo("still there?");
          ponged = true;
          continue;
        }
        assertThat(frame.first() & 0xF).isEqualTo(fragments == 0 ? 2 : 0);
        assertThat(frame.payload().length).isLessThanOrEqualTo(64 * 1024);
        assertThat(frame.payload())
            .isEqualTo(Arrays.copyOfRange(bytes, at, at + frame.payload().length));
        at += frame.payload().length;
        fragments += 1;
        assertThat((frame.first() & 0x80) != 0).isEqualTo(at == bytes.length);
      }
      assertThat(fragments).isGreaterThanOrEqualTo(128);
      Weir.get(write);
      Weir.get(writer.ready());
    }
  }
}
