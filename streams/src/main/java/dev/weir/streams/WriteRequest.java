package dev.weir.streams;

/**
 * Somebody who waits for one chunk to be written. Exactly one of the methods is called, once, on
 * any thread, outside of all locks; none of them throws.
 */
interface WriteRequest {
  /** The sink has taken the chunk. */
  void written();

  /** The sink has not taken the chunk, or failed to. */
  void failed(Throwable failure);

  /** A write that is told by a future. */
  final class Future extends Promise<Void> implements WriteRequest {
    @Override
    public void written() {
      fulfill(null);
    }

    @Override
    public void failed(Throwable failure) {
      reject(failure);
    }
  }
}
