package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weir.conformance.Rule;
import dev.weir.interop.RawLink.Weirs;
import dev.weir.protocol.close.ProtocolViolation;
import dev.weir.protocol.connection.Limits;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketServer;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.ToLongFunction;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ten gibibytes in a message of ten megabytes, sent over loopback TCP: it costs no more than the
 * message limit, in memory and in time (P3, P4).
 */
@ExtendWith(Leftovers.class)
class BombOnSocketsTest {
  private static final long INFLATED = 10L << 30;
  private static final int LIMIT = 16 << 20;
  private static final long MORE = 1 << 20;

  /** The limit takes some 50 ms to inflate, all of it several seconds. */
  private static final long MOST_CPU_NANOS = 1_500_000_000;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void theBombIsWhatItSays() throws Exception {
    int inflated = 100 << 20;
    byte[] bomb = Bomb.of(inflated);
    assertThat(bomb.length).isLessThan(inflated / 1000);
    var inflater = new Inflater(true);
    inflater.setInput(bomb);
    byte[] out = new byte[1 << 20];
    long sum = 0;
    for (int count = inflater.inflate(out); count > 0; count = inflater.inflate(out)) {
      sum += count;
    }
    assertThat(sum).isEqualTo(Bomb.inflatedBytes(inflated)).isGreaterThanOrEqualTo(inflated);
    // Between blocks, where the tail that is left away fits.
    inflater.setInput(new byte[] {0, 0, -1, -1, 3, 0});
    assertThat(inflater.inflate(out)).isZero();
    assertThat(inflater.finished()).isTrue();
    inflater.end();
  }

  @ParameterizedTest(name = "{0}, takeover {1}")
  @CsvSource({"SERVER, false", "SERVER, true", "CLIENT, false", "CLIENT, true"})
  @Rule({"P3", "P4"})
  void costsNoMoreThanTheLimitAndClosesWith1009(Weirs role, boolean takeover) throws Exception {
    byte[] bomb = Bomb.of(INFLATED);
    assertThat(bomb.length).as("compressed bytes").isLessThan(LIMIT);
    byte[] frame = RawPeer.frame(RawPeer.BINARY | 0x40, bomb, role == Weirs.SERVER);
    try (var link = role == Weirs.SERVER ? Link.toServer(takeover) : Link.toClient(takeover)) {
      // So that nothing is counted that is there once, such as the inflater and its buffers.
      link.peer.write(RawPeer.frame(RawPeer.BINARY | 0x40, Bomb.of(100_000), role == Weirs.SERVER));
      Message first = Weir.next(link.connection.readable().getReader());
      assertThat(first).isEqualTo(Message.of(new byte[(int) Bomb.inflatedBytes(100_000)]));
      long bytesBefore = ofWeir(THREADS::getThreadAllocatedBytes);
      long nanosBefore = ofWeir(THREADS::getThreadCpuTime);

      // What is written behind the Close meets nobody.
      Weir.start(() -> link.peer.write(frame));
      RawPeer.Frame close = link.peer.readFrame();
      long nanos = ofWeir(THREADS::getThreadCpuTime) - nanosBefore;
      long bytes = ofWeir(THREADS::getThreadAllocatedBytes) - bytesBefore;

      assertThat(close.first()).isEqualTo(RawPeer.CLOSE);
      assertThat(close.closeCode()).isEqualTo(1009);
      assertThat(bytes).as("bytes allocated").isBetween((long) LIMIT, LIMIT + MORE);
      assertThat(nanos).as("processor time in ns").isLessThan(MOST_CPU_NANOS);
      link.peer.close();
      var error = Weir.unclean(link.connection.closed(), 1006);
      assertThat(error.getCause())
          .isInstanceOf(ProtocolViolation.class)
          .hasMessageContaining("a message of at most " + LIMIT + " bytes");
    }
  }

  /** The sum over all threads of Weir that live now. */
  private static long ofWeir(ToLongFunction<Long> figure) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("weir-"))
        .mapToLong(thread -> Math.max(0, figure.applyAsLong(thread.threadId())))
        .sum();
  }

  /** A connection with compression between Weir and a raw peer. */
  private record Link(AutoCloseable weir, RawPeer peer, WebSocketConnection connection)
      implements AutoCloseable {
    static Link toServer(boolean takeover) throws Exception {
      BlockingQueue<WebSocketConnection> opened = new LinkedBlockingQueue<>();
      WebSocketServer server =
          WebSocketServer.builder()
              .limits(Limits.server().withMaxMessageBytes(LIMIT))
              .compression(CompressionOptions.server().withTakeover(takeover, takeover))
              .route(
                  Route.async(
                      "/",
                      connection -> {
                        opened.add(connection);
                        return connection.closed().handle((info, error) -> null);
                      }))
              .start();
      RawPeer peer = RawPeer.connect(server);
      String answer =
          peer.write(RawPeer.request("/", "Sec-WebSocket-Extensions: permessage-deflate\r\n"))
              .readHeader();
      assertThat(RawPeer.field(answer, "Sec-WebSocket-Extensions").contains("client_no_context"))
          .isEqualTo(!takeover);
      return new Link(server, peer, Weir.next(opened));
    }

    static Link toClient(boolean takeover) throws Exception {
      WebSocketClient client =
          WebSocketClient.builder().limits(Limits.client().withMaxMessageBytes(LIMIT)).build();
      try (ServerSocket listener = RawPeer.listen()) {
        var stream = client.connect(RawPeer.url(listener));
        RawPeer peer = RawPeer.accept(listener);
        String extension =
            "Sec-WebSocket-Extensions: permessage-deflate"
                + (takeover ? "" : "; server_no_context_takeover");
        String accepting = RawPeer.accepting(peer.readHeader());
        peer.write(accepting.replaceFirst("\r\n\r\n", "\r\n" + extension + "\r\n\r\n"));
        return new Link(client, peer, Weir.get(stream.opened()));
      }
    }

    @Override
    public void close() throws Exception {
      peer.close();
      connection.abort();
      weir.close();
    }
  }
}
