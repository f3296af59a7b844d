package dev.weir.streams;

import org.jspecify.annotations.Nullable;

/**
 * The platform's "SecurityError" DOMException: an operation that is not allowed for its risk.
 * Immutable.
 */
public class SecurityError extends SecurityException implements DomException {
  private static final long serialVersionUID = 1L;

  public SecurityError(String message) {
    super(message);
  }

  public SecurityError(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public String name() {
    return "SecurityError";
  }

  @Override
  public int code() {
    return 18;
  }
}
