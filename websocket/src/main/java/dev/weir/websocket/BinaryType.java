package dev.weir.websocket;

import java.nio.ByteBuffer;

/**
 * What {@link MessageEvent#data} makes of a binary message. The platform knows "blob", its default,
 * and "arraybuffer"; Java adds, and begins with, plain arrays.
 */
public enum BinaryType {
  /** A {@code byte[]}; the default in Java. */
  BYTES("bytes"),
  /** A {@link ByteBuffer} around the bytes, which may be written to. */
  ARRAY_BUFFER("arraybuffer"),
  /** A {@link Blob}. */
  BLOB("blob");

  private final String text;

  BinaryType(String text) {
    this.text = text;
  }

  /**
   * The one with this name.
   *
   * @param name "bytes", "arraybuffer" or "blob"
   * @throws IllegalArgumentException if there is none
   */
  public static BinaryType of(String name) {
    for (BinaryType type : values()) {
      if (type.text.equals(name)) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "expected a binary type of \"bytes\", \"arraybuffer\" or \"blob\" but was \""
            + name
            + "\"");
  }

  Object dataOf(byte[] bytes) {
    return switch (this) {
      case BYTES -> bytes;
      case ARRAY_BUFFER -> ByteBuffer.wrap(bytes);
      case BLOB -> Blob.around(bytes);
    };
  }

  /** The name as the platform has it. */
  @Override
  public String toString() {
    return text;
  }
}
