package dev.weir.benchmarks.peers.load;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Measures the servers: all of them run side by side, each in a process of its own, and are loaded
 * one after the other, round by round. For one thread.
 */
final class ServerRuns implements AutoCloseable {
  private static final String MAIN = "dev.weir.benchmarks.peers.server.Serve";
  private static final int PRIMING_CONNECTIONS = 500;

  /** How often as many are opened and closed before idle connections are measured. */
  private static final int PRIMINGS = 20;

  /** Of three the median counts, where there is time: the compiler's memory may be in one. */
  private static final int IDLE_ROUNDS = 3;

  /** How often the heap is looked at until it falls no more, which is to less than this part. */
  private static final int MOST_LOOKS = 20;

  private static final double SETTLED = 0.99;

  /** After as many the JVM frees what its compilers have worked with, and some more. */
  private static final int COMPILER_SECONDS = 6;

  private final Plan plan;
  private final String style;
  private final Results results;
  private final Progress progress;
  private final Map<String, Child> children = new LinkedHashMap<>();
  private final Map<String, Integer> ports = new LinkedHashMap<>();
  private final Map<String, String> notStarted = new LinkedHashMap<>();

  /** Of one answer, in the last round of each. */
  private final Map<String, Double> payloadBytes = new LinkedHashMap<>();

  /**
   * Measurements that have not begun.
   *
   * @param style of the servers: plain, deflate or broadcast
   */
  ServerRuns(Plan plan, Results results, Progress progress, String style) {
    this.plan = plan;
    this.style = style;
    this.results = results;
    this.progress = progress;
  }

  /** Starts all servers; one that can not be started is told in the report. */
  void start(File errors) throws InterruptedException {
    for (String name : plan.chosen(Plan.servers(style))) {
      try {
        Path script = plan.root().resolve("interop/node/echo.mjs");
        if (name.equals("ws") && !Files.isDirectory(script.resolveSibling("node_modules"))) {
          throw new IOException("not installed: npm ci --prefix interop/node");
        }
        var child =
            new Child(
                plan.core(),
                errors,
                name.equals("ws")
                    ? List.of("node", script.toString(), style)
                    : Child.java(Plan.javaFlags(), MAIN, name, style));
        children.put(name, child);
        ports.put(name, Integer.parseInt(child.await("port")));
      } catch (IOException e) {
        notStarted.put(name, String.valueOf(e.getMessage()));
        Child failed = children.remove(name);
        if (failed != null) {
          failed.close();
        }
      }
    }
  }

  private RawLoad.Protocol protocol(String name) {
    return style.equals("deflate")
        ? RawLoad.Protocol.DEFLATE
        : name.equals("tcp") ? RawLoad.Protocol.TCP : RawLoad.Protocol.WEBSOCKET;
  }

  /** Measures echoes of JSON, by processor time and by what goes over the wire. */
  void deflate(Scenario scenario, Scenario bytes, int connections) throws IOException {
    echo(scenario, true, JsonDocuments.BYTES, connections, 1);
    payloadBytes.forEach((name, each) -> results.put(bytes, name, new Figure(List.of(each))));
  }

  /** Measures echoes, by processor time per message or per byte. */
  void echo(Scenario scenario, boolean text, int size, int connections, int inFlight)
      throws IOException {
    run(scenario, text, size, connections, inFlight, RawLoad::run);
  }

  /** Measures broadcasts, by processor time per delivery. */
  void broadcast(Scenario scenario, int size, int connections, int pending) throws IOException {
    run(
        scenario,
        false,
        size,
        connections,
        pending,
        (load, seconds) -> load.broadcast(seconds, pending));
  }

  private interface Driving {
    RawLoad.Window drive(RawLoad load, double seconds) throws IOException;
  }

  private void run(
      Scenario scenario, boolean text, int size, int connections, int inFlight, Driving driving)
      throws IOException {
    if (!plan.includes(scenario)) {
      return;
    }
    progress.say(scenario.title());
    notStarted.forEach((name, why) -> results.failed(scenario, name, why));
    var loads = new LinkedHashMap<String, RawLoad>();
    var values = new LinkedHashMap<String, List<Double>>();
    try {
      for (String name : children.keySet()) {
        attempt(
            scenario,
            name,
            loads,
            () -> {
              var load = new RawLoad(ports.get(name), protocol(name), text, size, inFlight);
              loads.put(name, load);
              load.open(connections);
              driving.drive(load, plan.warmUpSeconds());
              values.put(name, new ArrayList<>());
            });
      }
      for (int round = 0; round < plan.rounds(); round++) {
        // Each round begins with another, so that none always comes after the same.
        var order = new ArrayList<>(loads.keySet());
        Collections.rotate(order, -round);
        for (String name : order) {
          attempt(
              scenario,
              name,
              loads,
              () -> values.get(name).add(measure(name, loads.get(name), scenario, size, driving)));
        }
      }
      loads.keySet().forEach(name -> results.put(scenario, name, new Figure(values.get(name))));
    } finally {
      for (RawLoad load : loads.values()) {
        load.close();
      }
    }
  }

  private double measure(String name, RawLoad load, Scenario scenario, int size, Driving driving)
      throws IOException {
    Child child = children.get(name);
    long before = child.cpuNanos();
    RawLoad.Window window = driving.drive(load, plan.windowSeconds());
    long nanos = child.cpuNanos() - before;
    if (window.messages() == 0 || nanos == 0) {
      throw new IOException(
          "expected messages and processor time but was "
              + window.messages()
              + " messages and "
              + nanos
              + " ns");
    }
    payloadBytes.put(name, (double) window.payloadBytes() / window.messages());
    double each = (double) nanos / window.messages();
    return scenario.unit().equals("s/GB") ? each / size : each / 1000;
  }

  private interface Attempt {
    void run() throws IOException, InterruptedException;
  }

  /** One that fails is told in the report, and left out of the rest of the scenario. */
  private void attempt(Scenario scenario, String name, Map<String, RawLoad> loads, Attempt attempt)
      throws IOException {
    try {
      attempt.run();
    } catch (IOException | RuntimeException e) {
      results.failed(scenario, name, String.valueOf(e.getMessage()));
      RawLoad load = loads.remove(name);
      if (load != null) {
        load.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /**
   * Measures memory per idle connection: live heap after a collection, and resident memory beside
   * the heap, which is all there from the start. Before that as many connections are opened and
   * closed again, so that what the compiler takes for them is not counted for those measured.
   */
  void idle(Scenario scenario) throws IOException {
    if (!plan.includes(scenario)) {
      return;
    }
    progress.say(scenario.title());
    notStarted.forEach((name, why) -> results.failed(scenario, name, why));
    for (String name : children.keySet()) {
      if (!name.equals("tcp")) {
        attempt(scenario, name, new LinkedHashMap<>(), () -> idle(scenario, name));
      }
    }
  }

  private void idle(Scenario scenario, String name) throws IOException, InterruptedException {
    Child child = children.get(name);
    int port = ports.get(name);
    for (int i = 0; i < PRIMINGS; i++) {
      try (var priming = new RawLoad(port, protocol(name), false, 64, 1)) {
        priming.open(Math.min(PRIMING_CONNECTIONS, plan.idleConnections()));
        if (i == 0) {
          priming.run(0.2);
        }
      }
    }
    var bytesEach = new ArrayList<Double>();
    for (int i = 0; i < (plan.rounds() > IDLE_ROUNDS ? IDLE_ROUNDS : 1); i++) {
      bytesEach.add(idleBytes(child, port, protocol(name)));
    }
    results.put(scenario, name, new Figure(bytesEach.stream().map(bytes -> bytes / 1000).toList()));
  }

  /** Bytes of each of many connections that do nothing. */
  private double idleBytes(Child child, int port, RawLoad.Protocol protocol)
      throws IOException, InterruptedException {
    OptionalLong heapBefore = settledHeap(child);
    long residentBefore = resident(child);
    try (var load = new RawLoad(port, protocol, false, 64, 1)) {
      load.open(plan.idleConnections());
      if (!style.equals("deflate")) {
        // There the windows of this side alone would take gigabytes.
        load.run(0);
      }
      OptionalLong heap = child.usage().liveHeapBytes();
      long heapGrowth =
          heap.isPresent() && heapBefore.isPresent()
              ? heap.getAsLong() - heapBefore.getAsLong()
              : 0;
      long residentAfter = resident(child);
      for (int i = 0; i < COMPILER_SECONDS; i++) {
        Thread.sleep(1000);
        residentAfter = Math.min(residentAfter, resident(child));
      }
      long residentGrowth = Math.max(0, residentAfter - residentBefore);
      return (double) (heapGrowth + residentGrowth) / plan.idleConnections();
    }
  }

  /** The live heap once the connections that were closed before are gone. */
  private static OptionalLong settledHeap(Child child) throws IOException, InterruptedException {
    OptionalLong before = child.usage().liveHeapBytes();
    for (int i = 0; i < MOST_LOOKS && before.isPresent(); i++) {
      OptionalLong now = child.usage().liveHeapBytes();
      if (now.isEmpty() || now.getAsLong() >= before.getAsLong() * SETTLED) {
        return now;
      }
      before = now;
    }
    return before;
  }

  /** What it has freed does not count, though its allocator may keep it for later. */
  private static long resident(Child child) throws IOException, InterruptedException {
    child.trimNativeHeap();
    return child
        .usage()
        .residentBytes()
        .orElseThrow(() -> new IOException("resident memory is not told here"));
  }

  @Override
  public void close() {
    children.values().forEach(Child::close);
  }
}
