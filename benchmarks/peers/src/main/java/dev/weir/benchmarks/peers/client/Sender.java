package dev.weir.benchmarks.peers.client;

/** A thread that sends until it is stopped, for clients whose sending waits. For one thread. */
final class Sender {
  private final Thread thread;
  private volatile boolean stopped;

  /** One message, or a few. */
  interface Step {
    void send() throws Exception;
  }

  /** Begins at once, on a virtual thread if that is what the client is meant for. */
  Sender(boolean virtual, Step step) {
    Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
    thread = builder.start(() -> run(step));
  }

  private void run(Step step) {
    try {
      while (!stopped) {
        step.send();
      }
    } catch (Exception e) {
      if (!stopped) {
        System.err.println("sending ended: " + e);
      }
    }
  }

  void stop() {
    stopped = true;
    thread.interrupt();
  }
}
