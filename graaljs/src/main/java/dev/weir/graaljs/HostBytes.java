package dev.weir.graaljs;

import java.nio.ByteBuffer;
import java.util.Base64;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/**
 * Bytes on their way between Java and JavaScript. For the context's thread alone.
 *
 * <p>Out of JavaScript they are copied at once. Into it they go as a buffer, which the script
 * copies into memory of its own. Where the context's owner does not allow buffers, as with {@code
 * HostAccess.NONE}, they go as a string in Base64, for which the language has a function: that
 * takes some ten times as long.
 */
final class HostBytes {
  private static final byte[] PROBE = {1, 2, 3};

  private boolean asBuffers = true;

  void addTo(HostFunctions host) {
    host.add("probeBytes", this::probe).add("useBase64", this::useBase64);
  }

  private Object probe(Value[] unused) {
    return toScript(PROBE);
  }

  private @Nullable Object useBase64(Value[] unused) {
    asBuffers = false;
    return null;
  }

  /** What {@code weir.receiveBytes} makes a Uint8Array of. */
  Object toScript(byte[] bytes) {
    return asBuffers ? ByteBuffer.wrap(bytes) : Base64.getEncoder().encodeToString(bytes);
  }

  /** A copy of this part of an ArrayBuffer. */
  static byte[] fromScript(Value buffer, Value byteOffset, Value byteLength) {
    byte[] bytes = new byte[byteLength.asInt()];
    if (bytes.length > 0) {
      buffer.readBuffer(byteOffset.asLong(), bytes, 0, bytes.length);
    }
    return bytes;
  }
}
