package dev.weir.streams;

/**
 * An operation took longer than it was allowed to. Thread-safe in the way of all exceptions.
 *
 * <p>Unchecked, unlike {@link java.util.concurrent.TimeoutException}.
 */
public class TimeoutError extends RuntimeException implements DomException {
  private static final long serialVersionUID = 1L;

  /** The legacy code of a TimeoutError. */
  public static final int CODE = 23;

  /** Makes an error with the message, which says what took how long. */
  public TimeoutError(String message) {
    super(message);
  }

  @Override
  public String name() {
    return "TimeoutError";
  }

  @Override
  public int code() {
    return CODE;
  }
}
