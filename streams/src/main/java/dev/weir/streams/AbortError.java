package dev.weir.streams;

import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * An operation was given up because somebody asked for that. Thread-safe in the way of all
 * exceptions.
 */
public class AbortError extends CancellationException implements DomException {
  private static final long serialVersionUID = 1L;

  /** The legacy code of an AbortError. */
  public static final int CODE = 20;

  /** Makes an error with a message that says only that somebody asked for the abort. */
  public AbortError() {
    this("the operation was aborted");
  }

  /** Makes an error with the message. */
  public AbortError(String message) {
    super(message);
  }

  /** Makes an error with the message and what led to it. */
  public AbortError(String message, @Nullable Throwable cause) {
    super(message);
    if (cause != null) {
      initCause(cause);
    }
  }

  @Override
  public String name() {
    return "AbortError";
  }

  @Override
  public int code() {
    return CODE;
  }
}
