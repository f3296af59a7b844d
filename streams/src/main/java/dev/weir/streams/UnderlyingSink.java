package dev.weir.streams;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where the chunks of a {@link WritableStream} go. Calls of one sink never overlap, and a stage
 * that one of them returned has completed before the next is made; they may come on different
 * threads, each seeing what the one before did.
 *
 * <p>Each method returns null when it is done on return, or a stage that completes when it is. What
 * a method throws, or the stage fails with, errors the stream.
 *
 * @param <T> the type of the chunks
 * @see <a href="https://streams.spec.whatwg.org/#underlying-sink-api">Streams Standard, 5.2.3</a>
 */
@FunctionalInterface
public interface UnderlyingSink<T> {
  /**
   * Called once, when the stream is made, on that thread. Until it is done, nothing is written.
   * What it throws, the stream's constructor throws.
   */
  default @Nullable CompletionStage<?> start(WritableStreamDefaultController controller)
      throws Exception {
    return null;
  }

  /**
   * Called for each chunk, in the order of the writes, on the writer's thread where that can be.
   */
  @Nullable CompletionStage<?> write(T chunk, WritableStreamDefaultController controller)
      throws Exception;

  /**
   * Called for a chunk that has to wait for those before it, on the writer's thread and before its
   * call returns; what this returns is written in its place. It is for sinks that let writers reuse
   * what they wrote, which return a copy. Java only; it must neither throw nor use the stream.
   */
  default T keep(T chunk) {
    return chunk;
  }

  /**
   * Called after the last write, when the stream was asked to close; nothing is called after it.
   */
  default @Nullable CompletionStage<?> close() throws Exception {
    return null;
  }

  /**
   * Called instead of {@code close} when the stream is aborted; a write that runs then ends first
   * ({@link WritableStreamDefaultController#signal} tells it to hurry). Nothing is called after it.
   */
  default @Nullable CompletionStage<?> abort(Throwable reason) throws Exception {
    return null;
  }
}
