package dev.weir.protocol.deflate;

/**
 * What one connection compresses and inflates with, on the terms of its opening handshake. Not
 * thread-safe: for the thread of its pool. To be released when the connection ends.
 */
public final class Compression {
  private final DeflatePool pool;
  private final MessageDeflater deflater;
  private final MessageInflater inflater;
  private boolean released;

  private Compression(DeflatePool pool, MessageDeflater deflater, MessageInflater inflater) {
    this.pool = pool;
    this.deflater = deflater;
    this.inflater = inflater;
    pool.enter();
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
        new MessageDeflater(
            pool,
            sendTakeover && options.sendTakeover(),
            Math.min(sendBits, options.sendWindowBits()),
            options),
        new MessageInflater(
            pool,
            receiveTakeover,
            // Where 8 was agreed zlib's compressors silently keep 9.
            Math.max(receiveBits, CompressionOptions.LEAST_WINDOW_BITS)));
  }

  /** Compresses what is sent. */
  public MessageDeflater deflater() {
    return deflater;
  }

  /** Inflates what is received. */
  public MessageInflater inflater() {
    return inflater;
  }

  /** Gives back all that is held; neither of the two may be used after this. */
  public void release() {
    if (!released) {
      released = true;
      deflater.release();
      inflater.release();
      pool.leave();
    }
  }
}
