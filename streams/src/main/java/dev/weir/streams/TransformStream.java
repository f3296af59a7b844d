package dev.weir.streams;

/**
 * Takes chunks on its writable side and gives, somehow transformed, chunks on its readable side.
 * Thread-safe.
 *
 * <p>A chunk is transformed when the readable side wants one, on the thread that reads, or if it
 * wants some already then on the thread that writes.
 *
 * @param <I> the type of the chunks that are written
 * @param <O> the type of the chunks that are read
 * @see <a href="https://streams.spec.whatwg.org/#ts-class">Streams Standard, 6.2</a>
 */
public final class TransformStream<I, O> implements ReadableWritablePair<O, I> {
  private final ReadableStream<O> readable;
  private final WritableStream<I> writable;

  /** A stream that queues one chunk to be transformed, and none that was. */
  public TransformStream(Transformer<I, O> transformer) {
    this(transformer, new CountQueuingStrategy(1), new CountQueuingStrategy(0));
  }

  /**
   * A stream with queues by the strategies. The transformer is started before this returns.
   *
   * @throws IllegalArgumentException if a high-water mark is negative or not a number
   */
  public TransformStream(
      Transformer<I, O> transformer,
      QueuingStrategy<? super I> writableStrategy,
      QueuingStrategy<? super O> readableStrategy) {
    TransformCore<I, O> core = new TransformCore<>(transformer);
    this.writable = new WritableStream<>(core.sink(), writableStrategy);
    this.readable = new ReadableStream<>(core.source(), readableStrategy);
    core.start(readable.core(), writable.core());
  }

  /** A stream that gives the chunks it takes. */
  public static <T> TransformStream<T, T> identity() {
    return new TransformStream<>(
        (chunk, controller) -> {
          controller.enqueue(chunk);
          return null;
        });
  }

  @Override
  public ReadableStream<O> readable() {
    return readable;
  }

  @Override
  public WritableStream<I> writable() {
    return writable;
  }
}
