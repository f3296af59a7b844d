package dev.weir.websocket.tests;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Payloads of single messages as RFC 7692 compresses them. Only pure functions; thread-safe. */
final class Deflated {
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

  private Deflated() {}

  /** The message, compressed. */
  static byte[] of(byte[] message) {
    Deflater deflater = new Deflater(9, true);
    deflater.setInput(message);
    byte[] out = new byte[message.length + 1000];
    int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    deflater.end();
    return Arrays.copyOf(out, length - TAIL.length);
  }

  /** The text of a compressed message of at most 1 MiB, which refers back to no other. */
  static String text(byte[] payload) {
    byte[] whole = Arrays.copyOf(payload, payload.length + TAIL.length);
    System.arraycopy(TAIL, 0, whole, payload.length, TAIL.length);
    Inflater inflater = new Inflater(true);
    inflater.setInput(whole);
    byte[] out = new byte[1 << 20];
    try {
      return new String(out, 0, inflater.inflate(out), UTF_8);
    } catch (DataFormatException e) {
      throw new AssertionError(e);
    } finally {
      inflater.end();
    }
  }
}
