package dev.weir.streams;

/**
 * A stream, reader, writer or controller was asked for what its state does not allow, where the
 * standard has a TypeError. Thread-safe in the way of all exceptions.
 */
public class StreamStateException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private final String expected;
  private final String actual;

  /**
   * Makes an exception whose message reads "expected {expected} but was {actual}".
   *
   * @param expected the state that the call needs, such as "an unlocked readable stream"
   * @param actual the state that was found, such as "locked to a reader"
   */
  public StreamStateException(String expected, String actual) {
    this.expected = expected;
    this.actual = actual;
  }

  /** The state that the call needs. */
  public String expected() {
    return expected;
  }

  /** The state that was found. */
  public String actual() {
    return actual;
  }

  @Override
  public String getMessage() {
    return "expected " + expected + " but was " + actual;
  }
}
