package dev.weir.websocket;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Bytes that do not change, as the platform hands over binary messages unless it is told otherwise.
 * Immutable.
 *
 * @see <a href="https://w3c.github.io/FileAPI/#blob-section">File API, Blob</a>
 */
public final class Blob {
  private final byte[] bytes;
  private final int from;
  private final int size;

  private Blob(byte[] bytes, int from, int size) {
    this.bytes = bytes;
    this.from = from;
    this.size = size;
  }

  /** A copy of these bytes. */
  public static Blob of(byte[] bytes) {
    return around(bytes.clone());
  }

  /** This array, which nobody changes any more. */
  static Blob around(byte[] bytes) {
    return new Blob(bytes, 0, bytes.length);
  }

  /** How many bytes it has. */
  public int size() {
    return size;
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    byte[] copy = new byte[size];
    System.arraycopy(bytes, from, copy, 0, size);
    return copy;
  }

  /** The bytes as UTF-8, U+FFFD for what is none. */
  public String text() {
    return new String(bytes, from, size, StandardCharsets.UTF_8);
  }

  /** A read-only view of the bytes. */
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(bytes, from, size).slice().asReadOnlyBuffer();
  }

  /** Reads the bytes from the first one on. */
  public InputStream inputStream() {
    return new ByteArrayInputStream(bytes, from, size);
  }

  /**
   * A part of it, which shares its memory.
   *
   * @throws IndexOutOfBoundsException unless 0 ≤ start ≤ end ≤ size
   */
  public Blob slice(int start, int end) {
    Objects.checkFromToIndex(start, end, size);
    return new Blob(bytes, from + start, end - start);
  }

  /** The number of bytes. */
  @Override
  public String toString() {
    return "Blob of " + size + " bytes";
  }
}
