package dev.weir.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One run of a load: opens the connections, lets it warm up, measures, closes. For one call of
 * {@link #run} on one thread.
 */
public final class Bench implements Exchange.Run {
  private static final long SECOND = 1_000_000_000L;

  /** How long a closing handshake may take; the client's own timeout ends it before. */
  private static final Duration CLOSING = Duration.ofSeconds(15);

  /** The paced threads sleep no longer, so that they notice the end. */
  private static final long NAP_NANOS = 100_000_000L;

  private final Load load;
  private final Driver driver;
  private final ProcessUsage self = ProcessUsage.self();
  private final @Nullable ProcessUsage server;
  private final Watcher watcher;
  private final Payloads payloads;
  private final Meters meters = new Meters();
  private final Mishaps mishaps = new Mishaps();

  // Opening.
  private final Semaphore openings;
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger settled = new AtomicInteger();
  private final ConcurrentHistogram opening = new ConcurrentHistogram(Meter.MOST_NANOS, 3);
  private final CompletableFuture<Void> allSettled = new CompletableFuture<>();
  private final Queue<Exchange> open = new ConcurrentLinkedQueue<>();

  // The end.
  private final AtomicInteger completed = new AtomicInteger();
  private final AtomicInteger gone = new AtomicInteger();
  private final CompletableFuture<Void> finished = new CompletableFuture<>();
  private final CompletableFuture<Void> allGone = new CompletableFuture<>();
  private volatile boolean sending;
  private volatile boolean ending;
  private volatile int expectedToGo = Integer.MAX_VALUE;
  private volatile @Nullable Pacer pacer;

  /** Is told how it goes, on the thread of the run. */
  public interface Watcher {
    /** Connections are being opened. */
    void opening(int opened, int failed, int all);

    /** Another second is over; those of the warm-up too. */
    void sampled(Sample sample, boolean warmingUp, int connections, long errors);
  }

  /**
   * A run that has not begun.
   *
   * @param server the process of the server, or null if it is not known
   */
  public Bench(Load load, Driver driver, @Nullable ProcessUsage server, Watcher watcher) {
    this.load = load;
    this.driver = driver;
    this.server = server;
    this.watcher = watcher;
    this.openings = new Semaphore(load.openings());
    this.payloads =
        load.work() == Load.Work.ECHO
            ? Payloads.of(load.payload(), load.size(), load.inFlight())
            : Payloads.of(Load.Payload.BINARY, 0, 1);
  }

  /**
   * Runs to the end.
   *
   * @param interrupt ends it early when it completes; what was measured until then is reported
   */
  public Results run(CompletableFuture<?> interrupt) throws InterruptedException {
    CompletableFuture<?> end = CompletableFuture.anyOf(interrupt, finished);
    boolean idle = load.work() == Load.Work.IDLE;
    Memory weirBefore = idle ? Memory.of(self) : Memory.UNKNOWN;
    Memory serverBefore = idle ? Memory.of(server) : Memory.UNKNOWN;
    long begun = now();
    openAll(interrupt);
    double openingSeconds = (now() - begun) / 1e9;
    Memory weirAfter = idle ? Memory.of(self) : Memory.UNKNOWN;
    Memory serverAfter = idle ? Memory.of(server) : Memory.UNKNOWN;
    Measured measured = opened.get() == 0 ? Measured.NOTHING : measure(end);
    closeAll();
    return new Results(
        load,
        opened.get(),
        openingSeconds,
        opening.copy(),
        measured.seconds,
        measured.messages,
        measured.bytes,
        measured.latency,
        measured.samples,
        weirAfter.usage(weirBefore, measured.weirCpu),
        server == null ? null : serverAfter.usage(serverBefore, measured.serverCpu),
        mishaps.errors(),
        mishaps.closeCodes(),
        mishaps.notOpened(),
        interrupt.isDone());
  }

  // Opening

  private void openAll(CompletableFuture<?> interrupt) throws InterruptedException {
    long share = load.messages() / load.connections();
    long rest = load.messages() % load.connections();
    boolean paused = load.readRate() > 0;
    int begun = 0;
    long told = now();
    while (begun < load.connections() && !interrupt.isDone() && !isHopeless()) {
      if (openings.tryAcquire(100, TimeUnit.MILLISECONDS)) {
        long quota = load.messages() == 0 ? Long.MAX_VALUE : share + (begun < rest ? 1 : 0);
        driver.open(new Exchange(begun, quota, this), paused);
        begun++;
      }
      if (now() - told >= SECOND) {
        told = now();
        tellOpening();
      }
    }
    int expected = begun;
    while (settled.get() < expected && !interrupt.isDone()) {
      // Each opening ends by itself, by the client's timeouts at the latest.
      await(allSettled, NAP_NANOS);
      if (now() - told >= SECOND) {
        told = now();
        tellOpening();
      }
    }
  }

  private void tellOpening() {
    int now = opened.get();
    watcher.opening(now, settled.get() - now, load.connections());
  }

  /** Whether so many have failed, and none has not, that there is no use in more. */
  private boolean isHopeless() {
    return opened.get() == 0 && settled.get() >= load.openings();
  }

  // Measuring

  private record Measured(
      double seconds,
      long messages,
      long bytes,
      Histogram latency,
      List<Sample> samples,
      OptionalLong weirCpu,
      OptionalLong serverCpu) {
    static final Measured NOTHING =
        new Measured(
            0, 0, 0, Meter.histogram(), List.of(), OptionalLong.empty(), OptionalLong.empty());
  }

  private Measured measure(CompletableFuture<?> end) throws InterruptedException {
    List<Exchange> exchanges = List.copyOf(open);
    Runnable start = () -> start(exchanges);
    checkFinished();
    if (!load.warmUp().isZero()) {
      sample(start, end, load.warmUp(), true);
      start = () -> {};
    }
    Measured measured = sample(start, end, load.duration(), false);
    sending = false;
    return measured;
  }

  private void start(List<Exchange> exchanges) {
    pacer = new Pacer(load.isPaced() ? load.rate() : 1, load.connections(), now());
    sending = true;
    if (load.work() == Load.Work.ECHO) {
      if (load.isPaced()) {
        startThread("weir-pacer", () -> pace(exchanges));
      } else {
        exchanges.forEach(Exchange::send);
      }
    }
    if (load.readRate() > 0) {
      startThread("weir-slow-reader", () -> readSlowly(exchanges));
    }
  }

  /** Takes a sample each second until this time is over. */
  private Measured sample(
      Runnable start, CompletableFuture<?> end, @Nullable Duration time, boolean warmingUp)
      throws InterruptedException {
    meters.latencyInterval();
    Histogram latency = Meter.histogram();
    var samples = new ArrayList<Sample>();
    OptionalLong weirCpu = self.cpuNanos();
    OptionalLong serverCpu = server == null ? OptionalLong.empty() : server.cpuNanos();
    long firstMessages = meters.messages();
    long firstBytes = meters.bytes();
    long begun = now();
    start.run();
    long lastMessages = firstMessages;
    long lastBytes = firstBytes;
    long last = begun;
    boolean more = true;
    for (int second = 1; more; second++) {
      long tick = begun + second * SECOND;
      if (time != null && tick - begun >= time.toNanos()) {
        tick = begun + time.toNanos();
        more = false;
      }
      if (await(end, tick - now())) {
        more = false;
      }
      long now = now();
      long messages = meters.messages();
      long bytes = meters.bytes();
      Histogram interval = meters.latencyInterval();
      latency.add(interval);
      if (now > last) {
        Sample sample =
            Sample.of(
                (now - begun) / 1e9,
                (now - last) / 1e9,
                messages - lastMessages,
                bytes - lastBytes,
                interval);
        samples.add(sample);
        watcher.sampled(sample, warmingUp, opened.get() - gone.get(), mishaps.total());
      }
      lastMessages = messages;
      lastBytes = bytes;
      last = now;
    }
    return new Measured(
        (last - begun) / 1e9,
        lastMessages - firstMessages,
        lastBytes - firstBytes,
        latency,
        List.copyOf(samples),
        difference(self.cpuNanos(), weirCpu),
        difference(server == null ? OptionalLong.empty() : server.cpuNanos(), serverCpu));
  }

  private static OptionalLong difference(OptionalLong after, OptionalLong before) {
    return after.isPresent() && before.isPresent()
        ? OptionalLong.of(after.getAsLong() - before.getAsLong())
        : OptionalLong.empty();
  }

  /** Tells each connection when one of its messages is due. */
  private void pace(List<Exchange> exchanges) {
    // Connections that did not open keep their turns, so that the others keep their pace.
    Exchange[] byNumber = new Exchange[load.connections()];
    exchanges.forEach(exchange -> byNumber[exchange.number()] = exchange);
    Pacer schedule = pacer();
    for (long message = 0; sending; message++) {
      awaitTime(schedule.due(message));
      Exchange turn = byNumber[schedule.connectionOf(message)];
      if (turn != null) {
        turn.send();
      }
    }
  }

  private void readSlowly(List<Exchange> exchanges) {
    Pacer schedule = new Pacer(load.readRate(), 1, now());
    for (long message = 0; sending; message++) {
      awaitTime(schedule.due(message));
      exchanges.forEach(Exchange::readOne);
    }
  }

  private void awaitTime(long time) {
    for (long left = time - now(); left > 0 && sending; left = time - now()) {
      LockSupport.parkNanos(Math.min(left, NAP_NANOS));
    }
  }

  private static void startThread(String name, Runnable task) {
    Thread.ofPlatform().daemon().name(name).start(task);
  }

  // Closing

  private void closeAll() throws InterruptedException {
    List<Exchange> exchanges = List.copyOf(open);
    expectedToGo = exchanges.size();
    ending = true;
    exchanges.forEach(Exchange::close);
    if (gone.get() < expectedToGo) {
      await(allGone, CLOSING.toNanos());
    }
    driver.close();
  }

  /** Whether it came within this time. */
  private static boolean await(CompletableFuture<?> event, long nanos) throws InterruptedException {
    try {
      event.get(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      return true;
    }
  }

  // Exchange.Run

  @Override
  public Load load() {
    return load;
  }

  @Override
  public Payloads payloads() {
    return payloads;
  }

  @Override
  public Meters meters() {
    return meters;
  }

  @Override
  public Mishaps mishaps() {
    return mishaps;
  }

  @Override
  public Pacer pacer() {
    Pacer schedule = pacer;
    if (schedule == null) {
      throw new IllegalStateException("expected a run that has begun but it has not");
    }
    return schedule;
  }

  @Override
  public boolean isSending() {
    return sending;
  }

  @Override
  public boolean isEnding() {
    return ending;
  }

  @Override
  public long now() {
    return System.nanoTime();
  }

  @Override
  public void settled(Exchange exchange, boolean isOpen, long nanos) {
    if (isOpen) {
      opening.recordValue(Math.min(nanos, Meter.MOST_NANOS));
      open.add(exchange);
      opened.incrementAndGet();
    }
    int all = settled.incrementAndGet();
    if (all == load.connections()) {
      allSettled.complete(null);
    }
    openings.release();
  }

  @Override
  public void completed() {
    completed.incrementAndGet();
    checkFinished();
  }

  private void checkFinished() {
    if (allSettled.isDone() && completed.get() >= opened.get()) {
      finished.complete(null);
    }
  }

  @Override
  public void gone() {
    if (gone.incrementAndGet() >= expectedToGo) {
      allGone.complete(null);
    }
  }

  /** What a process holds in memory. Immutable. */
  private record Memory(OptionalLong heap, OptionalLong resident) {
    static final Memory UNKNOWN = new Memory(OptionalLong.empty(), OptionalLong.empty());

    static Memory of(@Nullable ProcessUsage process) throws InterruptedException {
      return process == null
          ? UNKNOWN
          : new Memory(process.liveHeapBytes(), process.residentBytes());
    }

    Results.Usage usage(Memory before, OptionalLong cpu) {
      return new Results.Usage(
          cpu, difference(heap, before.heap), difference(resident, before.resident));
    }
  }
}
