package dev.weir.websocket;

import dev.weir.protocol.handshake.HandshakeRequest;
import dev.weir.websocket.opening.HandshakeResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;

/**
 * Keeps the exceptions of an observer from the connections that it looks at: they are logged.
 * Thread-safe as the observer is.
 *
 * <p>It is called in the middle of openings and of frames. What it threw there would leave promises
 * that nothing completes any more, and frames that the peer can not tell apart.
 */
final class GuardedObserver implements WireObserver {
  private static final Logger LOG = System.getLogger("dev.weir.websocket.observer");

  private final WireObserver observer;

  GuardedObserver(WireObserver observer) {
    this.observer = Objects.requireNonNull(observer, "observer");
  }

  @Override
  public void requestSent(HandshakeRequest request) {
    guard(() -> observer.requestSent(request));
  }

  @Override
  public void accepted(HandshakeResponse response) {
    guard(() -> observer.accepted(response));
  }

  @Override
  public void frameSent(ObservedFrame frame) {
    guard(() -> observer.frameSent(frame));
  }

  @Override
  public void frameReceived(ObservedFrame frame) {
    guard(() -> observer.frameReceived(frame));
  }

  private static void guard(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "an observer failed", e);
    }
  }
}
