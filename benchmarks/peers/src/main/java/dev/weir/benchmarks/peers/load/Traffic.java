package dev.weir.benchmarks.peers.load;

import java.io.IOException;
import java.nio.ByteBuffer;

/** What goes over one connection, out and back. For one thread. */
interface Traffic extends AutoCloseable {
  /** The next messages, ready for the wire; the buffer is overwritten by the next call. */
  ByteBuffer next(int count);

  /**
   * Takes what a read has brought.
   *
   * @return how many messages it has completed
   * @throws IOException if they are not what was sent, or the server closes
   */
  int count(ByteBuffer in) throws IOException;

  /** How many bytes of payload have come, as they were on the wire. */
  long payloadBytes();

  /** Gives back what is held outside the heap. */
  @Override
  default void close() {}
}
