package dev.weir.benchmarks.peers.load;

/**
 * One thing that is measured, with the unit of its figures. Immutable.
 *
 * @param id how it is called on the command line
 * @param title how it is called in reports
 * @param unit of its figures, of which less is better
 */
record Scenario(String id, String title, String unit) {
  private static final String MICROS = "µs";

  static final Scenario ECHO_16_1 =
      new Scenario("echo-16-1", "echo, 64 B binary, 16 connections, 1 in flight", MICROS);
  static final Scenario ECHO_16_16 =
      new Scenario("echo-16-16", "echo, 64 B binary, 16 connections, 16 in flight", MICROS);
  static final Scenario TEXT_16_16 =
      new Scenario("text-16-16", "echo, 64 B text, 16 connections, 16 in flight", MICROS);
  static final Scenario ECHO_256_1 =
      new Scenario("echo-256-1", "echo, 64 B binary, 256 connections, 1 in flight", MICROS);
  static final Scenario ECHO_256_16 =
      new Scenario("echo-256-16", "echo, 64 B binary, 256 connections, 16 in flight", MICROS);
  static final Scenario ECHO_1M =
      new Scenario("echo-1m", "echo, 1 MiB binary, 4 connections, 1 in flight", "s/GB");
  static final Scenario DEFLATE =
      new Scenario(
          "deflate", "echo, 1 KiB JSON, permessage-deflate, 16 connections, 1 in flight", MICROS);
  static final Scenario DEFLATE_BYTES =
      new Scenario(
          "deflate-bytes", "1 KiB JSON, permessage-deflate: payload of an answer", "bytes");
  static final Scenario IDLE =
      new Scenario("idle", "10,000 idle connections, heap and native memory each", "kB");
  static final Scenario IDLE_DEFLATE =
      new Scenario("deflate-idle", "10,000 idle connections, permessage-deflate agreed", "kB");
  static final Scenario BROADCAST =
      new Scenario("broadcast", "broadcast of 64 B to 1,000, one at a time", MICROS);
  static final Scenario BROADCAST_8 =
      new Scenario("broadcast-8", "broadcast of 64 B to 1,000, 8 pending", MICROS);
  static final Scenario ROUND_TRIP =
      new Scenario("client-round-trip", "client round trip, 64 B binary, 1 connection", MICROS);
  static final Scenario RECEIVE_BINARY =
      new Scenario("client-receive-binary", "client receives 64 B binary", MICROS);
  static final Scenario RECEIVE_TEXT =
      new Scenario("client-receive-text", "client receives 64 B text", MICROS);
  static final Scenario RECEIVE_64K =
      new Scenario("client-receive-64k", "client receives 64 KiB binary", MICROS);
  static final Scenario SEND_64 =
      new Scenario("client-send-64", "client sends 64 B binary", MICROS);
  static final Scenario SEND_64K =
      new Scenario("client-send-64k", "client sends 64 KiB binary", MICROS);
  static final Scenario SLOW_CONSUMER =
      new Scenario("client-slow", "client reads 100 of 64 KiB a second, peak heap", "MB");
}
