package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.SlowConsumers;
import dev.weir.websocket.Topic;
import dev.weir.websocket.TopicStats;
import dev.weir.websocket.Topics;
import dev.weir.websocket.WebSocketClient;
import dev.weir.websocket.WebSocketConnection;
import dev.weir.websocket.WebSocketError;
import dev.weir.websocket.WebSocketServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Topics whose members, on several event loops, come and go while several threads publish. */
@ExtendWith(Leftovers.class)
class TopicsOnSocketsTest {
  private static final int PUBLISHERS = 4;
  private static final int EACH = 500;
  private static final int STAYING = 10;
  private static final int VISITORS = 4;
  private static final int VISITS = 10;

  private final Topic topic =
      new Topics(SlowConsumers.publisherWaits().withQueueBytes(10_000)).topic("race");
  private WebSocketServer server;
  private WebSocketClient client;

  @BeforeEach
  void start() throws Exception {
    server =
        WebSocketServer.builder()
            .route(Route.events("/events", (socket, request) -> topic.subscribe(socket)))
            .route(
                "/streams",
                connection -> {
                  topic.subscribe(connection);
                  connection.send("joined");
                  connection.awaitClosed();
                })
            .start();
    client = WebSocketClient.create();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  @Rule("B5")
  void everyMemberGetsAllFromItsBeginningToItsEndInEachPublishersOrder() throws Exception {
    List<CompletableFuture<int[]>> staying = new ArrayList<>();
    for (int i = 0; i < STAYING; i++) {
      String path = i % 2 == 0 ? "/events" : "/streams";
      var connection = Weir.get(client.connect(server.url(path)).opened());
      staying.add(Weir.start(() -> readAll(connection.readable())));
    }
    long deadline = System.nanoTime() + Weir.SECONDS * 1_000_000_000L;
    while (topic.stats().members() < STAYING) {
      assertThat(System.nanoTime()).as("time for all to join").isLessThan(deadline);
      Thread.onSpinWait();
    }
    List<CompletableFuture<Boolean>> publishers = new ArrayList<>();
    for (int i = 0; i < PUBLISHERS; i++) {
      int publisher = i;
      publishers.add(
          Weir.start(
              () -> {
                for (int number = 0; number < EACH; number++) {
                  Weir.get(topic.publish(publisher + " " + number));
                }
                return true;
              }));
    }
    List<CompletableFuture<Boolean>> visitors = new ArrayList<>();
    for (int i = 0; i < VISITORS; i++) {
      visitors.add(Weir.start(this::visit));
    }
    for (var publisher : publishers) {
      Weir.get(publisher);
    }
    for (var visitor : visitors) {
      Weir.get(visitor);
    }
    Weir.get(topic.publish("end"));
    for (var member : staying) {
      assertThat(Weir.get(member)).containsOnly(EACH);
    }
    TopicStats stats = topic.stats();
    assertThat(stats.published()).isEqualTo(PUBLISHERS * EACH + 1);
    assertThat(stats.refused()).isZero();
    assertThat(stats.closed()).isZero();
    assertThat(stats.delivered()).isGreaterThanOrEqualTo(STAYING * stats.published());

    server.close();
    assertThat(topic.stats().members()).isZero();
    assertThat(topic.stats().queuedBytes()).isZero();
  }

  /** Reads to the end; how many came of each publisher, all in order. */
  private static int[] readAll(Iterable<Message> messages) {
    int[] next = new int[PUBLISHERS];
    for (Message message : messages) {
      String text = message.toString();
      if (text.equals("end")) {
        break;
      }
      if (!text.equals("joined")) {
        String[] parts = text.split(" ", 2);
        int publisher = Integer.parseInt(parts[0]);
        assertThat(Integer.parseInt(parts[1])).isEqualTo(next[publisher]);
        next[publisher]++;
      }
    }
    return next;
  }

  /** Comes, gets some without a gap, and goes, in order or not. */
  private Boolean visit() throws Exception {
    for (int visit = 0; visit < VISITS; visit++) {
      var connection =
          Weir.get(client.connect(server.url(visit % 2 == 0 ? "/events" : "/streams")).opened());
      var reading = Weir.start(() -> readSome(connection));
      if (visit % 3 == 0) {
        connection.abort();
        assertThat(Weir.failure(reading)).isInstanceOf(WebSocketError.class);
      } else {
        connection.close();
        Weir.get(reading);
      }
    }
    return true;
  }

  private static Boolean readSome(WebSocketConnection connection) {
    int[] next = {-1, -1, -1, -1};
    for (Message message : connection.readable()) {
      String[] parts = message.toString().split(" ", 2);
      if (parts.length == 2) {
        int publisher = Integer.parseInt(parts[0]);
        int number = Integer.parseInt(parts[1]);
        assertThat(next[publisher]).isIn(-1, number);
        next[publisher] = number + 1;
      }
    }
    return true;
  }
}
