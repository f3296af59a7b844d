package dev.weir.protocol.deflate;

import org.jspecify.annotations.Nullable;

/**
 * What one connection compresses and inflates with, on the terms of its opening handshake. Not
 * thread-safe: for the thread of its pool. To be released when the connection ends.
 */
public final class Compression {
  private final DeflatePool pool;
  private final CompressionOptions options;
  private final byte sendWindowBits;

  /** Null where no context is taken over: then nothing is kept between messages. */
  private final @Nullable MessageDeflater deflater;

  /** Where no context is taken over, null while no message comes. */
  private @Nullable MessageInflater inflater;

  private boolean released;

  private Compression(
      DeflatePool pool,
      CompressionOptions options,
      boolean sendTakeover,
      int sendWindowBits,
      @Nullable MessageInflater inflater) {
    this.pool = pool;
    this.options = options;
    this.sendWindowBits = (byte) sendWindowBits;
    this.deflater = sendTakeover ? newDeflater(true) : null;
    this.inflater = inflater;
    pool.enter();
  }

  private MessageDeflater newDeflater(boolean takeover) {
    return new MessageDeflater(pool, takeover, sendWindowBits, options);
  }

  /** That of a server. Its own wish to do with less than was agreed is kept. */
  public static Compression ofServer(
      DeflatePool pool, DeflateTerms terms, CompressionOptions options) {
    return of(
        pool,
        options,
        terms.serverTakeover(),
        terms.serverWindowBits(),
        terms.clientTakeover(),
        terms.clientWindowBits());
  }

  /** That of a client. Its own wish to do with less than was agreed is kept. */
  public static Compression ofClient(
      DeflatePool pool, DeflateTerms terms, CompressionOptions options) {
    return of(
        pool,
        options,
        terms.clientTakeover(),
        terms.clientWindowBits(),
        terms.serverTakeover(),
        terms.serverWindowBits());
  }

  private static Compression of(
      DeflatePool pool,
      CompressionOptions options,
      boolean sendTakeover,
      int sendBits,
      boolean receiveTakeover,
      int receiveBits) {
    return new Compression(
        pool,
        options,
        sendTakeover && options.sendTakeover(),
        Math.min(sendBits, options.sendWindowBits()),
        // Where 8 was agreed zlib's compressors silently keep 9.
        receiveTakeover
            ? new MessageInflater(
                pool, true, Math.max(receiveBits, CompressionOptions.LEAST_WINDOW_BITS))
            : null);
  }

  /** Whether a message of this many bytes is worth it; an empty one never is. */
  public boolean isWorthwhile(int messageBytes) {
    return messageBytes > 0 && messageBytes >= options.threshold();
  }

  /** Whether what is sent refers back to earlier messages. */
  public boolean sendTakesOver() {
    return deflater != null;
  }

  /** The terms it compresses on: without takeover, equal ones give equal bytes. */
  public int sendTerms() {
    return sendWindowBits << Byte.SIZE | options.level();
  }

  /** Compresses the next message: always the same, or another where no context is taken over. */
  public MessageDeflater deflater() {
    return deflater == null ? newDeflater(false) : deflater;
  }

  /** Inflates what is received; the same until {@link #inputAtRest}, at least. */
  public MessageInflater inflater() {
    MessageInflater current = inflater;
    if (current == null) {
      current = new MessageInflater(pool, false, DeflateTerms.MOST_BITS);
      inflater = current;
    }
    return current;
  }

  /** No message has begun to come: what inflates need not be kept, unless it has a context. */
  public void inputAtRest() {
    if (inflater != null && !inflater.takesOver()) {
      inflater = null;
    }
  }

  /** Gives back what was lent to inflate a message, the rest of which is not to come. */
  public void releaseInflater() {
    if (inflater != null) {
      inflater.release();
    }
  }

  /** Gives back all that is held; neither of the two may be used after this. */
  public void release() {
    if (!released) {
      released = true;
      if (deflater != null) {
        deflater.release();
      }
      releaseInflater();
      pool.leave();
    }
  }
}
