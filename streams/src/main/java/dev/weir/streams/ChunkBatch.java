package dev.weir.streams;

import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Chunks that a source has collected, to be enqueued together. Not thread-safe: for one thread at a
 * time, on which its stream's readers may call back into it.
 *
 * <p>Not in the standard, where nobody can read between two enqueues anyway. Here a source that has
 * many chunks at once pays for the stream's lock once, and a reader that waits for the first finds
 * the others in the queue.
 *
 * @param <T> the type of the chunks
 */
public final class ChunkBatch<T> {
  private final ReadableCore<T> stream;
  private final QueueWithSizes<T> chunks = new QueueWithSizes<>();

  /** An empty batch for the controller's stream. */
  public ChunkBatch(ReadableStreamDefaultController<T> controller) {
    this.stream = controller.stream();
  }

  /** How many chunks are in here. */
  public int count() {
    return chunks.count();
  }

  /** The total size of the chunks in here, in the strategy's units. */
  public double size() {
    return chunks.total();
  }

  /**
   * Adds a chunk behind the others. Nobody sees it before {@link #tryEnqueue}.
   *
   * @throws IllegalArgumentException if the strategy gives a size that is negative or not finite;
   *     this, and what the strategy throws, also errors the stream
   */
  public void add(T chunk) {
    chunks.add(chunk, stream.measureOrFail(Objects.requireNonNull(chunk, "chunk")));
  }

  /**
   * Takes all chunks out of here and enqueues them in order: those for which somebody waits go to
   * him, the rest is queued. Returns false, and drops them, if the stream is closed, asked to close
   * or errored.
   */
  public boolean tryEnqueue() {
    return tryEnqueue(LockSupport::unpark);
  }

  /**
   * As {@link #tryEnqueue()}, for a source that has better means to wake a thread that waits for a
   * chunk: the waker is given it, and has it unparked soon.
   */
  public boolean tryEnqueue(Consumer<Thread> waker) {
    return stream.enqueueAll(chunks, waker);
  }
}
