package dev.weir.benchmarks;

import dev.weir.protocol.close.CloseOutcome;
import dev.weir.protocol.close.CloseStatus;
import dev.weir.protocol.connection.ConnectionEvents;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Takes messages as a connection delivers them, and lets none be optimised away. For one thread.
 */
final class Sink implements ConnectionEvents {
  Blackhole hole;

  @Override
  public void textReceived(String text) {
    hole.consume(text);
  }

  @Override
  public void binaryReceived(byte[] payload) {
    hole.consume(payload);
  }

  @Override
  public void pingReceived(byte[] payload) {}

  @Override
  public void pongReceived(byte[] payload) {}

  @Override
  public void closeReceived(CloseStatus status) {
    throw new IllegalStateException("expected messages but was Close with " + status);
  }

  @Override
  public void closingStarted() {
    throw new IllegalStateException("expected messages but was the end");
  }

  @Override
  public void closed(CloseOutcome outcome) {}
}
