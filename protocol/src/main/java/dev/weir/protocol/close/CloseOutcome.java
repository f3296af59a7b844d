package dev.weir.protocol.close;

import org.jspecify.annotations.Nullable;

/**
 * How a connection ended, as seen from this side. Immutable.
 *
 * @param clean whether a Close frame was sent and one was received, all accepted data went out, and
 *     the transport closed after both (H1, H2)
 * @param code the code that the peer sent (C6), 1005 if its Close had no body, 1006 if no Close
 *     frame came
 * @param reason the reason that the peer sent, empty if none
 * @param cause why the close is not clean, where a cause is known; null when it is clean
 */
public record CloseOutcome(boolean clean, int code, String reason, @Nullable Throwable cause) {}
