package dev.weir.streams;

import org.jspecify.annotations.Nullable;

/**
 * The platform's "SyntaxError" DOMException: text that does not have the form it must have.
 * Immutable.
 */
public class SyntaxError extends IllegalArgumentException implements DomException {
  private static final long serialVersionUID = 1L;

  public SyntaxError(String message) {
    super(message);
  }

  public SyntaxError(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public String name() {
    return "SyntaxError";
  }

  @Override
  public int code() {
    return 12;
  }
}
