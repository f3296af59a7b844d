package dev.weir.benchmarks.peers.client;

import java.net.URI;

/** A client under test, with one connection at a time. For one thread. */
interface DrivenClient {
  /** Connects, waits until that is done, and begins the task. */
  void open(URI uri, Task task) throws Exception;

  /** Gives the connection up. */
  void close() throws Exception;
}
