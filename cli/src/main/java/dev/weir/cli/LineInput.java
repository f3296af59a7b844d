package dev.weir.cli;

import dev.weir.websocket.Message;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of UTF-8 into text messages at each LF (also CR LF) or each NUL; the last needs no
 * end. Not thread-safe.
 */
final class LineInput implements MessageInput {
  private static final int READ_BYTES = 64 * 1024;

  private final InputStream in;
  private final byte delimiter;
  private final int limit;
  private final CodingErrorAction malformed;

  private byte[] buffer = new byte[READ_BYTES];
  private int from;
  private int to;
  private long lines;

  /**
   * A reader of lines.
   *
   * @param delimiter LF or NUL
   * @param limit of one line, in bytes
   * @param malformed what to do with bytes that are not UTF-8
   */
  LineInput(InputStream in, char delimiter, int limit, CodingErrorAction malformed) {
    this.in = in;
    this.delimiter = (byte) delimiter;
    this.limit = limit;
    this.malformed = malformed;
  }

  @Override
  public @Nullable Message next() throws IOException {
    int searched = 0;
    while (true) {
      for (int i = from + searched; i < to; i++) {
        if (buffer[i] == delimiter) {
          Message message = decoded(from, withoutReturn(i));
          from = i + 1;
          return message;
        }
      }
      searched = to - from;
      if (searched > limit) {
        throw new IOException(
            "line " + (lines + 1) + " is over " + limit + " bytes, the limit of a message");
      }
      if (!fill()) {
        int end = to;
        int begin = from;
        from = to;
        return begin == end ? null : decoded(begin, end);
      }
    }
  }

  private int withoutReturn(int end) {
    return delimiter == '\n' && end > from && buffer[end - 1] == '\r' ? end - 1 : end;
  }

  private Message decoded(int begin, int end) throws IOException {
    lines++;
    try {
      return Message.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(malformed)
              .onUnmappableCharacter(malformed)
              .decode(ByteBuffer.wrap(buffer, begin, end - begin))
              .toString());
    } catch (CharacterCodingException e) {
      throw new IOException("line " + lines + " is not UTF-8", e);
    }
  }

  /** Reads on, after what is there; false at the end. */
  private boolean fill() throws IOException {
    if (from > 0) {
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= from;
      from = 0;
    }
    if (to == buffer.length) {
      buffer = Arrays.copyOf(buffer, buffer.length * 2);
    } else if (to == 0 && buffer.length > READ_BYTES) {
      buffer = new byte[READ_BYTES];
    }
    int count = in.read(buffer, to, buffer.length - to);
    if (count < 0) {
      return false;
    }
    to += count;
    return true;
  }
}
