package dev.weir.cli;

import dev.weir.websocket.Message;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes binary messages of a stream: one of whatever each read brings, at most 64 KiB, or one of
 * all of it. Not thread-safe.
 */
final class BinaryInput implements MessageInput {
  private static final int READ_BYTES = 64 * 1024;

  private final InputStream in;
  private final boolean whole;
  private final int limit;
  private boolean ended;

  BinaryInput(InputStream in, boolean whole, int limit) {
    this.in = in;
    this.whole = whole;
    this.limit = limit;
  }

  @Override
  public @Nullable Message next() throws IOException {
    if (ended) {
      return null;
    }
    if (whole) {
      ended = true;
      byte[] all = in.readNBytes(limit);
      if (all.length == limit && in.read() >= 0) {
        throw new IOException("the input is over " + limit + " bytes, the limit of a message");
      }
      return Message.of(all);
    }
    byte[] buffer = new byte[Math.min(READ_BYTES, limit)];
    int count = in.read(buffer);
    ended = count < 0;
    return ended ? null : Message.of(Arrays.copyOf(buffer, count));
  }
}
