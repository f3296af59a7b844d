package dev.weir.streams;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TransformStream} does to its chunks. Calls of {@code transform} never overlap, but
 * {@code cancel} may come while one runs on another thread.
 *
 * <p>Each method returns null when it is done on return, or a stage that completes when it is. What
 * a method throws, or the stage fails with, errors both sides of the stream.
 *
 * @param <I> the type of the chunks that are written
 * @param <O> the type of the chunks that are read
 * @see <a href="https://streams.spec.whatwg.org/#transformer-api">Streams Standard, 6.2.3</a>
 */
@FunctionalInterface
public interface Transformer<I, O> {
  /**
   * Called once, when the stream is made, on that thread. Until it is done, nothing is transformed.
   * What it throws, the stream's constructor throws.
   */
  default @Nullable CompletionStage<?> start(TransformStreamDefaultController<O> controller)
      throws Exception {
    return null;
  }

  /** Called for each chunk, when the readable side wants one; enqueues none, one or many. */
  @Nullable CompletionStage<?> transform(I chunk, TransformStreamDefaultController<O> controller)
      throws Exception;

  /** Called after the last chunk, before the readable side is closed. */
  default @Nullable CompletionStage<?> flush(TransformStreamDefaultController<O> controller)
      throws Exception {
    return null;
  }

  /** Called when the readable side is cancelled or the writable side aborted. */
  default @Nullable CompletionStage<?> cancel(@Nullable Throwable reason) throws Exception {
    return null;
  }
}
