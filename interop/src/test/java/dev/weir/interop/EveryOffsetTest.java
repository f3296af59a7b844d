package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.interop.FaultProxy.Fault;
import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.ServerConnection;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.WebSocketStream;
import dev.weir.websocket.opening.OpeningFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A connection that is cut, reset or stalled in place of any byte of the opening handshake, of a
 * message with its echo, and of the closing handshake, in either direction.
 */
@ExtendWith(Leftovers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Rule({"H1", "H5", "K5", "C4", "6455-7.2.1-1", "6455-7.2.1-2"})
class EveryOffsetTest {
  private static final int AT_ONCE = 32;
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int TEXT_FRAME = 2 + 4 + 2;
  private static final int ECHO_FRAME = 2 + 2;
  private static final int CLOSE_FRAME = 2 + 4 + 2;
  private static final int ANSWERING_CLOSE_FRAME = 2 + 2;

  private final Map<String, CompletableFuture<ServerConnection>> served = new ConcurrentHashMap<>();
  private WebSocketServer server;
  private WebSocketClient patient;
  private WebSocketClient shortOpening;
  private WebSocketClient shortClosing;

  /** Where the fault strikes. */
  private enum Phase {
    OPENING,
    MESSAGE,
    CLOSING
  }

  @BeforeAll
  void start() throws Exception {
    server =
        WebSocketServer.builder()
            .closeTimeout(LONG)
            .route(
                Route.async(
                    "/{id}",
                    connection -> {
                      String id = connection.request().parameters().get("id");
                      served
                          .computeIfAbsent(id, key -> new CompletableFuture<>())
                          .complete(connection);
                      return connection.readable().pipeTo(connection.writable());
                    }))
            .start();
    patient = builder(LONG, LONG).build();
    shortOpening = builder(SHORT, LONG).build();
    shortClosing = builder(LONG, SHORT).build();
  }

  private static WebSocketClient.Builder builder(Duration opening, Duration closing) {
    return WebSocketClient.builder().handshakeTimeout(opening).closeTimeout(closing);
  }

  @AfterAll
  void stop() {
    patient.close();
    shortOpening.close();
    shortClosing.close();
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void endsInTimeWithTheRightCodeAndNothingLeft(Fault fault) throws Exception {
    int toServer;
    int toClient;
    try (FaultProxy proxy = FaultProxy.harmless(server.address())) {
      // As long a path as those with faults have, so that their offsets are the same.
      WebSocketStream stream = patient.connect(proxy.url("/h-x-0000"));
      var connection = Weir.get(stream.opened());
      connection.send("hi");
      assertThat(Weir.next(connection.readable().getReader())).isEqualTo(Message.of("hi"));
      stream.close(4000, "");
      assertThat(Weir.get(stream.closed())).isEqualTo(new WebSocketCloseInfo(4000, ""));
      Weir.get(proxy.ended());
      toServer = proxy.bytesToServer();
      toClient = proxy.bytesToClient();
    }
    var limit = new Semaphore(AT_ONCE);
    List<CompletableFuture<Void>> runs = new ArrayList<>();
    for (int offset = 0; offset < toServer; offset++) {
      int at = offset;
      Phase phase = phase(at, toServer - TEXT_FRAME - CLOSE_FRAME, TEXT_FRAME);
      limit.acquire();
      runs.add(
          Weir.start(
              () -> {
                try (var proxy = FaultProxy.onTheWayToTheServer(server.address(), fault, at)) {
                  return run(
                      proxy, fault, phase, "s-%c-%04d".formatted(fault.name().charAt(0), at), true);
                } finally {
                  limit.release();
                }
              }));
    }
    for (int offset = 0; offset < toClient; offset++) {
      int at = offset;
      Phase phase = phase(at, toClient - ECHO_FRAME - ANSWERING_CLOSE_FRAME, ECHO_FRAME);
      limit.acquire();
      runs.add(
          Weir.start(
              () -> {
                try (var proxy = FaultProxy.onTheWayToTheClient(server.address(), fault, at)) {
                  return run(
                      proxy,
                      fault,
                      phase,
                      "c-%c-%04d".formatted(fault.name().charAt(0), at),
                      false);
                } finally {
                  limit.release();
                }
              }));
    }
    assertThat(runs).hasSizeGreaterThan(300);
    for (var run : runs) {
      Weir.get(run);
    }
    assertThat(server.connections()).isZero();
  }

  private static Phase phase(int offset, int opening, int message) {
    return offset < opening
        ? Phase.OPENING
        : offset < opening + message ? Phase.MESSAGE : Phase.CLOSING;
  }

  /** Opens, sends, reads and closes through the proxy; fails with the path as its name. */
  private Void run(FaultProxy proxy, Fault fault, Phase phase, String id, boolean toServer)
      throws Exception {
    try {
      WebSocketStream stream = client(fault, phase).connect(proxy.url("/" + id));
      if (phase == Phase.OPENING) {
        openingFails(stream, fault);
      } else {
        closingFails(stream, fault, phase);
      }
      if (!toServer || phase != Phase.OPENING) {
        serverEnds(id, phase, toServer);
      }
      return null;
    } catch (Throwable e) {
      throw new AssertionError(phase + " of " + id + ": " + e.getMessage(), e);
    }
  }

  private WebSocketClient client(Fault fault, Phase phase) {
    return fault != Fault.STALL ? patient : phase == Phase.OPENING ? shortOpening : shortClosing;
  }

  private static void openingFails(WebSocketStream stream, Fault fault) throws Exception {
    WebSocketError error = Weir.refused(stream);
    assertThat(error.closeCode()).isEqualTo(1006);
    var failure = (OpeningFailure) error.getCause();
    assertThat(failure.stage()).isEqualTo(OpeningFailure.Stage.HANDSHAKE);
    assertThat(failure.isTimeout()).isEqualTo(fault == Fault.STALL);
  }

  private static void closingFails(WebSocketStream stream, Fault fault, Phase phase)
      throws Exception {
    var connection = Weir.get(stream.opened());
    var reader = connection.readable().getReader();
    // A cut may be noticed before the call: then that this message was not sent is right.
    var sent = connection.sendAsync(Message.of("hi"));
    if (phase == Phase.CLOSING) {
      assertThat(Weir.next(reader)).isEqualTo(Message.of("hi"));
      Weir.get(sent);
    }
    if (phase == Phase.CLOSING || fault == Fault.STALL) {
      stream.close(4000, "");
    }
    WebSocketError error = Weir.unclean(stream.closed(), 1006);
    if (fault == Fault.STALL) {
      assertThat(error.getCause()).isInstanceOf(TimeoutException.class);
    } else {
      assertThat(error.getCause()).isInstanceOf(IOException.class);
    }
  }

  /** What the server had accepted ends too; clean only where both Close frames went their way. */
  private void serverEnds(String id, Phase phase, boolean toServer) throws Exception {
    ServerConnection connection =
        Weir.get(served.computeIfAbsent(id, key -> new CompletableFuture<>()));
    boolean hasClose = !toServer && phase != Phase.OPENING;
    try {
      WebSocketCloseInfo clean = Weir.get(connection.closed());
      assertThat(hasClose).as("that the server saw a Close frame").isTrue();
      assertThat(clean.closeCode()).isEqualTo(4000);
    } catch (ExecutionException e) {
      assertThat(((WebSocketError) e.getCause()).closeCode())
          .isIn(hasClose ? List.of(4000, 1006) : List.of(1006));
    }
  }
}
