package dev.weir.websocket;

import dev.weir.protocol.connection.MaskSource;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Masks from a cryptographically strong source, fetched many at a time (K6, RFC 6455 §10.3). Not
 * thread-safe: one per thread.
 */
final class SecureMasks implements MaskSource {
  private static final int BUFFERED_BYTES = 4096;
  private static final ThreadLocal<SecureMasks> OF_THREAD =
      ThreadLocal.withInitial(SecureMasks::new);

  private final SecureRandom random = new SecureRandom();
  private final byte[] fetched = new byte[BUFFERED_BYTES];
  private final ByteBuffer masks = ByteBuffer.wrap(fetched).limit(0);

  private SecureMasks() {}

  /** The calling thread's own source. */
  static SecureMasks ofThread() {
    return OF_THREAD.get();
  }

  @Override
  public int nextMask() {
    if (!masks.hasRemaining()) {
      random.nextBytes(fetched);
      masks.clear();
    }
    int mask = masks.getInt(masks.position());
    masks.putInt(0);
    return mask;
  }
}
