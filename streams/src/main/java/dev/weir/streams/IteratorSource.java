package dev.weir.streams;

import java.util.Iterator;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The elements of an iterator as a source. As safe as a source has to be: pulls do not overlap, and
 * a cancellation during one leaves the closing to it.
 *
 * @param <T> the type of the chunks
 * @see <a href="https://streams.spec.whatwg.org/#abstract-opdef-readablestreamfromiterable">Streams
 *     Standard, ReadableStreamFromIterable</a>
 */
final class IteratorSource<T> implements UnderlyingSource<T> {
  private final Iterator<? extends T> elements;
  private final AutoCloseable closeable;

  IteratorSource(Iterator<? extends T> elements, AutoCloseable closeable) {
    this.elements = elements;
    this.closeable = closeable;
  }

  @Override
  public @Nullable CompletionStage<?> pull(ReadableStreamDefaultController<T> controller)
      throws Exception {
    if (elements.hasNext()) {
      T element = elements.next();
      if (element == null) {
        throw new IllegalArgumentException("expected an element but was null");
      }
      controller.tryEnqueue(element);
    } else {
      closeable.close();
      controller.close();
    }
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> cancel(@Nullable Throwable reason) throws Exception {
    closeable.close();
    return null;
  }
}
