package dev.weir.protocol.close;

/**
 * A breach of the protocol, or of a limit, by the peer, with the close code that answers it.
 * Immutable. It has no stack trace: it says what the peer did, and is cheap to make in a flood.
 */
public final class ProtocolViolation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int closeCode;
  private final String expected;
  private final String actual;

  /**
   * A violation whose message reads "expected … but was …".
   *
   * @param closeCode the code that the answering Close frame carries
   * @param expected what the protocol, or the limit, asks for
   * @param actual what came
   */
  public ProtocolViolation(int closeCode, String expected, String actual) {
    super(null, null, false, false);
    this.closeCode = closeCode;
    this.expected = expected;
    this.actual = actual;
  }

  /** A violation answered with 1002. */
  public static ProtocolViolation protocolError(String expected, String actual) {
    return new ProtocolViolation(CloseCode.PROTOCOL_ERROR, expected, actual);
  }

  /** A violation answered with 1007. */
  public static ProtocolViolation invalidPayload(String expected, String actual) {
    return new ProtocolViolation(CloseCode.INVALID_PAYLOAD, expected, actual);
  }

  /** A violation answered with 1009. */
  public static ProtocolViolation tooBig(String expected, String actual) {
    return new ProtocolViolation(CloseCode.MESSAGE_TOO_BIG, expected, actual);
  }

  /** The code that the answering Close frame carries: 1002, 1007 or 1009. */
  public int closeCode() {
    return closeCode;
  }

  @Override
  public String getMessage() {
    return "expected " + expected + " but was " + actual;
  }
}
