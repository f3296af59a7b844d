package dev.weir.streams;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads at one stream: nothing is lost, reordered, overlapped or stuck. */
@Timeout(120)
class ConcurrencyTest {
  private static final int CHUNKS = 20_000;

  private final long seed = Long.getLong("weir.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<Future<?>> running = new CopyOnWriteArrayList<>();

  private <V> CompletableFuture<V> go(Callable<V> call) {
    CompletableFuture<V> result = new CompletableFuture<>();
    running.add(result);
    Runnable body =
        () -> {
          try {
            result.complete(call.call());
          } catch (Throwable failure) {
            result.completeExceptionally(failure);
          }
        };
    if (random.nextBoolean()) {
      Thread.ofVirtual().start(body);
    } else {
      Thread.ofPlatform().daemon().start(body);
    }
    return result;
  }

  private <V> V await(CompletableFuture<V> future) throws Exception {
    try {
      return future.get(60, TimeUnit.SECONDS);
    } catch (Exception failure) {
      throw new AssertionError("with -Dweir.seed=" + seed, failure);
    }
  }

  @AfterEach
  void endsWithNothingRunning() throws Exception {
    for (Future<?> future : running) {
      await((CompletableFuture<?>) future);
    }
  }

  /** Now and then lets other threads go first. */
  private static void jostle(Random random) {
    switch (random.nextInt(50)) {
      case 0 -> Thread.yield();
      case 1 -> LockSupport.parkNanos(1);
      default -> {}
    }
  }

  /** A push source that stops at the mark and goes on at the next pull. */
  private static final class PushSource implements UnderlyingSource<Integer> {
    private final CompletableFuture<ReadableStreamDefaultController<Integer>> controller =
        new CompletableFuture<>();
    private volatile Thread pusher;

    @Override
    public CompletableFuture<?> start(ReadableStreamDefaultController<Integer> controller) {
      this.controller.complete(controller);
      return null;
    }

    @Override
    public CompletableFuture<?> pull(ReadableStreamDefaultController<Integer> controller) {
      if (controller.queuedSize() <= 4) { // the low mark
        LockSupport.unpark(pusher);
      }
      return null;
    }

    Void push(Random random) {
      pusher = Thread.currentThread();
      var to = controller.join();
      for (int i = 0; i < CHUNKS; i++) {
        to.enqueue(i);
        jostle(random);
        if (to.desiredSize() <= 0) {
          while (to.queuedSize() > 4) {
            LockSupport.park(this);
          }
        }
      }
      to.close();
      return null;
    }
  }

  private static List<Integer> readAll(ReadableStream<Integer> stream, Random random)
      throws Exception {
    List<Integer> got = new ArrayList<>();
    var reader = stream.getReader();
    for (; ; ) {
      Integer chunk =
          switch (random.nextInt(3)) {
            case 0 -> reader.read().get(60, TimeUnit.SECONDS).value();
            case 1 -> {
              var tried = reader.tryRead();
              yield tried == null ? reader.readBlocking() : tried.value();
            }
            default -> reader.readBlocking();
          };
      if (chunk == null) {
        return got;
      }
      got.add(chunk);
      jostle(random);
    }
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  @RepeatedTest(5)
  void aPushSourceThatPausesAtTheHighMarkAndResumesAtTheLowOneLosesNothing() throws Exception {
    var source = new PushSource();
    var stream = new ReadableStream<>(source, new CountQueuingStrategy(16));
    var forPush = new Random(random.nextLong());
    var forRead = new Random(random.nextLong());
    var pushed = go(() -> source.push(forPush));
    var got = go(() -> readAll(stream, forRead));
    assertThat(await(got)).isEqualTo(numbers(CHUNKS));
    await(pushed);
  }

  @RepeatedTest(5)
  void severalThreadsReadEveryChunkOnce() throws Exception {
    var source = new PushSource();
    var reader = new ReadableStream<>(source, new CountQueuingStrategy(16)).getReader();
    List<CompletableFuture<List<Integer>>> readers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      readers.add(
          go(
              () -> {
                List<Integer> got = new ArrayList<>();
                for (Integer chunk; (chunk = reader.readBlocking()) != null; ) {
                  got.add(chunk);
                }
                return got;
              }));
    }
    var forPush = new Random(random.nextLong());
    var pushed = go(() -> source.push(forPush));
    List<Integer> all = new ArrayList<>();
    for (var one : readers) {
      List<Integer> got = await(one);
      assertThat(got).isSorted();
      all.addAll(got);
    }
    await(pushed);
    assertThat(all.stream().sorted().toList()).isEqualTo(numbers(CHUNKS));
  }

  @RepeatedTest(5)
  void writersNeverOverlapInTheSinkAndEachKeepsItsOrder() throws Exception {
    var inSink = new AtomicInteger();
    var overlapped = new AtomicBoolean();
    List<int[]> written = new ArrayList<>();
    var forSink = new Random(random.nextLong());
    UnderlyingSink<int[]> sink =
        (chunk, controller) -> {
          overlapped.compareAndSet(false, inSink.incrementAndGet() != 1);
          written.add(chunk);
          boolean later = forSink.nextInt(4) == 0;
          if (!later) {
            inSink.decrementAndGet();
            return null;
          }
          return CompletableFuture.runAsync(inSink::decrementAndGet);
        };
    var writer = new WritableStream<>(sink, new CountQueuingStrategy(3)).getWriter();
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    int threads = 3;
    for (int thread = 0; thread < threads; thread++) {
      int id = thread;
      var mine = new Random(random.nextLong());
      writers.add(
          go(
              () -> {
                for (int i = 0; i < CHUNKS / 4; i++) {
                  switch (mine.nextInt(3)) {
                    case 0 -> writer.writeBlocking(new int[] {id, i});
                    case 1 -> {
                      writer.ready().get(60, TimeUnit.SECONDS);
                      var unused = writer.write(new int[] {id, i});
                    }
                    default -> {
                      var unused = writer.write(new int[] {id, i});
                    }
                  }
                }
                return null;
              }));
    }
    for (var one : writers) {
      await(one);
    }
    writer.close().get(60, TimeUnit.SECONDS);
    assertThat(overlapped).isFalse();
    for (int thread = 0; thread < threads; thread++) {
      int id = thread;
      assertThat(written.stream().filter(chunk -> chunk[0] == id).map(chunk -> chunk[1]).toList())
          .as("seed %d", seed)
          .isEqualTo(numbers(CHUNKS / 4));
    }
  }

  @RepeatedTest(5)
  void aPipeThroughTransformsAndATeeLosesNothing() throws Exception {
    var source = new PushSource();
    var stream = new ReadableStream<>(source, new CountQueuingStrategy(16));
    var slow =
        new TransformStream<Integer, Integer>(
            (chunk, controller) -> {
              if (chunk % 7 == 0) {
                return CompletableFuture.runAsync(() -> controller.enqueue(chunk));
              }
              controller.enqueue(chunk);
              return null;
            },
            new CountQueuingStrategy(2),
            new CountQueuingStrategy(random.nextInt(3)));
    var branches = stream.pipeThrough(TransformStream.identity()).pipeThrough(slow).tee();
    var forPush = new Random(random.nextLong());
    var forOne = new Random(random.nextLong());
    var forTwo = new Random(random.nextLong());
    var pushed = go(() -> source.push(forPush));
    var one = go(() -> readAll(branches.get(0), forOne));
    var two = go(() -> readAll(branches.get(1), forTwo));
    assertThat(await(one)).isEqualTo(numbers(CHUNKS));
    assertThat(await(two)).isEqualTo(numbers(CHUNKS));
    await(pushed);
  }

  @RepeatedTest(5)
  void everyChunkIsEitherReadOrLeftWhenReadsAreInterrupted() throws Exception {
    var source = new PushSource();
    var stream = new ReadableStream<>(source, new CountQueuingStrategy(16));
    var reader = stream.getReader();
    var forPush = new Random(random.nextLong());
    var pushed = go(() -> source.push(forPush));
    List<Integer> got = new ArrayList<>();
    var done = new AtomicBoolean();
    var ended = new CompletableFuture<Void>();
    Thread reading =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!done.get()) {
                    try {
                      Integer chunk = reader.readBlocking();
                      if (chunk == null) {
                        done.set(true);
                      } else {
                        got.add(chunk);
                      }
                    } catch (InterruptedException again) {
                      // The next read goes on where this one was interrupted.
                    }
                  }
                  ended.complete(null);
                });
    while (!done.get()) {
      reading.interrupt();
      Thread.yield();
    }
    await(ended);
    assertThat(got).isEqualTo(numbers(CHUNKS));
    await(pushed);
  }

  @Test
  void endingAStreamFromAllSidesAtOnceSettlesEverything() throws Exception {
    for (int round = 0; round < 500; round++) {
      var source = new Recorded.Source<Integer>();
      var readable = new ReadableStream<>(source, new CountQueuingStrategy(4));
      var sink = new Recorded.Sink<Integer>();
      var transform = TransformStream.<Integer>identity();
      var writable = new WritableStream<>(sink);
      var controller = new AbortController();
      var out = readable.pipeThrough(transform);
      var pipe = out.pipeTo(writable, PipeOptions.DEFAULT.withSignal(controller.signal()));
      var barrier = new CyclicBarrier(3);
      var failure = new IllegalStateException("end of round " + round);
      int how = random.nextInt(3);
      List<CompletableFuture<Void>> threads = new ArrayList<>();
      threads.add(
          go(
              () -> {
                barrier.await();
                for (int i = 0; i < 20; i++) {
                  source.controller.tryEnqueue(i);
                }
                if (how == 0) {
                  source.controller.error(failure);
                } else {
                  source.controller.errorWhenDrained(failure);
                }
                return null;
              }));
      threads.add(
          go(
              () -> {
                barrier.await();
                sink.controller.error(failure);
                return null;
              }));
      threads.add(
          go(
              () -> {
                barrier.await();
                if (how == 1) {
                  controller.abort(failure);
                }
                return null;
              }));
      for (var thread : threads) {
        await(thread);
      }
      Throwable ended = await(pipe.handle((done, thrown) -> thrown));
      assertThat(ended).as("seed %d", seed).isSameAs(failure);
      assertThat(readable.locked() && transform.writable().locked() && out.locked()).isFalse();
    }
  }

  @Test
  void readingCancellingAndReleasingAtOnceSettlesEveryRead() throws Exception {
    for (int round = 0; round < 500; round++) {
      var source = new Recorded.Source<Integer>();
      var readable = new ReadableStream<>(source, new CountQueuingStrategy(4));
      var reader = readable.getReader();
      var barrier = new CyclicBarrier(3);
      boolean cancels = random.nextBoolean();
      var reads =
          go(
              () -> {
                barrier.await();
                List<CompletableFuture<ReadResult<Integer>>> futures = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                  futures.add(reader.read());
                }
                return futures;
              });
      var writes =
          go(
              () -> {
                barrier.await();
                for (int i = 0; i < 5; i++) {
                  source.controller.tryEnqueue(i);
                }
                return null;
              });
      var end =
          go(
              () -> {
                barrier.await();
                if (cancels) {
                  return reader.cancel();
                }
                reader.releaseLock();
                return null;
              });
      await(writes);
      await(end);
      for (var read : await(reads)) {
        await(read.handle((result, failure) -> null));
      }
    }
  }

  @Test
  void signalsJoinedAndAbortedAtOnceCallEachListenerOnce() throws Exception {
    for (int round = 0; round < 1000; round++) {
      var one = new AbortController();
      var two = new AbortController();
      var any = AbortSignal.any(one.signal(), two.signal());
      var heard = new AtomicInteger();
      var barrier = new CyclicBarrier(3);
      var listening =
          go(
              () -> {
                barrier.await();
                any.onAbort(why -> {}).remove();
                any.onAbort(why -> heard.incrementAndGet());
                return null;
              });
      var aborting = go(() -> abortAfter(barrier, one));
      await(go(() -> abortAfter(barrier, two)));
      await(aborting);
      await(listening);
      assertThat(heard).hasValue(1);
      assertThat(one.signal().listenerCount() + two.signal().listenerCount()).isZero();
    }
  }

  private static Void abortAfter(CyclicBarrier barrier, AbortController controller)
      throws Exception {
    barrier.await();
    controller.abort();
    return null;
  }
}
