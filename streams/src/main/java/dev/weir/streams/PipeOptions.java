package dev.weir.streams;

import org.jspecify.annotations.Nullable;

/**
 * What a pipe passes on between its two streams. Immutable and so thread-safe.
 *
 * @param preventClose whether the destination stays open when the source closes
 * @param preventAbort whether the destination is not aborted when the source errors
 * @param preventCancel whether the source is not cancelled when the destination closes or errors
 * @param signal ends the pipe when it aborts; null for none
 * @see <a href="https://streams.spec.whatwg.org/#dictdef-streampipeoptions">Streams Standard,
 *     StreamPipeOptions</a>
 */
public record PipeOptions(
    boolean preventClose,
    boolean preventAbort,
    boolean preventCancel,
    @Nullable AbortSignal signal) {

  /** Nothing is prevented, and there is no signal. */
  public static final PipeOptions DEFAULT = new PipeOptions(false, false, false, null);

  /** These options, with {@link #preventClose}. */
  public PipeOptions withPreventClose() {
    return new PipeOptions(true, preventAbort, preventCancel, signal);
  }

  /** These options, with {@link #preventAbort}. */
  public PipeOptions withPreventAbort() {
    return new PipeOptions(preventClose, true, preventCancel, signal);
  }

  /** These options, with {@link #preventCancel}. */
  public PipeOptions withPreventCancel() {
    return new PipeOptions(preventClose, preventAbort, true, signal);
  }

  /** These options, with the signal. */
  public PipeOptions withSignal(AbortSignal signal) {
    return new PipeOptions(preventClose, preventAbort, preventCancel, signal);
  }
}
