package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weir.conformance.Rule;
import dev.weir.testkit.Frame;
import dev.weir.testkit.ScriptedPeer;
import dev.weir.websocket.Message;
import dev.weir.websocket.Route;
import dev.weir.websocket.SlowConsumers;
import dev.weir.websocket.Topic;
import dev.weir.websocket.TopicStats;
import dev.weir.websocket.Topics;
import dev.weir.websocket.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that do not read as fast as is published (B5). */
@Rule("B5")
class SlowConsumersTest {
  private static final int SEND_BUFFER = 1000;
  private static final int QUEUE = 2000;
  private static final int WINDOW = 500;

  /** Of each message that is published here. */
  private static final int PAYLOAD = 36;

  private static final int COUNTED = PAYLOAD + 64;

  private final List<WebSocket> sockets = new ArrayList<>();
  private final Server server =
      new Server(
          builder ->
              builder
                  .sendBuffer(SEND_BUFFER)
                  .route(Route.events("/", (socket, request) -> sockets.add(socket))));
  private int published;

  private Topic topic(SlowConsumers policy) {
    return new Topics(policy.withQueueBytes(QUEUE)).topic("ticks");
  }

  private ScriptedPeer slow(Topic topic) {
    ScriptedPeer peer = fast(topic);
    peer.stopReading().link().toClient().window(WINDOW);
    return peer;
  }

  private ScriptedPeer fast(Topic topic) {
    ScriptedPeer peer = server.connect("/");
    server.loop.runPending();
    topic.subscribe(sockets.getLast());
    server.loop.runPending();
    return peer;
  }

  private CompletableFuture<Void> publish(Topic topic) {
    CompletableFuture<Void> done = topic.publish(text(published++));
    server.loop.runPending();
    return done;
  }

  private static String text(int number) {
    String digits = Integer.toString(number);
    return digits + ".".repeat(PAYLOAD - digits.length());
  }

  private static int number(Frame message) {
    assertThat(message.payload()).hasSize(PAYLOAD);
    return Integer.parseInt(message.text().replace(".", ""));
  }

  private static void leave(ScriptedPeer peer) {
    peer.sendClose(1000, "").expectClose(1000, "").expectEnd().close();
  }

  private void expectNumbers(ScriptedPeer peer, int from, int to) {
    for (int i = from; i < to; i++) {
      assertThat(number(peer.nextMessage())).isEqualTo(i);
    }
  }

  @ParameterizedTest
  @Rule({"C4", "B5"})
  @ValueSource(ints = {1008, 1013})
  void closesAMemberThatDoesNotKeepUp(int code) {
    Topic topic = topic(SlowConsumers.close(code));
    ScriptedPeer slow = slow(topic);
    ScriptedPeer fast = fast(topic);
    while (topic.stats().closed() == 0) {
      publish(topic);
      assertThat(topic.stats().queuedBytes()).isLessThanOrEqualTo(QUEUE);
      assertThat(published).isLessThan(100);
    }
    TopicStats stats = topic.stats();
    assertThat(stats.members()).isOne();
    assertThat(stats.closed()).isOne();
    assertThat(stats.queuedBytes()).isZero();
    assertThat(stats.dropped()).isEqualTo(QUEUE / COUNTED + 1);
    assertThat(stats.delivered() + stats.dropped()).isEqualTo(2L * published);
    publish(topic);
    expectNumbers(fast, 0, published);

    slow.resumeReading();
    expectNumbers(slow, 0, published - 1 - QUEUE / COUNTED - 1);
    slow.expectClose(code, "too slow for its messages").sendClose(code, "").expectEnd().close();
    leave(fast);
    server.finish();
  }

  @Test
  void cutsAMemberThatIsClosedAndReadsNothingAtAll() {
    Topic topic = topic(SlowConsumers.close(1013));
    ScriptedPeer slow = slow(topic);
    while (topic.stats().closed() == 0) {
      publish(topic);
    }
    assertThat(server.server.connections()).isOne();
    server.loop.advance(Duration.ofSeconds(10));
    assertThat(server.server.connections()).isZero();
    slow.close();
    server.finish();
  }

  @Test
  void dropsTheOldestOfAMemberThatDoesNotKeepUp() {
    Topic topic = topic(SlowConsumers.dropOldest());
    ScriptedPeer slow = slow(topic);
    ScriptedPeer fast = fast(topic);
    for (int i = 0; i < 100; i++) {
      assertThat(publish(topic)).isCompleted();
      assertThat(topic.stats().queuedBytes()).isLessThanOrEqualTo(QUEUE);
    }
    TopicStats stats = topic.stats();
    assertThat(stats.members()).isEqualTo(2);
    assertThat(stats.queuedBytes()).isEqualTo(QUEUE);
    long sent = stats.delivered() - 100;
    assertThat(sent).isBetween(20L, 60L);
    assertThat(stats.dropped()).isEqualTo(100 - sent - QUEUE / COUNTED);
    expectNumbers(fast, 0, 100);

    slow.resumeReading();
    expectNumbers(slow, 0, (int) sent);
    expectNumbers(slow, 100 - QUEUE / COUNTED, 100);
    slow.expectNothingMore();
    assertThat(topic.stats().queuedBytes()).isZero();
    assertThat(topic.stats().delivered() + topic.stats().dropped()).isEqualTo(200);
    assertThat(sockets.get(0).bufferedAmount()).isZero();
    publish(topic);
    expectNumbers(slow, 100, 101);
    expectNumbers(fast, 100, 101);
    leave(slow);
    leave(fast);
    server.finish();
  }

  @Test
  void dropsNothingOfWhatWasSentAndKeepsItsPlace() {
    Topic topic = topic(SlowConsumers.dropOldest());
    ScriptedPeer slow = slow(topic);
    server.loop.execute(
        () -> {
          for (int i = 0; i < 50; i++) {
            sockets.get(0).send("sent " + i);
            topic.publish(text(i));
          }
        });
    server.loop.runPending();
    slow.resumeReading();
    int last = -1;
    int numbers = 0;
    for (int i = 0; i < 50; i++) {
      Frame next = slow.nextMessage();
      for (; !next.text().startsWith("sent"); next = slow.nextMessage()) {
        // Those that were published between two that were sent still are.
        assertThat(number(next)).isGreaterThan(last).isLessThan(i);
        last = number(next);
        numbers++;
      }
      assertThat(next.text()).isEqualTo("sent " + i);
    }
    assertThat(number(slow.nextMessage())).isEqualTo(49);
    slow.expectNothingMore();
    assertThat(topic.stats().delivered()).isEqualTo(numbers + 1);
    assertThat(topic.stats().dropped()).isEqualTo(50 - numbers - 1).isPositive();
    leave(slow);
    server.finish();
  }

  @Test
  void dropsNoMessageThatIsPartlySent() {
    Topic topic = topic(SlowConsumers.dropOldest());
    ScriptedPeer slow = slow(topic);
    byte[] large = new byte[500_000];
    new Random(1).nextBytes(large);
    topic.publish(Message.of(large));
    for (int i = 0; i < 50; i++) {
      publish(topic);
    }
    assertThat(topic.stats().queuedBytes())
        .as("the large one, and beside it the newest")
        .isEqualTo(large.length + 64 + COUNTED);
    slow.resumeReading().expectBinary(large);
    expectNumbers(slow, 49, 50);
    slow.expectNothingMore();
    leave(slow);
    server.finish();
  }

  @Test
  void letsThePublisherWaitForASlowMemberAndNobodyElse() {
    Topic topic = topic(SlowConsumers.publisherWaits());
    ScriptedPeer slow = slow(topic);
    ScriptedPeer fast = fast(topic);
    CompletableFuture<Void> last = publish(topic);
    while (last.isDone()) {
      last = publish(topic);
    }
    CompletableFuture<Void> pending = last;
    assertThat(topic.stats().queuedBytes()).isBetween((long) QUEUE, (long) QUEUE + COUNTED);
    expectNumbers(fast, 0, published);

    slow.resumeReading();
    server.loop.runUntil(pending);
    expectNumbers(slow, 0, published);
    slow.expectNothingMore();
    assertThat(topic.stats().dropped()).isZero();
    assertThat(topic.stats().delivered()).isEqualTo(2L * published);
    leave(slow);
    leave(fast);
    server.finish();
  }

  @Test
  void leavesTheEventLoopItsOtherWorkWhereAPublisherGoesOnAsSoonAsItMay() {
    Topic topic = topic(SlowConsumers.publisherWaits());
    ScriptedPeer peer = fast(topic);
    List<Integer> publishedMeanwhile = new ArrayList<>();
    server.loop.execute(
        () -> {
          publishOneAfterTheOther(topic, 50);
          server.loop.execute(() -> publishedMeanwhile.add(published));
        });
    server.loop.runPending();
    assertThat(publishedMeanwhile).singleElement().satisfies(it -> assertThat(it).isLessThan(5));
    expectNumbers(peer, 0, 50);
    leave(peer);
    server.finish();
  }

  private void publishOneAfterTheOther(Topic topic, int count) {
    if (published < count) {
      var unused =
          topic.publish(text(published++)).thenRun(() -> publishOneAfterTheOther(topic, count));
    }
  }

  @Test
  void letsThePublisherWaitNoLongerThanForTheMembership() {
    Topic topic = topic(SlowConsumers.publisherWaits());
    ScriptedPeer reset = slow(topic);
    while (publish(topic).isDone()) {}
    ScriptedPeer leaving = slow(topic);
    for (int i = 0; i < QUEUE / COUNTED; i++) {
      publish(topic);
    }
    CompletableFuture<Void> waiting = publish(topic);
    while (topic.stats().queuedBytes() < 8 * QUEUE) {
      waiting = publish(topic);
    }
    assertThat(waiting).isNotDone();
    reset.reset();
    server.loop.runPending();
    assertThat(waiting).isNotDone();
    topic.unsubscribe(sockets.get(1));
    server.loop.runPending();
    assertThat(waiting).isCompleted();
    leaving.resumeReading();
    server.loop.runPending();
    assertThat(topic.stats().queuedBytes()).as("the rest still went out").isZero();
    while (leaving.receivedBytes() > 0) {
      number(leaving.nextMessage());
    }
    leave(leaving);
    server.finish();
    TopicStats stats = topic.stats();
    assertThat(stats.dropped()).as("with the one that was reset").isPositive();
  }

  @Test
  void refusesPublishersThatDoNotWait() {
    Topic topic =
        new Topics(
                SlowConsumers.publisherWaits()
                    .withQueueBytes(QUEUE)
                    .withUnderWayBytes(10 * COUNTED))
            .topic("ticks");
    ScriptedPeer slow = slow(topic);
    CompletableFuture<Void> last = publish(topic);
    while (!last.isCompletedExceptionally()) {
      last = publish(topic);
      assertThat(topic.stats().queuedBytes()).isLessThanOrEqualTo(QUEUE + 10 * COUNTED);
      assertThat(published).isLessThan(1000);
    }
    assertThatThrownBy(last::get)
        .hasCauseInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("publishes of 1000 bytes are under way, the limit is 1000");
    assertThat(topic.stats().refused()).isOne();
    assertThat(topic.stats().published()).isEqualTo(published - 1);
    slow.resumeReading();
    expectNumbers(slow, 0, published - 1);
    slow.expectNothingMore();
    assertThat(publish(topic)).isCompleted();
    expectNumbers(slow, published - 1, published);
    leave(slow);
    server.finish();
  }

  @Test
  void boundsWhatOtherThreadsPublishBeforeTheLoopTakesIt() {
    Topic topic =
        new Topics(SlowConsumers.dropOldest().withUnderWayBytes(10 * COUNTED)).topic("ticks");
    ScriptedPeer peer = fast(topic);
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      all.add(topic.publish(text(i)));
    }
    assertThat(all.subList(0, 10)).noneMatch(CompletableFuture::isDone);
    assertThat(all.subList(10, 15)).allMatch(CompletableFuture::isCompletedExceptionally);
    server.loop.runPending();
    assertThat(all.subList(0, 10)).allMatch(CompletableFuture::isDone);
    expectNumbers(peer, 0, 10);
    peer.expectNothingMore();
    assertThat(topic.stats().refused()).isEqualTo(5);
    leave(peer);
    server.finish();
  }

  @ParameterizedTest
  @EnumSource
  void takesOneMessageHoweverLarge(SlowConsumers.Action action) {
    Topic topic = new Topics(new SlowConsumers(action, QUEUE, QUEUE)).topic("files");
    ScriptedPeer slow = slow(topic);
    byte[] large = new byte[100_000];
    CompletableFuture<Void> done = topic.publish(Message.of(large));
    server.loop.runPending();
    assertThat(topic.stats().closed()).isZero();
    slow.resumeReading().expectBinary(large);
    server.loop.runUntil(done);
    leave(slow);
    server.finish();
  }

  @Test
  void keepsItsBoundThoughAMemberComesAndGoes() {
    Topic topic = topic(SlowConsumers.dropOldest());
    ScriptedPeer slow = slow(topic);
    for (int i = 0; i < 200; i++) {
      publish(topic);
      topic.unsubscribe(sockets.get(0));
      topic.subscribe(sockets.get(0));
      assertThat(topic.stats().queuedBytes()).isLessThanOrEqualTo(QUEUE);
    }
    slow.reset();
    server.loop.runPending();
    assertThat(topic.stats().queuedBytes()).isZero();
    assertThat(topic.stats().members()).isZero();
    server.finish();
  }

  @Test
  void setsThePolicyOfBroadcasts() {
    var policy = SlowConsumers.dropOldest().withQueueBytes(QUEUE);
    List<WebSocket> open = new ArrayList<>();
    Server other =
        new Server(
            builder ->
                builder
                    .sendBuffer(SEND_BUFFER)
                    .slowConsumers(policy)
                    .route(Route.events("/", (socket, request) -> open.add(socket))));
    ScriptedPeer slow = other.connect("/");
    slow.stopReading().link().toClient().window(WINDOW);
    other.loop.runPending();
    for (int i = 0; i < 100; i++) {
      other.server.broadcast(Message.of(text(i)));
    }
    other.loop.runPending();
    assertThat(other.server.everyone().stats().dropped()).isPositive();
    assertThat(other.server.everyone().stats().queuedBytes()).isEqualTo(QUEUE);
    slow.resumeReading();
    other.loop.runPending();
    leaveAfterAll(slow);
    other.finish();
    server.finish();
  }

  private static void leaveAfterAll(ScriptedPeer peer) {
    while (peer.receivedBytes() > 0) {
      number(peer.nextMessage());
    }
    leave(peer);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1})
  void refusesBoundsThatAreNone(long bytes) {
    assertThatThrownBy(() -> SlowConsumers.DEFAULT.withQueueBytes(bytes))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was " + bytes + " bytes");
    assertThatThrownBy(() -> SlowConsumers.DEFAULT.withUnderWayBytes(bytes))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SlowConsumers.close(1000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1008 or 1013 but was 1000");
    server.finish();
  }

  /** Whatever members do: whole messages in order, nothing twice, and counts that add up. */
  @ParameterizedTest
  @EnumSource
  void holdsWhateverMembersDo(SlowConsumers.Action action) {
    for (long seed = 0; seed < 60; seed++) {
      try {
        new SlowConsumersTest().tryAnything(action, new Random(seed));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    server.finish();
  }

  private void tryAnything(SlowConsumers.Action action, Random random) {
    Topic topic = topic(new SlowConsumers(action, QUEUE, 3 * QUEUE));
    Map<ScriptedPeer, Integer> lasts = new HashMap<>();
    Map<ScriptedPeer, WebSocket> peers = new HashMap<>();
    for (int step = 0; step < 400; step++) {
      List<ScriptedPeer> open =
          peers.keySet().stream()
              .filter(peer -> peers.get(peer).readyState() == WebSocket.OPEN)
              .sorted((a, b) -> sockets.indexOf(peers.get(a)) - sockets.indexOf(peers.get(b)))
              .toList();
      ScriptedPeer any = open.isEmpty() ? null : open.get(random.nextInt(open.size()));
      switch (random.nextInt(any == null ? 1 : 14)) {
        case 0 -> {
          ScriptedPeer peer = slow(topic);
          peers.put(peer, sockets.getLast());
          lasts.put(peer, -1);
          peer.onFrame(
              frame -> {
                if (!frame.isControl()) {
                  assertThat(number(frame)).isGreaterThan(lasts.get(peer));
                  lasts.put(peer, number(frame));
                }
              });
        }
        case 1 -> topic.unsubscribe(peers.get(any));
        case 2, 3 -> topic.subscribe(peers.get(any));
        case 4 -> any.stopReading();
        case 5, 6 -> any.resumeReading();
        case 7 -> {
          if (random.nextInt(4) == 0) {
            any.reset();
          }
        }
        case 8 -> {
          if (random.nextInt(4) == 0) {
            peers.get(any).close(1000);
          }
        }
        case 9 -> {
          String text = text(published++);
          server.loop.execute(() -> topic.publish(text));
        }
        default -> topic.publish(Message.of(text(published++)), peers.get(any));
      }
      if (random.nextInt(3) == 0) {
        server.loop.runPending();
      }
      long bound = action == SlowConsumers.Action.WAIT ? 4L * QUEUE : QUEUE;
      assertThat(topic.stats().queuedBytes())
          .isBetween(0L, (bound + COUNTED) * Math.max(1, peers.size()));
    }
    peers.keySet().forEach(ScriptedPeer::resumeReading);
    server.loop.runPending();
    TopicStats stats = topic.stats();
    assertThat(stats.queuedBytes()).isZero();
    for (ScriptedPeer peer : peers.keySet()) {
      peer.reset();
    }
    server.loop.runPending();
    assertThat(topic.stats().members()).isZero();
    assertThat(topic.publish("is done, since nobody is there")).isCompleted();
    server.finish();
  }
}
