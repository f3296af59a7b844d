package dev.weir.streams;

import org.jspecify.annotations.Nullable;

/**
 * The platform's "InvalidAccessError" DOMException: an argument that the object does not allow.
 * Immutable.
 */
public class InvalidAccessError extends IllegalArgumentException implements DomException {
  private static final long serialVersionUID = 1L;

  public InvalidAccessError(String message) {
    super(message);
  }

  public InvalidAccessError(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public String name() {
    return "InvalidAccessError";
  }

  @Override
  public int code() {
    return 15;
  }
}
