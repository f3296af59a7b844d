package dev.weir.protocol.handshake;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Sec-WebSocket-Key and the Sec-WebSocket-Accept that answers it (RFC 6455 §1.3, §4.2.2). Stateless
 * and thread-safe.
 */
public final class AcceptKey {
  /** How many random bytes a key carries. */
  public static final int NONCE_BYTES = 16;

  private static final int KEY_CHARS = 24;
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private AcceptKey() {}

  /**
   * The key for a nonce.
   *
   * @throws IllegalArgumentException if the nonce is not 16 bytes
   */
  public static String keyFor(byte[] nonce) {
    if (nonce.length != NONCE_BYTES) {
      throw new IllegalArgumentException(
          "expected a nonce of " + NONCE_BYTES + " bytes but was " + nonce.length);
    }
    return Base64.getEncoder().encodeToString(nonce);
  }

  /** Whether the value is base64 text, with its padding, of 16 bytes (§4.2.1). */
  public static boolean isKey(String value) {
    if (value.length() != KEY_CHARS) {
      return false;
    }
    try {
      return Base64.getDecoder().decode(value).length == NONCE_BYTES;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  /** The value of Sec-WebSocket-Accept that answers the key. */
  public static String acceptFor(String key) {
    return Base64.getEncoder()
        .encodeToString(sha1().digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1, but this one does not", e);
    }
  }
}
