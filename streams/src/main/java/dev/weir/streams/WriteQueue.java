package dev.weir.streams;

import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The chunks that wait to be written, who waits for them, and the one write that is under way.
 * Guarded by the stream's lock.
 *
 * <p>The chunk that is being written counts as queued, as it does in the standard.
 *
 * @param <T> the type of the chunks
 */
final class WriteQueue<T> {
  private final QueueWithSizes<T> chunks = new QueueWithSizes<>();
  private final ArrayDeque<WriteRequest> requests = new ArrayDeque<>(2); // in the same order

  // The write that is under way.
  private boolean writing;
  private double size;
  private @Nullable WriteRequest request; // null while its caller needs no answer yet

  boolean isEmpty() {
    return chunks.isEmpty();
  }

  /** The sizes of what waits and of what is being written. */
  double total() {
    return chunks.total() + size;
  }

  void add(T chunk, double size, WriteRequest request) {
    chunks.add(chunk, size);
    requests.add(request);
  }

  /** Whether a write is under way. */
  boolean writing() {
    return writing;
  }

  /** Begins to write a chunk that did not wait. */
  void begin(double size) {
    this.writing = true;
    this.size = size;
    this.request = null;
  }

  /** Begins to write the chunk that has waited longest. */
  T beginNext() {
    begin(chunks.nextSize());
    request = requests.poll();
    return chunks.remove();
  }

  /** Somebody waits for the write that is under way after all. */
  void awaited(WriteRequest by) {
    request = by;
  }

  /** Ends the write that is under way; returns who waits for it, if anybody does. */
  @Nullable WriteRequest end() {
    WriteRequest ended = request;
    writing = false;
    size = 0;
    request = null;
    return ended;
  }

  /** Drops all that waits; returns who waited for it. */
  List<WriteRequest> clear() {
    List<WriteRequest> dropped = List.copyOf(requests);
    chunks.clear();
    requests.clear();
    return dropped;
  }
}
