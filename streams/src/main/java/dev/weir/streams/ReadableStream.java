package dev.weir.streams;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chunks to be read, as they come, by one consumer at a time. Thread-safe.
 *
 * <p>A consumer that does not read lets the queue fill up to the high-water mark, and then the
 * source is not asked for more.
 *
 * @param <T> the type of the chunks
 * @see <a href="https://streams.spec.whatwg.org/#rs-class">Streams Standard, 4.2</a>
 */
public final class ReadableStream<T> implements Iterable<T> {
  private static final QueuingStrategy<Object> ONE_CHUNK = new CountQueuingStrategy(1);
  private static final QueuingStrategy<Object> NO_CHUNK = new CountQueuingStrategy(0);

  private final ReadableCore<T> core;

  /** A stream from the source that queues one chunk ahead of its reader. */
  public ReadableStream(UnderlyingSource<T> source) {
    this(source, ONE_CHUNK);
  }

  /**
   * A stream from the source. The source is started, and unless that takes time also pulled, before
   * this returns.
   *
   * @throws IllegalArgumentException if the strategy's high-water mark is negative or not a number
   */
  public ReadableStream(UnderlyingSource<T> source, QueuingStrategy<? super T> strategy) {
    this.core = new ReadableCore<>(source, strategy);
    core.start();
  }

  /**
   * A stream of the elements, which are asked for when they are read. Cancelling it closes the
   * iterator if that is {@link AutoCloseable}.
   */
  public static <T> ReadableStream<T> from(Iterable<? extends T> elements) {
    return from(elements.iterator());
  }

  /** As {@link #from(Iterable)}, of what the iterator has left. */
  public static <T> ReadableStream<T> from(Iterator<? extends T> elements) {
    AutoCloseable closeable = elements instanceof AutoCloseable own ? own : () -> {};
    return new ReadableStream<>(new IteratorSource<>(elements, closeable), NO_CHUNK);
  }

  /** As {@link #from(Iterable)}; the Java stream is closed at its end and on cancellation. */
  public static <T> ReadableStream<T> from(Stream<? extends T> elements) {
    return new ReadableStream<>(new IteratorSource<>(elements.iterator(), elements), NO_CHUNK);
  }

  /** As {@link #from(Flow.Publisher, int)}, asking for one element at a time, when it is read. */
  public static <T> ReadableStream<T> from(Flow.Publisher<? extends T> publisher) {
    return from(publisher, 0);
  }

  /**
   * A stream of what the publisher publishes; subscribes now. Cancelling the stream cancels the
   * subscription. When the publisher fails, what it published before is still read first.
   *
   * @param prefetch how many elements to ask for before they are read, zero or more
   */
  public static <T> ReadableStream<T> from(Flow.Publisher<? extends T> publisher, int prefetch) {
    PublisherSource<T> source = new PublisherSource<>();
    ReadableStream<T> stream = new ReadableStream<>(source, new CountQueuingStrategy(prefetch));
    publisher.subscribe(source);
    return stream;
  }

  ReadableCore<T> core() {
    return core;
  }

  static StreamStateException isLocked() {
    return new StreamStateException(
        "an unlocked readable stream",
        "locked to a reader (or to a pipe, a tee, a publisher or an iteration that has not ended)");
  }

  /** Whether a reader holds this stream, or a pipe, tee, publisher or iteration does. */
  public boolean locked() {
    return core.locked();
  }

  /**
   * Locks this stream and returns its reader.
   *
   * @throws StreamStateException if it is locked
   */
  public ReadableStreamDefaultReader<T> getReader() {
    return new ReadableStreamDefaultReader<>(core);
  }

  /** As {@link #cancel(Throwable)} without a reason. */
  public CompletableFuture<Void> cancel() {
    return cancel(null);
  }

  /**
   * Gives this stream up: what is queued is discarded, and the source is told the reason. The
   * future completes when the source is done with that; it fails with a StreamStateException if the
   * stream is locked, and with the stream's error if it is errored.
   */
  public CompletableFuture<Void> cancel(@Nullable Throwable reason) {
    return locked() ? Promise.rejected(isLocked()) : core.cancel(reason);
  }

  /** As {@link #pipeTo(WritableStream, PipeOptions)} with nothing prevented and no signal. */
  public CompletableFuture<Void> pipeTo(WritableStream<? super T> destination) {
    return pipeTo(destination, PipeOptions.DEFAULT);
  }

  /**
   * Writes all chunks of this stream to the destination, no faster than that has room for them;
   * locks both meanwhile. The end of the one is passed on to the other as the options say.
   *
   * <p>The future completes when all is written and the destination is closed. It fails with the
   * error of either stream, the signal's reason, or a StreamStateException if one of the streams is
   * locked.
   */
  public CompletableFuture<Void> pipeTo(
      WritableStream<? super T> destination, PipeOptions options) {
    if (locked()) {
      return Promise.rejected(isLocked());
    }
    if (destination.locked()) {
      return Promise.rejected(WritableStream.isLocked());
    }
    return Pipe.start(core, destination.core(), options);
  }

  /** As {@link #pipeThrough(ReadableWritablePair, PipeOptions)} with nothing prevented. */
  public <R> ReadableStream<R> pipeThrough(ReadableWritablePair<R, ? super T> transform) {
    return pipeThrough(transform, PipeOptions.DEFAULT);
  }

  /**
   * Pipes this stream to the pair's writable side and returns its readable side. A failure of the
   * pipe shows there.
   *
   * @throws StreamStateException if this stream or the writable side is locked
   */
  public <R> ReadableStream<R> pipeThrough(
      ReadableWritablePair<R, ? super T> transform, PipeOptions options) {
    if (locked()) {
      throw isLocked();
    }
    if (transform.writable().locked()) {
      throw WritableStream.isLocked();
    }
    var unused = pipeTo(transform.writable(), options);
    return transform.readable();
  }

  /**
   * Locks this stream and returns two branches that each get all of its chunks (the same objects).
   * It is read at the pace of the faster branch; the slower one queues what it has not read,
   * without a bound. It is cancelled when both branches are, with a {@link TeeCancellation}.
   *
   * @throws StreamStateException if this stream is locked
   */
  public List<ReadableStream<T>> tee() {
    return new Tee<>(getReader()).branches();
  }

  /**
   * Iterates over the chunks, waiting for each; locks this stream. Meant for virtual threads, and
   * for loops that run to the end of the stream, which unlocks it. Java tells an iterator nothing
   * of a {@code break}: the stream then stays locked, is not cancelled, and its source fills the
   * queue and pauses. A loop that may be left early iterates over {@link #values()}.
   *
   * <p>The iterator throws the stream's own error, checked or not. If its thread is interrupted, it
   * throws an AbortError and leaves the thread interrupted.
   *
   * @throws StreamStateException if this stream is locked
   */
  @Override
  public Iterator<T> iterator() {
    return values().iterator();
  }

  /**
   * An iteration that is to be closed, best by try-with-resources: closing it before the end
   * cancels this stream. Else as {@link #iterator}.
   *
   * @throws StreamStateException if this stream is locked
   */
  public Chunks<T> values() {
    return new Chunks<>(getReader(), true);
  }

  /**
   * As {@link #values()}, but closing the iteration only unlocks the stream, so that somebody else
   * can read on.
   */
  public Chunks<T> valuesPreventingCancel() {
    return new Chunks<>(getReader(), false);
  }

  /**
   * This stream as a publisher for one subscriber, which locks it; another subscriber is refused
   * with a StreamStateException. Elements are read as they are requested; cancelling the
   * subscription cancels this stream.
   */
  public Flow.Publisher<T> publisher() {
    return new StreamPublisher<>(this);
  }
}
