package dev.weir.benchmarks.peers.load;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * JSON documents, compressed as the server has agreed to; every answer is inflated and compared
 * with what was sent. Only the JDK's zlib is in it. For one thread.
 */
final class DeflateTraffic implements Traffic {
  /** What is asked for: context takeover both ways, as browsers do. */
  static final String OFFER = "permessage-deflate; client_max_window_bits";

  private static final byte[] KEY = {0x37, (byte) 0xfa, 0x21, 0x3d};
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};
  private static final int TEXT_FIN_COMPRESSED = 0xc1;
  private static final int MOST_FRAME_BYTES = 2 * JsonDocuments.BYTES;
  private static final byte[][] RING = JsonDocuments.ring();

  private final boolean sendTakeover;
  private final boolean receiveTakeover;
  private final int inFlight;
  private final ByteArrayOutputStream message = new ByteArrayOutputStream();
  private ByteBuffer pending = ByteBuffer.allocate(0);
  private @Nullable Zlib zlib; // idle connections have none
  private boolean messageCompressed;
  private long sent;
  private long received;
  private long payloadBytes;

  /**
   * The traffic of one connection.
   *
   * @param agreed the server's answer to the offer
   * @throws IOException if it has not agreed, or to a smaller window, which the JDK can not make
   */
  DeflateTraffic(String agreed, int inFlight) throws IOException {
    if (!agreed.contains("permessage-deflate")
        || agreed.matches(".*client_max_window_bits=\"?(8|9|1[0-4]).*")) {
      throw new IOException("expected permessage-deflate with the whole window but was: " + agreed);
    }
    this.sendTakeover = !agreed.contains("client_no_context_takeover");
    this.receiveTakeover = !agreed.contains("server_no_context_takeover");
    this.inFlight = inFlight;
  }

  /** What a connection needs once it sends. */
  private static final class Zlib {
    final Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    final Inflater inflater = new Inflater(true);
    final byte[] compressed = new byte[MOST_FRAME_BYTES];
    final byte[] inflated = new byte[JsonDocuments.BYTES + 1];
    final ByteBuffer out;

    Zlib(int inFlight) {
      out = ByteBuffer.allocateDirect(inFlight * MOST_FRAME_BYTES);
    }
  }

  private Zlib zlib() {
    if (zlib == null) {
      zlib = new Zlib(inFlight);
    }
    return zlib;
  }

  @Override
  public ByteBuffer next(int count) {
    Deflater deflater = zlib().deflater;
    byte[] compressed = zlib().compressed;
    ByteBuffer out = zlib().out.clear();
    for (int i = 0; i < count; i++) {
      deflater.setInput(RING[(int) (sent++ % RING.length)]);
      int length =
          deflater.deflate(compressed, 0, compressed.length, Deflater.SYNC_FLUSH) - TAIL.length;
      if (!sendTakeover) {
        deflater.reset();
      }
      out.put((byte) TEXT_FIN_COMPRESSED);
      if (length < 126) {
        out.put((byte) (0x80 | length));
      } else {
        out.put((byte) (0x80 | 126)).putShort((short) length);
      }
      out.put(KEY);
      for (int at = 0; at < length; at++) {
        out.put((byte) (compressed[at] ^ KEY[at & 3]));
      }
    }
    return out.flip();
  }

  @Override
  public int count(ByteBuffer in) throws IOException {
    pending.compact();
    if (pending.remaining() < in.remaining()) {
      ByteBuffer wider = ByteBuffer.allocate(2 * (pending.position() + in.remaining()));
      pending = wider.put(pending.flip());
    }
    pending.put(in).flip();
    int messages = 0;
    while (true) {
      int start = pending.position();
      Frame frame = frame();
      if (frame == Frame.INCOMPLETE) {
        pending.position(start);
        return messages;
      }
      if (frame == Frame.ENDS_MESSAGE) {
        check();
        messages++;
      }
    }
  }

  private enum Frame {
    INCOMPLETE,
    OTHER,
    ENDS_MESSAGE
  }

  /** Takes one frame off what is pending. */
  private Frame frame() throws IOException {
    if (pending.remaining() < 2) {
      return Frame.INCOMPLETE;
    }
    int lengthBits = pending.get(pending.position() + 1);
    if (pending.remaining() < (lengthBits < 126 ? 2 : lengthBits == 126 ? 4 : 10)) {
      return Frame.INCOMPLETE;
    }
    int first = pending.get();
    int field = pending.get();
    int length =
        field == 126 ? pending.getShort() & 0xffff : field == 127 ? (int) pending.getLong() : field;
    if (pending.remaining() < length) {
      return Frame.INCOMPLETE;
    }
    int opcode = first & 0xf;
    if (opcode == 8) {
      throw new IOException("expected messages but the server closes");
    }
    int payload = pending.position();
    pending.position(payload + length);
    if (opcode > 8) {
      return Frame.OTHER;
    }
    if (opcode != 0) {
      messageCompressed = (first & 0x40) != 0;
    }
    message.write(pending.array(), payload, length);
    return first < 0 ? Frame.ENDS_MESSAGE : Frame.OTHER;
  }

  private void check() throws IOException {
    byte[] expected = RING[(int) (received++ % RING.length)];
    payloadBytes += message.size();
    boolean same;
    if (messageCompressed) {
      message.writeBytes(TAIL);
      same = Arrays.equals(expected, inflate(message.toByteArray()));
    } else {
      same = Arrays.equals(expected, message.toByteArray());
    }
    message.reset();
    if (!same) {
      throw new IOException("expected what was sent but another message came back");
    }
  }

  private byte[] inflate(byte[] bytes) throws IOException {
    Inflater inflater = zlib().inflater;
    byte[] inflated = zlib().inflated;
    try {
      inflater.setInput(bytes);
      int length = inflater.inflate(inflated);
      // What is left is the end of the block, which yields nothing.
      if (inflater.inflate(inflated, length, inflated.length - length) != 0) {
        throw new IOException("expected " + length + " bytes but there are more");
      }
      if (!receiveTakeover) {
        inflater.reset();
      }
      return Arrays.copyOf(inflated, length);
    } catch (DataFormatException e) {
      throw new IOException("expected compressed data but was something else", e);
    }
  }

  @Override
  public long payloadBytes() {
    return payloadBytes;
  }

  @Override
  public void close() {
    if (zlib != null) {
      zlib.deflater.end();
      zlib.inflater.end();
    }
  }
}
