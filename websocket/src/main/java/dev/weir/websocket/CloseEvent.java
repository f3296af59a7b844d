package dev.weir.websocket;

import dev.weir.websocket.events.Event;
import java.util.Objects;

/**
 * The end of a connection (W5). Not thread-safe.
 *
 * @see <a href="https://websockets.spec.whatwg.org/#the-closeevent-interface">WebSockets,
 *     CloseEvent</a>
 */
public final class CloseEvent extends Event {
  private static final int MAX_CODE = 0xffff;

  private final int code;
  private final String reason;
  private final boolean wasClean;

  /** An event with code 0, an empty reason, and not clean. */
  public CloseEvent(String type) {
    this(type, 0, "", false);
  }

  /**
   * An event of this type.
   *
   * @param code 0 to 65535
   * @throws IllegalArgumentException if the code is another
   */
  public CloseEvent(String type, int code, String reason, boolean wasClean) {
    super(type);
    if (code < 0 || code > MAX_CODE) {
      throw new IllegalArgumentException("expected a code of 0 to 65535 but was " + code);
    }
    this.code = code;
    this.reason = Objects.requireNonNull(reason, "reason");
    this.wasClean = wasClean;
  }

  /**
   * The code that the peer sent: 1005 if its Close frame had none, 1006 if none came, 1015 if the
   * TLS handshake failed (C5, C6).
   */
  public int code() {
    return code;
  }

  /** The reason that the peer sent, empty if none. */
  public String reason() {
    return reason;
  }

  /** Whether the closing handshake was finished, and the transport ended after it (H1). */
  public boolean wasClean() {
    return wasClean;
  }
}
