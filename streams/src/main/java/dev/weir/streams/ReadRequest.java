package dev.weir.streams;

import java.util.function.Consumer;

/**
 * Somebody who waits for one chunk. Exactly one of the methods is called, once, on any thread,
 * outside of all locks; none of them throws.
 *
 * @param <T> the type of the chunks
 * @see <a href="https://streams.spec.whatwg.org/#read-request">Streams Standard, 4.3.3</a>
 */
interface ReadRequest<T> {
  /** The chunk. */
  void chunk(T chunk);

  /** The chunk; a thread that waits for it is given to the waker. */
  default void chunk(T chunk, Consumer<Thread> waker) {
    chunk(chunk);
  }

  /** There are no more chunks. */
  void close();

  /** The stream has failed. */
  void error(Throwable failure);

  /** A read that is told by a future. */
  final class Future<T> extends Promise<ReadResult<T>> implements ReadRequest<T> {
    @Override
    public void chunk(T chunk) {
      fulfill(ReadResult.chunk(chunk));
    }

    @Override
    public void close() {
      fulfill(ReadResult.end());
    }

    @Override
    public void error(Throwable failure) {
      reject(failure);
    }
  }
}
