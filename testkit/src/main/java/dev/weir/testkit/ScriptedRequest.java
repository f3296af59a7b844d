package dev.weir.testkit;

import dev.weir.protocol.handshake.HandshakeRequest;
import dev.weir.protocol.handshake.Headers;
import dev.weir.websocket.opening.HandshakeResponse;
import org.jspecify.annotations.Nullable;

/**
 * A client in the test's hands that has asked a server for a connection, and its answer. Not
 * thread-safe: for the thread that drives the loop.
 */
public final class ScriptedRequest implements Asking {
  private final ManualEventLoop loop;
  private final HandshakeRequest request;

  private boolean givenUp;
  private @Nullable HandshakeResponse response;
  private @Nullable ScriptedPeer peer;
  private @Nullable String broken;

  ScriptedRequest(ManualEventLoop loop, HandshakeRequest request) {
    this.loop = loop;
    this.request = request;
  }

  @Override
  public HandshakeRequest request() {
    return request;
  }

  /** Whether an answer has come, or this client no longer waits for one. */
  @Override
  public boolean isOver() {
    return givenUp || response != null || broken != null;
  }

  /** Goes away without waiting for an answer. */
  public void giveUp() {
    givenUp = true;
  }

  /** Drives the loop until the server has accepted. */
  public ScriptedPeer awaitPeer() {
    HandshakeResponse answer = awaitResponse();
    if (peer == null) {
      throw new AssertionError("expected status 101 but was " + answer + ": " + answer.bodyText());
    }
    return peer;
  }

  /** Drives the loop until the server has answered, whatever its answer. */
  public HandshakeResponse awaitResponse() {
    loop.runWhilePatient(() -> response != null || broken != null);
    if (response == null) {
      throw new AssertionError(
          "expected an answer to the opening handshake but "
              + (broken != null ? broken : "none came"));
    }
    return response;
  }

  @Override
  public void answered(int status, Headers headers, byte[] body, @Nullable Link link) {
    response = new HandshakeResponse(status, "", headers, body, true);
    if (link != null) {
      String protocol = headers.first("Sec-WebSocket-Protocol").orElse("");
      peer = new ScriptedPeer(loop, link, link.clientEnd(), true, protocol);
    }
  }

  @Override
  public void broken(String why) {
    broken = why;
  }

  @Override
  public String toString() {
    return "request of " + request.target() + (response == null ? "" : ", answered " + response);
  }
}
