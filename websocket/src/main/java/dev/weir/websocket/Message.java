package dev.weir.websocket;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * One whole WebSocket message: text or bytes (S7). Immutable, as long as nobody writes into the
 * array of a {@link Binary}.
 *
 * <pre>{@code
 * switch (message) {
 *   case Message.Text(String text) -> System.out.println(text);
 *   case Message.Binary(byte[] bytes) -> System.out.println(bytes.length + " bytes");
 * }
 * }</pre>
 */
public sealed interface Message {
  /** A text message. Lone surrogates are sent as U+FFFD (S11). */
  static Message of(String text) {
    return new Text(text);
  }

  /** A binary message around this array, which is copied when it is sent (S11). */
  static Message of(byte[] bytes) {
    return new Binary(bytes);
  }

  /** A binary message with a copy of what remains in the buffer, whose position stays. */
  static Message of(ByteBuffer bytes) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(bytes.position(), copy);
    return new Binary(copy);
  }

  /**
   * A text message.
   *
   * @param text its text; what is received is always well-formed
   */
  record Text(String text) implements Message {
    public Text {
      Objects.requireNonNull(text, "text");
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * A binary message. The array of a received message belongs to its receiver. Two binary messages
   * are equal if their bytes are.
   *
   * @param bytes its bytes, not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // equals and hashCode go by the bytes
  record Binary(byte[] bytes) implements Message {
    private static final int SHOWN_BYTES = 32;

    public Binary {
      Objects.requireNonNull(bytes, "bytes");
    }

    /** A read-only view of the bytes. */
    public ByteBuffer asByteBuffer() {
      return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Binary that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    /** The number of bytes and the first of them in hexadecimal. */
    @Override
    public String toString() {
      return bytes.length
          + " bytes: "
          + HexFormat.ofDelimiter(" ").formatHex(bytes, 0, Math.min(bytes.length, SHOWN_BYTES))
          + (bytes.length > SHOWN_BYTES ? " …" : "");
    }
  }
}
