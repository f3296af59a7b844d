package dev.weir.benchmarks.peers.load;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the clients: all of them run side by side, each in a process of its own, and are
 * connected to the same server one after the other, round by round. For one thread.
 */
final class ClientRuns implements AutoCloseable {
  private static final String MAIN = "dev.weir.benchmarks.peers.client.Drive";
  private static final double SETTLING_SECONDS = 0.1;

  private final Plan plan;
  private final Results results;
  private final Progress progress;
  private final File errors;
  private final RawServer server = new RawServer();
  private final Map<String, Child> children = new LinkedHashMap<>();
  private final Map<String, String> notStarted = new LinkedHashMap<>();

  ClientRuns(Plan plan, Results results, Progress progress, File errors) throws IOException {
    this.plan = plan;
    this.results = results;
    this.progress = progress;
    this.errors = errors;
  }

  /** Starts all clients; one that can not be started is told in the report. */
  void start() throws InterruptedException {
    for (String name : plan.chosen(Plan.CLIENTS)) {
      start(name);
    }
  }

  private void start(String name) throws InterruptedException {
    try {
      var child = new Child(plan.core(), errors, Child.java(Plan.javaFlags(), MAIN, name));
      child.await("ready");
      children.put(name, child);
    } catch (IOException e) {
      notStarted.put(name, String.valueOf(e.getMessage()));
    }
  }

  /** Measures processor time per message, in microseconds. */
  void messages(Scenario scenario, RawServer.Work work, String mode, boolean text, int size)
      throws InterruptedException {
    run(
        scenario,
        (int) Math.ceil(plan.warmUpSeconds() / plan.windowSeconds()),
        name -> {
          server.prepare(work, text, size);
          Child child = children.get(name);
          child.tell("open " + server.url() + ' ' + mode + (text ? " text " : " binary ") + size);
          child.await("opened");
          sleep(SETTLING_SECONDS);
          long cpu = child.cpuNanos();
          long messages = server.messages();
          sleep(plan.windowSeconds());
          cpu = child.cpuNanos() - cpu;
          messages = server.messages() - messages;
          child.tell("close");
          server.hangUp();
          child.await("closed");
          if (messages == 0 || cpu == 0) {
            throw new IOException(
                "expected messages and processor time but was " + messages + " and " + cpu + " ns");
          }
          return (double) cpu / messages / 1000;
        });
  }

  /** Measures the peak of the heap of a consumer that is slower than the server, in megabytes. */
  void slowConsumer(Scenario scenario) throws InterruptedException {
    run(
        scenario,
        0,
        name -> {
          server.prepare(RawServer.Work.FLOOD, false, 64 * 1024);
          Child child = children.get(name);
          child.tell("open " + server.url() + " slow binary " + 64 * 1024);
          child.await("opened");
          sleep(Math.max(1, 2 * plan.windowSeconds()));
          child.tell("close");
          server.hangUp();
          return Long.parseLong(child.await("closed")) / 1e6;
        });
  }

  /** One that failed may be in any state: the next scenario gets a new process. */
  private void restart(String name) throws InterruptedException {
    Child failed = children.remove(name);
    if (failed != null) {
      failed.close();
    }
    start(name);
  }

  private interface Measurement {
    double of(String name) throws IOException, InterruptedException;
  }

  private void run(Scenario scenario, int warmUps, Measurement measurement)
      throws InterruptedException {
    if (!plan.includes(scenario)) {
      return;
    }
    progress.say(scenario.title());
    notStarted.forEach((name, why) -> results.failed(scenario, name, why));
    var values = new LinkedHashMap<String, List<Double>>();
    children.keySet().forEach(name -> values.put(name, new ArrayList<>()));
    for (int round = -warmUps; round < plan.rounds(); round++) {
      var order = new ArrayList<>(values.keySet());
      Collections.rotate(order, -round);
      for (String name : order) {
        try {
          double value = measurement.of(name);
          if (round >= 0) {
            values.get(name).add(value);
          }
        } catch (IOException | NumberFormatException e) {
          results.failed(scenario, name, String.valueOf(e.getMessage()));
          values.remove(name);
          restart(name);
        }
      }
    }
    values.forEach((name, list) -> results.put(scenario, name, new Figure(list)));
  }

  private static void sleep(double seconds) throws InterruptedException {
    Thread.sleep((long) (seconds * 1000));
  }

  @Override
  public void close() throws IOException {
    children.values().forEach(Child::close);
    server.close();
  }
}
