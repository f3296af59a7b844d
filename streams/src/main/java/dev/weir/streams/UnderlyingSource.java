package dev.weir.streams;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where the chunks of a {@link ReadableStream} come from. Calls of {@code pull} never overlap, but
 * {@code cancel} may come while {@code pull} runs on another thread.
 *
 * <p>A push source enqueues when it has something, from any thread, and looks at the desired size
 * to know when to pause; a pull source enqueues when it is asked to. Each method returns null when
 * it is done on return, or a stage that completes when it is. What a method throws, or the stage
 * fails with, errors the stream ({@code start}, {@code pull}) or the cancellation ({@code cancel}).
 *
 * @param <T> the type of the chunks
 * @see <a href="https://streams.spec.whatwg.org/#underlying-source-api">Streams Standard, 4.2.3</a>
 */
public interface UnderlyingSource<T> {
  /**
   * Called once, when the stream is made, on that thread. Until it is done, nothing is pulled. What
   * it throws, the stream's constructor throws.
   */
  default @Nullable CompletionStage<?> start(ReadableStreamDefaultController<T> controller)
      throws Exception {
    return null;
  }

  /**
   * Called whenever the queue has room ({@code controller.desiredSize() > 0}) or somebody waits for
   * a chunk: after the start, after each read and each enqueue that leaves it so, and again when
   * this happened during a pull. A pull that neither enqueues nor fails is not repeated until the
   * next read.
   */
  default @Nullable CompletionStage<?> pull(ReadableStreamDefaultController<T> controller)
      throws Exception {
    return null;
  }

  /** Called when the consumer gives the stream up; neither pull nor cancel is called after it. */
  default @Nullable CompletionStage<?> cancel(@Nullable Throwable reason) throws Exception {
    return null;
  }
}
