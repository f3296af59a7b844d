package dev.weir.benchmarks.peers.load;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * How long and how often a run measures, and what. Immutable.
 *
 * @param root of the source tree
 * @param core that the processes under test are pinned to, or an empty string
 * @param warmUpSeconds of each process in each scenario before its first round
 * @param windowSeconds of each measurement
 * @param rounds how often all of them are measured, one after the other
 * @param idleConnections how many are held open
 * @param scenarios the pattern of those that are measured
 * @param subjects the pattern of those who are measured
 */
record Plan(
    Path root,
    String core,
    double warmUpSeconds,
    double windowSeconds,
    int rounds,
    int idleConnections,
    Pattern scenarios,
    Pattern subjects) {

  /** Who is measured where time is short, which is better spent on warming them up than on all. */
  static final String NEAREST = "weir|tcp|netty|vertx";

  static final List<String> SERVERS =
      List.of(
          "tcp",
          "weir-event",
          "weir-stream",
          "weir-blocking",
          "netty",
          "vertx",
          "undertow",
          "jetty",
          "helidon",
          "java-websocket",
          "ws");

  /** Those that have permessage-deflate. */
  static final List<String> DEFLATING_SERVERS =
      List.of(
          "weir-event",
          "weir-stream",
          "weir-blocking",
          "weir-no-takeover",
          "netty",
          "vertx",
          "undertow",
          "jetty",
          "java-websocket",
          "ws");

  /** Those that send to all; Weir in the style in which one would. */
  static final List<String> BROADCASTING_SERVERS =
      List.of(
          "weir-event", "netty", "vertx", "undertow", "jetty", "helidon", "java-websocket", "ws");

  /** The servers of a style. */
  static List<String> servers(String style) {
    return switch (style) {
      case "plain" -> SERVERS;
      case "deflate" -> DEFLATING_SERVERS;
      case "broadcast" -> BROADCASTING_SERVERS;
      default -> throw new IllegalArgumentException("there is no style " + style);
    };
  }

  static final List<String> CLIENTS =
      List.of(
          "weir-event",
          "weir-stream",
          "weir-blocking",
          "jdk",
          "okhttp",
          "netty",
          "vertx",
          "jetty",
          "nv",
          "java-websocket",
          "tyrus");

  boolean includes(Scenario scenario) {
    return scenarios.matcher(scenario.id()).find();
  }

  List<String> chosen(List<String> all) {
    Predicate<String> chosen = subjects.asPredicate();
    return all.stream().filter(chosen).toList();
  }

  /** The flags of every Java process under test: the same heap for all, there from the start. */
  static List<String> javaFlags() {
    return List.of(
        "-Xms256m",
        "-Xmx256m",
        "-XX:+AlwaysPreTouch",
        "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED");
  }
}
