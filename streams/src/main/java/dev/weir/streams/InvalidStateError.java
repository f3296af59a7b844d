package dev.weir.streams;

import org.jspecify.annotations.Nullable;

/**
 * The platform's "InvalidStateError" DOMException: an operation that the object's state does not
 * allow. Immutable.
 */
public class InvalidStateError extends IllegalStateException implements DomException {
  private static final long serialVersionUID = 1L;

  public InvalidStateError(String message) {
    super(message);
  }

  public InvalidStateError(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public String name() {
    return "InvalidStateError";
  }

  @Override
  public int code() {
    return 11;
  }
}
