package dev.weir.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.netty.FaultProxy.Fault;
import dev.weir.netty.FaultProxy.Kind;
import dev.weir.protocol.handshake.Agreement;
import dev.weir.protocol.handshake.Headers;
import dev.weir.websocket.opening.OpeningFailure;
import dev.weir.websocket.spi.ChannelEvents;
import dev.weir.websocket.spi.WebSocketChannel;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;

/** Both transports with a proxy between them that cuts, stalls, resets or drips at any byte. */
@ExtendWith(Leftovers.class)
final class FaultTest {
  private static final int STEP = 23;
  private static final int HANDSHAKE_BYTES = 260;
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final String MESSAGE = "a message of thirty-two bytes ..";

  /** Sends back what it gets, and ends when the other end does. */
  private static void echo(WebSocketChannel channel) {
    channel.start(
        new ChannelEvents() {
          @Override
          public void received(ByteBuffer bytes) {
            int count = bytes.remaining();
            channel.reserve(count).put(bytes);
            channel.commit(count);
          }

          @Override
          public void readComplete() {
            channel.flush();
          }

          @Override
          public void writable() {}

          @Override
          public void flushed() {}

          @Override
          public void inputEnding() {}

          @Override
          public void inputShut() {
            channel.shutdownOutput();
          }

          @Override
          public void closed(@Nullable Throwable cause) {}
        });
  }

  private interface Check {
    void run(Opened opened, String at) throws Exception;
  }

  private static void atEachByte(IoBackend backend, Kind kind, Check check) throws Exception {
    TestOptions options =
        TestOptions.patient().withTimeouts(LONG, LONG, kind == Kind.STALL ? SHORT : LONG);
    try (var server = TestOptions.server(backend, null, LONG, 10_000)) {
      int port =
          server
              .start(exchange -> exchange.accept(Agreement.NONE, Headers.empty(), FaultTest::echo))
              .getPort();
      for (boolean towardsServer : new boolean[] {true, false}) {
        for (int after = 0; after < HANDSHAKE_BYTES; after += STEP) {
          Fault fault = new Fault(kind, after);
          try (var client = options.client(backend);
              var proxy =
                  new FaultProxy(
                      port,
                      towardsServer ? fault : Fault.NONE,
                      towardsServer ? Fault.NONE : fault)) {
            check.run(
                TestOptions.open(client, "ws://127.0.0.1:" + proxy.port() + "/"),
                kind
                    + " after "
                    + after
                    + " bytes to the "
                    + (towardsServer ? "server" : "client"));
          }
        }
      }
    }
  }

  /** Sends a message and waits until the connection has ended. */
  private static void exchangeUntilTheEnd(Opened opened) throws Exception {
    WebSocketChannel channel = opened.channel();
    Recorder recorder = ChannelCalls.start(channel);
    ChannelCalls.send(channel, MESSAGE);
    ChannelCalls.run(channel, channel::shutdownOutput);
    recorder.await("closed");
    assertThat(MESSAGE).startsWith(recorder.text());
  }

  @Rule("K5")
  @OnEachBackend
  void endsWhereverItIsCut(IoBackend backend) throws Exception {
    atEachByte(backend, Kind.CUT, FaultTest::failsOrEnds);
  }

  @Rule("K5")
  @OnEachBackend
  void endsWhereverItIsReset(IoBackend backend) throws Exception {
    atEachByte(backend, Kind.RESET, FaultTest::failsOrEnds);
  }

  @OnEachBackend
  void endsWhereverOneDirectionEnds(IoBackend backend) throws Exception {
    atEachByte(backend, Kind.HALF_CLOSE, FaultTest::failsOrEnds);
  }

  private static void failsOrEnds(Opened opened, String at) throws Exception {
    if (opened.hasFailed()) {
      OpeningFailure failure = opened.failure();
      // A server that sees half a request end answers it with 400.
      assertThat(failure.stage())
          .as(at)
          .isIn(
              OpeningFailure.Stage.CONNECT,
              OpeningFailure.Stage.HANDSHAKE,
              OpeningFailure.Stage.REFUSED);
      assertThat(failure.isTimeout()).as(at).isFalse();
    } else {
      exchangeUntilTheEnd(opened);
    }
  }

  @Rule("K5")
  @OnEachBackend
  void failsInTimeWhereverTheHandshakeStalls(IoBackend backend) throws Exception {
    atEachByte(
        backend,
        Kind.STALL,
        (opened, at) -> {
          if (opened.hasFailed()) {
            assertThat(opened.failure().isTimeout()).as(at).isTrue();
            assertThat(opened.failure().stage()).as(at).isEqualTo(OpeningFailure.Stage.HANDSHAKE);
          }
        });
  }

  @OnEachBackend
  void carriesEverythingWhenBytesDrip(IoBackend backend) throws Exception {
    atEachByte(
        backend,
        Kind.DRIP,
        (opened, at) -> {
          WebSocketChannel channel = opened.channel();
          Recorder recorder = ChannelCalls.start(channel);
          ChannelCalls.send(channel, MESSAGE);
          assertThat(recorder.awaitBytes(MESSAGE.length())).as(at).isEqualTo(MESSAGE);
          ChannelCalls.run(channel, channel::shutdownOutput);
          recorder.await("closed");
          assertThat(recorder.cause()).as(at).isNull();
        });
  }
}
