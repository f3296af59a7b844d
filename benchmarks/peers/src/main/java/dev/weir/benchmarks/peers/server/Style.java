package dev.weir.benchmarks.peers.server;

/** What a server under test does with the messages that come. */
enum Style {
  /** Sends each back. */
  PLAIN,
  /** Sends each back, and accepts permessage-deflate, with context takeover where it can. */
  DEFLATE,
  /** Sends each to all that are connected. */
  BROADCAST;

  boolean deflates() {
    return this == DEFLATE;
  }

  boolean broadcasts() {
    return this == BROADCAST;
  }
}
