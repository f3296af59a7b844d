package dev.weir.protocol.close;

/**
 * The status codes of Close frames (RFC 6455 §7.4 and the IANA registry), and who may use which.
 * Only constants and pure functions; thread-safe.
 */
public final class CloseCode {
  /** The purpose of the connection is fulfilled. */
  public static final int NORMAL = 1000;

  /** The endpoint leaves: the server shuts down, the process ends. */
  public static final int GOING_AWAY = 1001;

  /** The peer broke the protocol. */
  public static final int PROTOCOL_ERROR = 1002;

  /** A type of data that the endpoint cannot accept. */
  public static final int UNSUPPORTED_DATA = 1003;

  /** Never travels: the peer's Close frame had no body. */
  public static final int NO_STATUS = 1005;

  /** Never travels: no Close frame was received. */
  public static final int ABNORMAL = 1006;

  /** Bad UTF-8 in a text message or in a close reason. */
  public static final int INVALID_PAYLOAD = 1007;

  /** Generic, where neither 1003 nor 1009 fits. */
  public static final int POLICY_VIOLATION = 1008;

  /** A message over the limit. */
  public static final int MESSAGE_TOO_BIG = 1009;

  /** A client wanted an extension that the server did not negotiate; a server never sends it. */
  public static final int MANDATORY_EXTENSION = 1010;

  /** The server met an unexpected condition. */
  public static final int INTERNAL_ERROR = 1011;

  /** The server restarts. */
  public static final int SERVICE_RESTART = 1012;

  /** A temporary condition such as overload. */
  public static final int TRY_AGAIN_LATER = 1013;

  /** A gateway got an invalid answer from upstream. */
  public static final int BAD_GATEWAY = 1014;

  /** Never travels: the TLS handshake failed. */
  public static final int TLS_HANDSHAKE = 1015;

  private CloseCode() {}

  /** Whether an application may pass this code to the platform API: 1000 or 3000 to 4999 (C1). */
  public static boolean isForApplications(int code) {
    return code == NORMAL || isRegisteredOrPrivate(code);
  }

  /**
   * Whether an application on the server side may pass this code: those of {@link
   * #isForApplications}, and those that describe a situation of the server's own (C1). 1002 and
   * 1010 are left to the library.
   */
  public static boolean isForServerApplications(int code) {
    return switch (code) {
      case GOING_AWAY,
          UNSUPPORTED_DATA,
          INVALID_PAYLOAD,
          POLICY_VIOLATION,
          MESSAGE_TOO_BIG,
          INTERNAL_ERROR,
          SERVICE_RESTART,
          TRY_AGAIN_LATER,
          BAD_GATEWAY ->
          true;
      default -> isForApplications(code);
    };
  }

  /** Whether this code is valid in a Close frame: 1000-1003, 1007-1014 or 3000-4999 (C2). */
  public static boolean mayTravel(int code) {
    return (code >= NORMAL && code <= UNSUPPORTED_DATA)
        || (code >= INVALID_PAYLOAD && code <= BAD_GATEWAY)
        || isRegisteredOrPrivate(code);
  }

  /** Whether this code is one that only this side makes up and none may send: 1005, 1006, 1015. */
  public static boolean isLocal(int code) {
    return code == NO_STATUS || code == ABNORMAL || code == TLS_HANDSHAKE;
  }

  private static boolean isRegisteredOrPrivate(int code) {
    return code >= 3000 && code <= 4999;
  }
}
