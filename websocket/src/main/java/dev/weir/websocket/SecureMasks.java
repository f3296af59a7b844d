package dev.weir.websocket;

import dev.weir.protocol.connection.MaskSource;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Masks from a cryptographically strong source, fetched many at a time (K6, RFC 6455 §10.3). Not
 * thread-safe: one per thread.
 *
 * <p>The JDK's source takes longer for four bytes than all else about a small frame does. So it is
 * asked for a key, and the masks are what AES in counter mode makes of that; each key serves for
 * one fetch only. The first masks come from the source itself, since many programs need few, and to
 * load the cipher takes a while.
 */
final class SecureMasks implements MaskSource {
  private static final int BUFFERED_BYTES = 4096;
  private static final int FIRST_BYTES = 256;
  private static final int KEY_BYTES = 32;
  private static final byte[] ZEROS = new byte[BUFFERED_BYTES];
  private static final IvParameterSpec FROM_ZERO = new IvParameterSpec(new byte[16]);
  private static final ThreadLocal<SecureMasks> OF_THREAD =
      ThreadLocal.withInitial(SecureMasks::new);

  private final SecureRandom random = new SecureRandom();
  private byte[] fetched = new byte[FIRST_BYTES];
  private ByteBuffer masks = ByteBuffer.wrap(fetched).limit(0);
  private boolean begun;
  private @Nullable Cipher cipher;

  private SecureMasks() {}

  /** The calling thread's own source. */
  static SecureMasks ofThread() {
    return OF_THREAD.get();
  }

  @Override
  public int nextMask() {
    if (!masks.hasRemaining()) {
      fetch();
    }
    int mask = masks.getInt(masks.position());
    masks.putInt(0);
    return mask;
  }

  private void fetch() {
    if (begun && fetched.length < BUFFERED_BYTES) {
      cipher = cipher();
      fetched = new byte[BUFFERED_BYTES];
      masks = ByteBuffer.wrap(fetched);
    }
    begun = true;
    if (cipher == null) {
      random.nextBytes(fetched);
    } else {
      expand(cipher);
    }
    masks.clear();
  }

  private void expand(Cipher with) {
    byte[] key = new byte[KEY_BYTES];
    random.nextBytes(key);
    try {
      // Counting from zero each time is no danger, as no key comes twice.
      with.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), FROM_ZERO);
      with.doFinal(ZEROS, 0, ZEROS.length, fetched);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("expected AES in counter mode but it failed", e);
    }
  }

  /** Null on a platform that has no such cipher; then all masks come from the source itself. */
  private static @Nullable Cipher cipher() {
    try {
      return Cipher.getInstance("AES/CTR/NoPadding");
    } catch (GeneralSecurityException e) {
      return null;
    }
  }
}
