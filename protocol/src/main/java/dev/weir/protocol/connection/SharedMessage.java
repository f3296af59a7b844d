package dev.weir.protocol.connection;

import dev.weir.protocol.deflate.Compression;
import dev.weir.protocol.deflate.MessageDeflater;
import dev.weir.protocol.frame.Opcode;
import dev.weir.protocol.message.TextEncoder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A message that goes to many connections: encoded once, and compressed once for all that compress
 * on the same terms without context takeover. Thread-safe.
 */
public final class SharedMessage {
  /** Connections with other terms than the first few compress for themselves. */
  private static final int MOST_FORMS = 4;

  private static final Form[] NONE = {};

  /**
   * The message as compressed on some terms.
   *
   * @param bytes null if it is better sent as it is
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Form(int terms, byte @Nullable [] bytes) {}

  private final Opcode opcode;
  private final byte[] payload;
  private final boolean compressible;

  /** Never changed inside. What two threads make at the same time one of them makes again. */
  private volatile Form[] forms = NONE;

  private SharedMessage(Opcode opcode, byte[] payload, boolean compressible) {
    this.opcode = opcode;
    this.payload = payload;
    this.compressible = compressible;
  }

  /**
   * A text message; lone surrogates become U+FFFD.
   *
   * @param compress whether it may be compressed
   */
  public static SharedMessage ofText(String text, boolean compress) {
    return new SharedMessage(Opcode.TEXT, TextEncoder.encode(text), compress);
  }

  /**
   * A binary message with a copy of these bytes.
   *
   * @param compress whether it may be compressed
   */
  public static SharedMessage ofBinary(byte[] bytes, boolean compress) {
    return new SharedMessage(Opcode.BINARY, bytes.clone(), compress);
  }

  /** Whether it may be compressed. */
  boolean isCompressible() {
    return compressible;
  }

  /** The bytes of its payload, not compressed. */
  public int payloadBytes() {
    return payload.length;
  }

  Opcode opcode() {
    return opcode;
  }

  /** What nobody may write into. */
  byte[] payload() {
    return payload;
  }

  /**
   * The payload as it is compressed on these terms, which take no context over; null if it is
   * better sent as it is. At most {@link MessageDeflater#SEGMENT_BYTES} of payload.
   */
  byte @Nullable [] compressed(Compression compression) {
    int terms = compression.sendTerms();
    Form[] known = forms;
    for (Form form : known) {
      if (form.terms == terms) {
        return form.bytes;
      }
    }
    MessageDeflater deflater = compression.deflater();
    byte[] bytes =
        deflater.deflateWhole(payload)
            ? Arrays.copyOf(deflater.output(), deflater.outputBytes())
            : null;
    if (known.length < MOST_FORMS) {
      Form[] more = Arrays.copyOf(known, known.length + 1);
      more[known.length] = new Form(terms, bytes);
      forms = more;
    }
    return bytes;
  }
}
