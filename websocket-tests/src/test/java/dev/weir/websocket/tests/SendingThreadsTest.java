package dev.weir.websocket.tests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import dev.weir.testkit.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Threads that are not the event loop's, and send on one event-style socket. */
class SendingThreadsTest {
  private static final int THREADS = 4;
  private static final int MESSAGES = 500;

  private final EventClient client = new EventClient();
  private final EventClient.Open open = client.open();

  private static String message(int thread, int number, int length) {
    String head = thread + ":" + number + ":";
    String letter = number % 7 == 0 ? "é" : "x";
    return head + letter.repeat(Math.max(0, length - head.length()));
  }

  /** Mostly short, sometimes as long as the buffers between threads, or longer. */
  private static int length(Random random) {
    return switch (random.nextInt(100)) {
      case 0 -> random.nextInt(400_000);
      case 1, 2 -> 60_000 + random.nextInt(80_000);
      default -> random.nextInt(300);
    };
  }

  private static void join(List<Thread> threads) throws InterruptedException {
    for (Thread thread : threads) {
      thread.join(30_000);
      assertThat(thread.isAlive()).as("a sender never waits").isFalse();
    }
  }

  @Test
  @Rule({"W2", "S11"})
  void keepTheirOrderWhateverTheLength() throws InterruptedException {
    long seed = new Random().nextLong();
    List<List<String>> sent = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      int number = thread;
      Random random = new Random(seed + thread);
      List<String> own = new ArrayList<>();
      for (int i = 0; i < MESSAGES; i++) {
        own.add(message(number, i, length(random)));
      }
      sent.add(own);
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (String each : own) {
                      if (random.nextBoolean()) {
                        open.socket.send(each);
                      } else {
                        byte[] bytes = each.getBytes(UTF_8);
                        open.socket.send(bytes);
                        bytes[0] = '!';
                      }
                    }
                  }));
    }
    int[] next = new int[THREADS];
    for (int count = 0; count < THREADS * MESSAGES; count++) {
      String text = new String(open.peer.nextMessage().payload(), UTF_8);
      int thread = text.charAt(0) - '0';
      assertThat(text)
          .as("seed %d, thread %d, message %d", seed, thread, next[thread])
          .isEqualTo(sent.get(thread).get(next[thread]++));
    }
    join(threads);
    client.run();
    assertThat(open.socket.bufferedAmount()).as("seed %d", seed).isZero();
    open.finish();
  }

  @Test
  @Rule({"W2", "H3"})
  void haveAllSentThatTheySentBeforeClose() throws InterruptedException {
    var sent = new CountDownLatch(THREADS);
    List<Thread> threads = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      int number = thread;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < MESSAGES; i++) {
                      open.socket.send(message(number, i, 10 + i));
                    }
                    open.socket.send(new byte[300_000]);
                    sent.countDown();
                    if (number == 0) {
                      awaited(sent);
                      open.socket.close(3000, "all");
                    }
                    open.socket.send("perhaps too late");
                  }));
    }
    join(threads);
    List<Integer> lengths = new ArrayList<>();
    Frame frame = open.peer.nextFrame();
    while (frame.opcode() != Frame.CLOSE) {
      lengths.add(frame.payload().length);
      frame = open.peer.nextFrame();
    }
    assertThat(lengths.stream().mapToInt(Integer::intValue).sum())
        .isGreaterThanOrEqualTo(THREADS * 300_000);
    assertThat(lengths).hasSizeGreaterThanOrEqualTo(THREADS * (MESSAGES + 1));
    open.peer.sendClose(3000, "all").shutdownOutput();
    client.run();
    assertThat(open.log.take()).containsExactly("close @3 3000 \"all\" clean");
    assertThat(open.socket.bufferedAmount())
        .as("what came too late stays, and nothing else")
        .isLessThanOrEqualTo(THREADS * 16)
        .isGreaterThanOrEqualTo(16);
    open.assertOver();
  }

  @Test
  @Rule("W2")
  void countTogetherAtOnce() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int i = 0; i < MESSAGES; i++) {
                      open.socket.send("né");
                      open.socket.send(new byte[200]);
                    }
                  }));
    }
    join(threads);
    assertThat(open.socket.bufferedAmount()).isEqualTo(THREADS * MESSAGES * (3L + 200));
    client.run();
    assertThat(open.socket.bufferedAmount()).isZero();
    for (int i = 0; i < 2 * THREADS * MESSAGES; i++) {
      assertThat(open.peer.nextFrame().payload().length).isIn(3, 200);
    }
    open.finish();
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
