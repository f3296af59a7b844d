package dev.weir.interop;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One open connection of a peer's client; what it sees is queued for the test. Thread-safe. */
abstract class PeerSession {
  private final BlockingQueue<PeerEvent> events = new LinkedBlockingQueue<>();

  abstract void send(String text);

  abstract void send(byte[] bytes);

  abstract void close(int code, String reason);

  /** The subprotocol in use, empty if none. */
  abstract String protocol();

  /** The next event, waited for at most 20 s. */
  PeerEvent next() throws InterruptedException {
    PeerEvent event = events.poll(20, TimeUnit.SECONDS);
    if (event == null) {
      throw new AssertionError("expected an event within 20 s but there was none");
    }
    return event;
  }

  void saw(PeerEvent event) {
    events.add(event);
  }
}
