package dev.weir.cli;

/** The command line asks for something that can not be. Immutable. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
