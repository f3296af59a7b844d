package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.streams.DomException;
import dev.weir.streams.ReadableStreamDefaultReader;
import dev.weir.testkit.Fault;
import dev.weir.testkit.Faults;
import dev.weir.testkit.InMemoryTransport;
import dev.weir.testkit.ManualEventLoop;
import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.ServerConnection;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketServer;
import dev.weir.websocket.WebSocketStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** A client and a server of Weir joined by a network that cuts, stalls and breaks. */
class JoinedTest {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration PING_INTERVAL = Duration.ofSeconds(20);
  private static final Duration PING_TIMEOUT = Duration.ofSeconds(20);

  private final ManualEventLoop loop = new ManualEventLoop();
  private final InMemoryTransport transport = new InMemoryTransport(loop);
  private final List<ServerConnection> accepted = new ArrayList<>();
  private final WebSocketClient client =
      WebSocketClient.builder()
          .transport(transport)
          .keepAlive(PING_INTERVAL, PING_TIMEOUT)
          .closeTimeout(CLOSE_TIMEOUT)
          .build();

  private WebSocketServer serve() throws IOException {
    return WebSocketServer.builder()
        .transport(transport)
        .keepAlive(PING_INTERVAL, PING_TIMEOUT)
        .closeTimeout(CLOSE_TIMEOUT)
        .route(
            Route.async(
                "/",
                connection -> {
                  accepted.add(connection);
                  return new CompletableFuture<Void>();
                }))
        .start();
  }

  @Test
  @Rule({"S7", "H1", "H3", "P1"})
  void carryTheSameMessagesHoweverTheBytesAreCut() throws Exception {
    for (long seed = 0; seed < 40; seed++) {
      JoinedTest run = new JoinedTest();
      long seeded = seed;
      run.transport.onLink(
          link -> {
            link.chunked(seeded);
            link.toServer().window((int) (seeded * 100 + 10));
            link.toClient().window((int) (seeded * 100 + 10));
          });
      run.exchangeAndClose("seed " + seed);
    }
  }

  private void exchangeAndClose(String what) throws Exception {
    WebSocketServer server = serve();
    WebSocketStream stream = client.connect(server.url("/"));
    WebSocketConnection here = loop.runUntil(stream.opened());
    loop.runUntil(() -> !accepted.isEmpty());
    ServerConnection there = accepted.get(0);
    List<Message> messages = messages();
    CompletableFuture<List<Message>> atServer = readAll(there);
    CompletableFuture<List<Message>> atClient = readAll(here);
    for (Message message : messages) {
      here.sendAsync(message);
      there.sendAsync(message);
    }
    loop.runPending();
    stream.close(4000, "done");
    assertThat(loop.runUntil(there.closed()))
        .as(what)
        .isEqualTo(new WebSocketCloseInfo(4000, "done"));
    assertThat(loop.runUntil(stream.closed()))
        .as(what)
        .isEqualTo(new WebSocketCloseInfo(4000, "done"));
    assertThat(loop.runUntil(atServer)).as(what).isEqualTo(messages);
    assertThat(loop.runUntil(atClient)).as(what).isEqualTo(messages);
    loop.assertIdle();
    assertThat(transport.links()).allMatch(link -> link.isClosed());
  }

  @Test
  @Rule("H1")
  void bothEndCleanWhenTheyCloseAtTheSameMoment() throws Exception {
    for (long seed = 0; seed < 40; seed++) {
      JoinedTest run = new JoinedTest();
      long seeded = seed;
      run.transport.onLink(link -> link.chunked(seeded));
      WebSocketServer server = run.serve();
      WebSocketStream stream = run.client.connect(server.url("/"));
      WebSocketConnection here = run.loop.runUntil(stream.opened());
      run.loop.runUntil(() -> !run.accepted.isEmpty());
      ServerConnection there = run.accepted.get(0);
      run.loop.runPending();
      here.close(4001, "client");
      there.close(1013, "server");
      assertThat(run.loop.runUntil(stream.closed()))
          .as("seed %d", seed)
          .isEqualTo(new WebSocketCloseInfo(1013, "server"));
      assertThat(run.loop.runUntil(there.closed()))
          .as("seed %d", seed)
          .isEqualTo(new WebSocketCloseInfo(4001, "client"));
      run.loop.assertIdle();
    }
  }

  @Test
  @Rule({"H1", "H5", "H7", "B4", "K5"})
  void endWithinTheirTimeoutsWhereverTheNetworkBreaks() throws Exception {
    for (long seed = 0; seed < 400; seed++) {
      new JoinedTest().survive(seed);
    }
  }

  private void survive(long seed) throws Exception {
    Faults faults = Faults.seeded(seed);
    List<Fault> injected = new ArrayList<>();
    transport.onLink(link -> injected.add(faults.injectInto(link, 3_000)));
    WebSocketServer server = serve();
    WebSocketStream stream = client.connect(server.url("/"));
    WebSocketConnection here = loop.runUntil(stream.opened());
    loop.runPending();
    ServerConnection there = accepted.get(0);
    CompletableFuture<List<Message>> atServer = readAll(there);
    CompletableFuture<List<Message>> atClient = readAll(here);
    List<Message> messages = messages();
    for (Message message : messages) {
      here.sendAsync(message);
      there.sendAsync(message);
    }
    loop.runPending();
    stream.close(4000, "done");
    loop.advance(CLOSE_TIMEOUT.plus(PING_INTERVAL).plus(PING_TIMEOUT).plus(CLOSE_TIMEOUT));
    String what = faults + " " + injected;
    assertEnded(here.closed(), what + " client");
    assertEnded(there.closed(), what + " server");
    assertThat(atServer).as(what).isDone();
    assertThat(atClient).as(what).isDone();
    assertThat(loop.pendingTimers()).as(what + " " + loop).isZero();
    assertThat(transport.links()).as(what).allMatch(link -> link.isClosed());
  }

  /** Cleanly with the peer's code, or not cleanly with its code or 1006 and a cause. */
  private static void assertEnded(CompletableFuture<WebSocketCloseInfo> closed, String what) {
    assertThat(closed).as(what).isDone();
    try {
      assertThat(closed.join()).as(what).isEqualTo(new WebSocketCloseInfo(4000, "done"));
    } catch (CompletionException e) {
      assertThat(e.getCause()).as(what).isInstanceOf(WebSocketError.class);
      WebSocketError error = (WebSocketError) e.getCause();
      assertThat(error.closeCode()).as(what).isIn(1006, 4000);
      assertThat(((DomException) error).name()).isEqualTo("WebSocketError");
      if (error.closeCode() == 1006) {
        assertThat(error.getCause()).as(what).isNotNull();
      }
    }
  }

  private static List<Message> messages() {
    List<Message> messages = new ArrayList<>();
    for (int length : new int[] {0, 1, 125, 126, 127, 600, 20}) {
      messages.add(Message.of("ü€😀".repeat(length).substring(0, length / 2 * 2)));
      messages.add(Message.of(new byte[length]));
    }
    return messages;
  }

  private static CompletableFuture<List<Message>> readAll(WebSocketConnection connection) {
    List<Message> read = new ArrayList<>();
    CompletableFuture<List<Message>> done = new CompletableFuture<>();
    readNext(connection.readable().getReader(), read, done);
    return done;
  }

  private static void readNext(
      ReadableStreamDefaultReader<Message> reader,
      List<Message> read,
      CompletableFuture<List<Message>> done) {
    reader
        .read()
        .whenComplete(
            (result, failure) -> {
              if (failure != null || result.done()) {
                done.complete(read);
              } else {
                read.add(result.value());
                readNext(reader, read, done);
              }
            });
  }
}
