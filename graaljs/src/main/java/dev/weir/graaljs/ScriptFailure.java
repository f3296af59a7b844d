package dev.weir.graaljs;

import java.util.Objects;

/**
 * An error that no script caught. Immutable.
 *
 * @param kind whether it was thrown or was the reason of a rejected promise
 * @param message the error as a string, such as {@code TypeError: f is not a function}
 * @param details the error as a console shows it: with its stack, as far as it has one
 */
public record ScriptFailure(Kind kind, String message, String details) {
  /** How the error came to be nobody's. */
  public enum Kind {
    /** A script, a listener or a callback threw it. */
    UNCAUGHT_ERROR,
    /** A promise was rejected with it, and nobody listened. */
    UNHANDLED_REJECTION
  }

  public ScriptFailure {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(details, "details");
  }

  /** What browsers print: {@code Uncaught TypeError: f is not a function} and the stack. */
  @Override
  public String toString() {
    return switch (kind) {
      case UNCAUGHT_ERROR -> "Uncaught " + details;
      case UNHANDLED_REJECTION -> "Uncaught (in promise) " + details;
    };
  }
}
