package dev.weir.protocol.connection;

import dev.weir.protocol.close.CloseOutcome;
import dev.weir.protocol.close.CloseStatus;

/** Events that nobody listens to, for tests that look at one alone. Thread-safe. */
class NoEvents implements ConnectionEvents {
  @Override
  public void textReceived(String text) {}

  @Override
  public void binaryReceived(byte[] payload) {}

  @Override
  public void pingReceived(byte[] payload) {}

  @Override
  public void pongReceived(byte[] payload) {}

  @Override
  public void closeReceived(CloseStatus status) {}

  @Override
  public void closingStarted() {}

  @Override
  public void closed(CloseOutcome outcome) {}
}
