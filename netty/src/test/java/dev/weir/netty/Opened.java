package dev.weir.netty;

import dev.weir.protocol.handshake.Agreement;
import dev.weir.websocket.opening.HandshakeResponse;
import dev.weir.websocket.opening.OpeningFailure;
import dev.weir.websocket.spi.OpeningEvents;
import dev.weir.websocket.spi.WebSocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How one opening ended, for a test to wait on. Thread-safe. */
final class Opened implements OpeningEvents {
  record Success(WebSocketChannel channel, Agreement agreement, HandshakeResponse response) {}

  /** A success or the cause of the failure. */
  private final CompletableFuture<Object> outcome = new CompletableFuture<>();

  @Override
  public void opened(WebSocketChannel channel, Agreement agreement, HandshakeResponse response) {
    complete(new Success(channel, agreement, response));
  }

  @Override
  public void failed(Throwable cause) {
    complete(cause);
  }

  private void complete(Object end) {
    if (!outcome.complete(end)) {
      throw new AssertionError("expected one outcome but was a second: " + end);
    }
  }

  boolean isDone() {
    return outcome.isDone();
  }

  /** Waits for the outcome. */
  boolean hasFailed() throws Exception {
    return end() instanceof Throwable;
  }

  Success success() throws Exception {
    if (end() instanceof Success success) {
      return success;
    }
    throw new AssertionError("expected success but was a failure", cause());
  }

  WebSocketChannel channel() throws Exception {
    return success().channel();
  }

  Throwable cause() throws Exception {
    if (end() instanceof Throwable cause) {
      return cause;
    }
    throw new AssertionError("expected a failure but was " + end());
  }

  OpeningFailure failure() throws Exception {
    if (cause() instanceof OpeningFailure failure) {
      return failure;
    }
    throw new AssertionError("expected an OpeningFailure", cause());
  }

  private Object end() throws Exception {
    return outcome.get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
