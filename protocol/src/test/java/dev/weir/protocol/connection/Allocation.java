package dev.weir.protocol.connection;

import java.lang.management.ManagementFactory;

/** Counts the bytes that the calling thread allocates. Thread-safe. */
final class Allocation {
  private Allocation() {}

  static long by(Runnable work) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
