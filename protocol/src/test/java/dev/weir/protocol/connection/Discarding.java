package dev.weir.protocol.connection;

import java.nio.ByteBuffer;

/** An output for tests that look at what is received, or what is allocated. Not thread-safe. */
final class Discarding implements ConnectionOutput {
  private final ByteBuffer room = ByteBuffer.allocateDirect(2000);

  @Override
  public ByteBuffer reserve(int bytes) {
    return room.clear();
  }

  @Override
  public void commit(int bytes) {}

  @Override
  public boolean isWritable() {
    return true;
  }

  @Override
  public void shutdownOutput() {}

  @Override
  public void closeTransport() {}
}
