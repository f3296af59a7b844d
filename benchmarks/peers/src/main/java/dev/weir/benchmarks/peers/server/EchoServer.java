package dev.weir.benchmarks.peers.server;

/** A server under test that sends every message back, or to all. Started once. */
interface EchoServer {
  /**
   * Listens on 127.0.0.1.
   *
   * @param style what it does with messages
   * @return the port, which the system chooses
   */
  int start(Style style) throws Exception;
}
