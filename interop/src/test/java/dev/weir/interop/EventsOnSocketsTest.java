package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.protocol.deflate.CompressionOptions;
import dev.weir.websocket.CloseEvent;
import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.WebSocket;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketOptions;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.events.Event;
import dev.weir.websocket.opening.TlsOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The event interface at both ends of real connections, with real threads. */
@ExtendWith(Leftovers.class)
class EventsOnSocketsTest {
  private static final int BIG = 64 * 1024;

  private final WebSocketClient client = WebSocketClient.create();
  private final Queue<Throwable> reported = new ConcurrentLinkedQueue<>();

  @AfterEach
  void end() {
    client.close();
    assertThat(reported).as("what listeners threw").isEmpty();
  }

  private static WebSocketServer serve(Route route) throws Exception {
    return WebSocketServer.builder().route(route).start();
  }

  private static Route echo() {
    return Route.events(
        "/", (socket, request) -> socket.onMessage(event -> socket.send(event.message())));
  }

  @Test
  @Rule({"W2", "W4", "H3"})
  void keepsTheOrderOfEachSendingThreadAndLosesNothing() throws Exception {
    int threads = 4;
    int each = 5_000;
    var opened = new CompletableFuture<Event>();
    var closed = new CompletableFuture<CloseEvent>();
    var all = new CountDownLatch(threads * each);
    int[] next = new int[threads];
    try (WebSocketServer server = serve(echo())) {
      WebSocket socket =
          client.webSocket(
              server.url("/"),
              WebSocketOptions.DEFAULT.withListeners(
                  added -> {
                    added.onListenerError((event, thrown) -> reported.add(thrown));
                    added.onOpen(opened::complete).onClose(closed::complete);
                    added.onMessage(
                        event -> {
                          String[] parts = event.text().split(" ", 3);
                          int thread = Integer.parseInt(parts[0]);
                          assertThat(Integer.parseInt(parts[1])).isEqualTo(next[thread]++);
                          all.countDown();
                        });
                  }));
      Weir.get(opened);
      for (int thread = 0; thread < threads; thread++) {
        int number = thread;
        Thread.startVirtualThread(
            () -> {
              for (int i = 0; i < each; i++) {
                socket.send(number + " " + i + " " + "x".repeat(i % 500));
              }
            });
      }
      assertThat(all.await(Weir.SECONDS, TimeUnit.SECONDS)).isTrue();
      socket.close(1000, "done");
      CloseEvent end = Weir.get(closed);
      assertThat(end.code()).isEqualTo(1000);
      assertThat(end.wasClean()).isTrue();
      assertThat(socket.bufferedAmount()).isZero();
    }
  }

  @Test
  @Rule({"S8", "W4"})
  void holdsTheSenderBackWhileTheListenersExecutorIsBusy() throws Exception {
    int count = 1_000;
    var sent = new AtomicInteger();
    var allSent = new CompletableFuture<Boolean>();
    var all = new CountDownLatch(count);
    var stuck = new CountDownLatch(1);
    var numbers = new ArrayList<Integer>();
    var busy = new AtomicBoolean();
    var overlap = new AtomicBoolean();
    Route source =
        Route.of(
                "/",
                connection -> {
                  for (int i = 0; i < count; i++) {
                    connection.send(ByteBuffer.allocate(BIG).putInt(0, i));
                    sent.incrementAndGet();
                  }
                  allSent.complete(true);
                  connection.awaitClosed();
                })
            .withCompression(CompressionOptions.off());
    try (ExecutorService executor = Executors.newFixedThreadPool(3);
        WebSocketServer server = serve(source)) {
      var closed = new CompletableFuture<CloseEvent>();
      WebSocket socket =
          client.webSocket(
              server.url("/"),
              WebSocketOptions.DEFAULT
                  .withExecutor(executor)
                  .withListeners(
                      added -> {
                        added.onListenerError((event, thrown) -> reported.add(thrown));
                        added.onClose(closed::complete);
                        added.onMessage(
                            event -> {
                              overlap.compareAndSet(false, !busy.compareAndSet(false, true));
                              stuck.await();
                              if (event.message() instanceof Message.Binary(byte[] bytes)) {
                                numbers.add(ByteBuffer.wrap(bytes).getInt());
                              }
                              busy.set(false);
                              all.countDown();
                            });
                      }));
      try {
        awaitHeldBack(sent, allSent);
        assertThat(sent.get()).as("what the network and the buffers hold").isLessThan(count / 2);
      } finally {
        stuck.countDown();
      }
      assertThat(all.await(Weir.SECONDS, TimeUnit.SECONDS)).isTrue();
      socket.close();
      assertThat(Weir.get(closed).wasClean()).isTrue();
      for (int i = 0; i < count; i++) {
        assertThat(numbers.get(i)).isEqualTo(i);
      }
      assertThat(overlap).as("two events at a time").isFalse();
    }
  }

  /** Until something was sent, and then nothing more for a while. */
  private static void awaitHeldBack(AtomicInteger sent, CompletableFuture<Boolean> allSent) {
    int before;
    do {
      before = sent.get();
      assertThatThrownBy(() -> allSent.get(500, TimeUnit.MILLISECONDS))
          .as("the sender is held back")
          .isInstanceOf(TimeoutException.class);
    } while (before == 0 || sent.get() > before);
  }

  @Test
  @Rule({"W4", "W2"})
  void closesOnceHoweverManyThreadsCloseAndSend() throws Exception {
    try (WebSocketServer server = serve(echo())) {
      for (int round = 0; round < 50; round++) {
        List<String> ends = new ArrayList<>();
        var opened = new CompletableFuture<Event>();
        var closed = new CompletableFuture<CloseEvent>();
        WebSocket socket =
            client.webSocket(
                server.url("/"),
                WebSocketOptions.DEFAULT.withListeners(
                    added ->
                        added
                            .onOpen(opened::complete)
                            .onError(event -> ends.add("error"))
                            .onClose(
                                event -> {
                                  ends.add("close");
                                  closed.complete(event);
                                })));
        Weir.get(opened);
        for (int thread = 0; thread < 3; thread++) {
          Thread.startVirtualThread(
              () -> {
                for (int i = 0; i < 20; i++) {
                  socket.send("x");
                }
                socket.close(1000);
              });
        }
        assertThat(Weir.get(closed).code()).isEqualTo(1000);
        assertThat(ends).as("round " + round).endsWith("close").doesNotHaveDuplicates();
        assertThat(socket.readyState()).isEqualTo(WebSocket.CLOSED);
      }
    }
  }

  @Test
  @Rule({"C5", "W4"})
  void reports1015WithTheTlsExceptionForAServerThatIsNotTrusted() throws Exception {
    try (WebSocketServer server =
        WebSocketServer.builder().tls(TlsOptions.selfSigned()).route(echo()).start()) {
      var error = new CompletableFuture<Throwable>();
      var closed = new CompletableFuture<CloseEvent>();
      client.webSocket(
          server.url("/"),
          WebSocketOptions.DEFAULT.withListeners(
              socket ->
                  socket
                      .onError(event -> error.complete(event.cause()))
                      .onClose(closed::complete)));
      assertThat(Weir.get(closed).code()).isEqualTo(1015);
      assertThat(Weir.get(error)).hasRootCauseInstanceOf(Exception.class);
      assertThat(Weir.get(error).getCause()).isInstanceOf(SSLException.class);
    }
  }

  /** Repeated, since a connection that has just been accepted must not be cut instead. */
  @RepeatedTest(20)
  @Rule({"W4", "C4"})
  void tellsItsListenersThatTheServerHasStopped() throws Exception {
    var opened = new CompletableFuture<Event>();
    var closed = new CompletableFuture<CloseEvent>();
    var closedThere = new CompletableFuture<CloseEvent>();
    Route route = Route.events("/", (socket, request) -> socket.onClose(closedThere::complete));
    try (WebSocketServer server = serve(route)) {
      client.webSocket(
          server.url("/"),
          WebSocketOptions.DEFAULT.withListeners(
              socket -> socket.onOpen(opened::complete).onClose(closed::complete)));
      Weir.get(opened);
    }
    assertThat(Weir.get(closed).code()).isEqualTo(1001);
    assertThat(Weir.get(closedThere).code()).isEqualTo(1001);
    assertThat(Weir.get(closedThere).wasClean()).isTrue();
  }
}
