package dev.weir.streams;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * One iteration over the chunks of a stream, waiting for each; made for try-with-resources and a
 * for-each loop inside. For one thread at a time, except that any thread may close it.
 *
 * <pre>{@code
 * try (var chunks = stream.values()) {
 *   for (var chunk : chunks) {
 *     if (enough(chunk)) break; // close() cancels the stream
 *   }
 * }
 * }</pre>
 *
 * @param <T> the type of the chunks
 * @see <a href="https://streams.spec.whatwg.org/#rs-asynciterator">Streams Standard, 4.2.5</a>
 */
public final class Chunks<T> implements Iterable<T>, AutoCloseable {
  private final ReadableStreamDefaultReader<T> reader;
  private final boolean cancelsOnClose;
  private final Iterator<T> iterator = new Reading();
  private volatile boolean ended;

  Chunks(ReadableStreamDefaultReader<T> reader, boolean cancelsOnClose) {
    this.reader = reader;
    this.cancelsOnClose = cancelsOnClose;
  }

  /**
   * The iterator, the same at each call: a second loop goes on where the first was left.
   *
   * <p>It throws the stream's own error, checked or not. If its thread is interrupted while it
   * waits it throws an {@link AbortError}, and the thread is still interrupted then; no chunk is
   * lost.
   */
  @Override
  public Iterator<T> iterator() {
    return iterator;
  }

  /**
   * Ends the iteration: unlocks the stream, and if its end was not reached cancels it, unless the
   * iteration was made with {@link ReadableStream#valuesPreventingCancel}. Does not wait for the
   * source to be done with that.
   */
  @Override
  public void close() {
    if (ended) {
      return;
    }
    ended = true;
    if (cancelsOnClose) {
      var unused = reader.cancel();
    }
    reader.releaseLock();
  }

  private final class Reading implements Iterator<T> {
    private @Nullable T next;

    @Override
    public boolean hasNext() {
      if (next == null && !ended) {
        next = read();
        if (next == null) {
          end();
        }
      }
      return next != null;
    }

    @Override
    public T next() {
      if (!hasNext() || next == null) {
        throw new NoSuchElementException("expected a chunk but was the end of the stream");
      }
      T chunk = next;
      next = null;
      return chunk;
    }

    private @Nullable T read() {
      try {
        return reader.readBlocking();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new AbortError("interrupted while waiting for a chunk", interrupted);
      } catch (Throwable failure) {
        if (ended) {
          return null; // closed by another thread while this one waited
        }
        end();
        throw failure;
      }
    }

    private void end() {
      ended = true;
      reader.releaseLock();
    }
  }
}
