package dev.weir.benchmarks.peers.server;

/** A server under test that sends every message back, on every path. Started once. */
interface EchoServer {
  /**
   * Listens on 127.0.0.1.
   *
   * @return the port, which the system chooses
   */
  int start() throws Exception;
}
