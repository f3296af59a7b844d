package dev.weir.netty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.websocket.spi.ChannelEvents;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps what a channel tells. Thread-safe: the event loop fills it, a test empties it. */
final class Recorder implements ChannelEvents {
  /** How long a test waits for what must come. */
  static final long PATIENCE_SECONDS = 20;

  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final List<String> seen = new ArrayList<>();
  private volatile long receivedBytes;
  private volatile @Nullable Throwable cause;
  private volatile Consumer<ByteBuffer> onReceived = buffer -> {};

  Recorder onReceived(Consumer<ByteBuffer> action) {
    onReceived = action;
    return this;
  }

  @Override
  public void received(ByteBuffer buffer) {
    onReceived.accept(buffer);
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(copy);
    receivedBytes += copy.length;
    synchronized (bytes) {
      bytes.writeBytes(copy);
    }
    events.add("received");
  }

  @Override
  public void readComplete() {
    events.add("readComplete");
  }

  @Override
  public void writable() {
    events.add("writable");
  }

  @Override
  public void flushed() {
    events.add("flushed");
  }

  @Override
  public void inputEnding() {
    events.add("inputEnding");
  }

  @Override
  public void inputShut() {
    events.add("inputShut");
  }

  @Override
  public void closed(@Nullable Throwable why) {
    cause = why;
    events.add("closed");
  }

  /** Waits for the event, taking those before it. */
  void await(String event) throws InterruptedException {
    List<String> before = new ArrayList<>();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (true) {
      String next = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      assertThat(next).as("expected %s after %s", event, before).isNotNull();
      before.add(next);
      seen.add(next);
      if (next.equals(event)) {
        return;
      }
    }
  }

  /** Waits until as many bytes in all have come. */
  String awaitBytes(int count) throws InterruptedException {
    while (receivedBytes < count) {
      await("received");
    }
    return text();
  }

  /** Whether it has happened since the last event that was waited for. */
  boolean has(String event) {
    return events.contains(event);
  }

  /** What has happened: those that were waited for, and those since. */
  List<String> all() {
    events.drainTo(seen);
    return List.copyOf(seen);
  }

  long receivedBytes() {
    return receivedBytes;
  }

  String text() {
    synchronized (bytes) {
      return bytes.toString(StandardCharsets.ISO_8859_1);
    }
  }

  byte[] bytes() {
    synchronized (bytes) {
      return bytes.toByteArray();
    }
  }

  @Nullable Throwable cause() {
    return cause;
  }
}
