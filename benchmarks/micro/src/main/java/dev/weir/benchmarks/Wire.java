package dev.weir.benchmarks;

import dev.weir.protocol.connection.Connection;
import dev.weir.protocol.connection.ConnectionEvents;
import dev.weir.protocol.connection.ConnectionOutput;
import dev.weir.protocol.connection.Limits;
import dev.weir.protocol.connection.Role;
import java.nio.ByteBuffer;

/** Where connections write to: a direct buffer, as a transport lends it. For one thread. */
public final class Wire implements ConnectionOutput {
  private final ByteBuffer buffer;
  private int masks = 0x37fa213d;

  Wire(int bytes) {
    this.buffer = ByteBuffer.allocateDirect(bytes);
  }

  /**
   * A connection that writes here; its masks are cheap, as strong ones are not what is measured.
   */
  Connection connection(Role role, Limits limits, ConnectionEvents events) {
    return new Connection(role, limits, () -> masks += 0x9e3779b9, this, events);
  }

  /** A copy of all that was written, which is forgotten. */
  ByteBuffer taken(boolean direct) {
    buffer.flip();
    int size = buffer.remaining();
    ByteBuffer copy = direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
    copy.put(buffer).flip();
    buffer.clear();
    return copy;
  }

  /** Forgets all that was written. */
  void forget() {
    buffer.clear();
  }

  @Override
  public ByteBuffer reserve(int bytes) {
    return buffer;
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
