package dev.weir.websocket.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.weir.conformance.Rule;
import dev.weir.streams.AbortController;
import dev.weir.streams.AbortError;
import dev.weir.streams.InvalidStateError;
import dev.weir.testkit.Frame;
import dev.weir.websocket.Message;
import dev.weir.websocket.WebSocketCloseInfo;
import dev.weir.websocket.WebSocketStream;
import dev.weir.websocket.WebSocketStreamOptions;
import dev.weir.websocket.opening.OpeningFailure.Stage;
import dev.weir.websocket.spi.EventLoopThread;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that block, on virtual threads, and many threads at once. */
class BlockingCallsTest {
  private final Client client = new Client();

  @Test
  void throwTheRealExceptions() {
    WebSocketStream stream = client.connect();
    client.transport.nextOpening().fail(Stage.CONNECT, "scripted");
    assertThatThrownBy(() -> client.loop.call(stream::awaitOpened))
        .isSameAs(client.error(stream.opened()))
        .hasMessageContaining("scripted");
    assertThatThrownBy(() -> client.loop.call(stream::awaitClosed))
        .isSameAs(client.error(stream.opened()));
    client.loop.assertIdle();
  }

  @Test
  @Rule("S3")
  void throwTheReasonOfTheSignalCheckedOrNot() {
    for (Throwable reason : List.of(new AbortError(), new IOException("checked"))) {
      AbortController controller = new AbortController();
      WebSocketStream stream =
          client.connect(WebSocketStreamOptions.DEFAULT.withSignal(controller.signal()));
      client.loop.runPending();
      controller.abort(reason);
      assertThatThrownBy(() -> client.loop.call(stream::awaitOpened)).isSameAs(reason);
      assertThatThrownBy(() -> client.loop.call(() -> stream.awaitClosed(Duration.ofSeconds(1))))
          .isSameAs(reason);
      client.loop.assertIdle();
    }
  }

  @Test
  void returnWhatTheFuturesComplete() {
    WebSocketStream stream = client.connect();
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    client.loop.start(
        () -> {
          var connection = stream.awaitOpened();
          connection.send("hello");
          List<String> read = new ArrayList<>();
          for (Message message : connection.readable()) {
            read.add(message.toString());
          }
          assertThat(read).containsExactly("a", "b");
          assertThat(stream.awaitClosed()).isEqualTo(new WebSocketCloseInfo(1000, "bye"));
          return true;
        },
        done);
    var peer = client.transport.nextOpening().accept();
    peer.expectText("hello").sendText("a").sendText("b").sendClose(1000, "bye");
    peer.expectClose(1000, "bye").shutdownOutput();
    client.loop.runUntil(done);
    client.loop.assertIdle();
  }

  @Test
  @Rule("S12")
  void sendBlocksWhileThePeerDoesNotReadAndCanBeInterrupted() throws Exception {
    Client.Open open = client.open();
    open.peer.stopReading();
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    Thread sender =
        client.loop.start(
            () -> {
              open.connection.send(new byte[8 << 20]);
              return true;
            },
            result);
    client.loop.runUntil(() -> open.peer.link().toServer().underWay() == 65_536);
    client.loop.runPending();
    assertThat(result).isNotDone();

    sender.interrupt();
    assertThat(client.loop.runUntilFailed(result)).isInstanceOf(InterruptedException.class);
    sender.join(Duration.ofSeconds(10));

    // The message is not taken back, and the connection is as it was.
    open.peer.resumeReading();
    assertThat(open.peer.nextMessage().payload()).hasSize(8 << 20);
    open.finish();
  }

  @Test
  void awaitClosedCanBeInterruptedAndTimesOut() {
    Client.Open open = client.open();
    CompletableFuture<WebSocketCloseInfo> result = new CompletableFuture<>();
    Thread waiting = client.loop.start(open.stream::awaitClosed, result);
    waiting.interrupt();
    assertThat(client.loop.runUntilFailed(result)).isInstanceOf(InterruptedException.class);
    assertThatThrownBy(() -> client.loop.call(() -> open.stream.awaitClosed(Duration.ofMillis(1))))
        .isInstanceOf(TimeoutException.class);
    open.finish();
  }

  @Test
  @Rule({"H2", "S13a"})
  void aBlockedSendThrowsInvalidStateWhenTheConnectionIsLost() {
    Client.Open open = client.open();
    open.peer.stopReading();
    CompletableFuture<Boolean> result = new CompletableFuture<>();
    client.loop.start(
        () -> {
          open.connection.send(new byte[8 << 20]);
          return true;
        },
        result);
    client.loop.runUntil(() -> open.peer.link().toServer().underWay() == 65_536);
    open.peer.reset();
    assertThat(client.loop.runUntilFailed(result)).isInstanceOf(InvalidStateError.class);
    assertThat(open.error().closeCode()).isEqualTo(1006);
    assertThatThrownBy(() -> client.loop.run(() -> open.connection.send("late")))
        .isInstanceOf(InvalidStateError.class);
    client.loop.assertIdle();
  }

  @Test
  void refuseToBlockTheEventLoop() {
    Client.Open open = client.open();
    List<Throwable> thrown = new ArrayList<>();
    client.loop.execute(
        () -> {
          try {
            open.stream.awaitClosed();
          } catch (Exception e) {
            thrown.add(e);
          }
        });
    client.loop.runPending();
    assertThat(thrown).hasSize(1);
    assertThat(thrown.get(0)).isInstanceOf(IllegalStateException.class);
    open.finish();
  }

  @Test
  void keepMessagesWholeAndInOrderForEachOfManyThreads() {
    Client.Open open = client.open();
    int threads = 16;
    int each = 200;
    List<CompletableFuture<Boolean>> senders = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      String name = "thread " + t;
      CompletableFuture<Boolean> done = new CompletableFuture<>();
      senders.add(done);
      client.loop.start(
          () -> {
            for (int i = 0; i < each; i++) {
              // Some in several fragments, so that they could be mixed up.
              open.connection.send(name + ":" + i + ":" + "x".repeat(i % 50 == 0 ? 100_000 : 10));
            }
            return true;
          },
          done);
    }
    Map<String, Integer> next = new HashMap<>();
    for (int n = 0; n < threads * each; n++) {
      Frame message = open.peer.nextMessage();
      String[] parts = message.text().split(":");
      int expected = next.merge(parts[0], 1, Integer::sum) - 1;
      assertThat(parts[1]).as(parts[0]).isEqualTo(String.valueOf(expected));
      assertThat(parts[2]).hasSize(expected % 50 == 0 ? 100_000 : 10);
    }
    senders.forEach(client.loop::runUntil);
    open.finish();
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 1024, 64 * 1024})
  @Rule("S8")
  void goOnReadingHoweverAPauseOfTheSocketMeetsTheReadThatEndsIt(int receiveBuffer) {
    int count = 100_000;
    Client small = new Client(builder -> builder.receiveBuffer(receiveBuffer));
    Client.Open open = small.open();
    CompletableFuture<Integer> done = new CompletableFuture<>();
    small.loop.start(
        () -> {
          int read = 0;
          for (Message message : open.connection.readable()) {
            assertThat(message).isEqualTo(Message.of("message " + read));
            if (++read == count) {
              break;
            }
          }
          return read;
        },
        done);
    for (int i = 0; i < count; i++) {
      open.peer.sendText("message " + i);
    }
    assertThat(small.loop.runUntil(done)).isEqualTo(count);
    open.finish();
  }

  @Test
  void wakeAllThatOneTurnOfTheEventLoopHasGivenSomethingToRead() {
    List<Client.Open> opened = new ArrayList<>();
    List<CompletableFuture<String>> reads = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      Client.Open open = client.open();
      CompletableFuture<String> read = new CompletableFuture<>();
      var reader = open.connection.readable().getReader();
      Thread reading =
          client.loop.start(() -> reader.readBlocking() + " then " + reader.readBlocking(), read);
      client.loop.runUntil(() -> reading.getState() == Thread.State.WAITING);
      opened.add(open);
      reads.add(read);
    }
    for (int turn = 0; turn < 2; turn++) {
      for (Client.Open open : opened) {
        open.peer.sendText("turn " + turn);
      }
      client.loop.runPending();
    }
    for (CompletableFuture<String> read : reads) {
      assertThat(client.loop.runUntil(read)).isEqualTo("turn 0 then turn 1");
    }
    opened.forEach(Client.Open::finish);
  }

  @Test
  void closeOnceWhenManyThreadsCloseAtOnce() {
    Client.Open open = client.open();
    List<CompletableFuture<Boolean>> closers = new ArrayList<>();
    for (int t = 0; t < 16; t++) {
      int code = 4000 + t;
      CompletableFuture<Boolean> done = new CompletableFuture<>();
      closers.add(done);
      client.loop.start(
          () -> {
            open.stream.close(code, "");
            return true;
          },
          done);
    }
    closers.forEach(client.loop::runUntil);
    Frame close = open.peer.nextFrame();
    assertThat(close.closeCode()).isBetween(4000, 4015);
    open.peer.expectNothingMore().sendClose(1000, "").shutdownOutput();
    open.closed();
    open.assertOver();
  }

  @Test
  void refuseTheThreadOfAnyEventLoopAlsoBeforeTheConnectionHasOne() throws Exception {
    final class LoopThread extends Thread implements EventLoopThread {
      LoopThread(Runnable task) {
        super(task);
      }
    }
    WebSocketStream stream = client.connect();
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    LoopThread thread =
        new LoopThread(() -> thrown.complete(catchThrowable(() -> stream.awaitOpened())));
    thread.setDaemon(true);
    thread.start();
    assertThat(thrown.get(10, TimeUnit.SECONDS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("event loop");
    client.transport.nextOpening().fail(Stage.CONNECT, "scripted");
    client.error(stream.opened());
    client.loop.assertIdle();
  }
}
