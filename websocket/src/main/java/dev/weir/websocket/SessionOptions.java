package dev.weir.websocket;

import dev.weir.protocol.connection.Limits;
import dev.weir.protocol.deflate.CompressionOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of an open connection. Immutable.
 *
 * @param limits of messages, frames and fragments (P4)
 * @param closeTimeout of the whole closing handshake (H5)
 * @param keepAlive when to ping and when to give the peer up, or null for no pings (H7)
 * @param idleTimeout after which a connection without data messages is closed with 1001, or null
 * @param receiveHighMark undelivered bytes above which reading pauses (S8)
 * @param receiveLowMark undelivered bytes at which it goes on
 * @param kinds which messages are taken; others fail the connection with 1003
 * @param compression what is offered or accepted, and how messages are compressed (P3)
 * @param observer who sees the frames, or null
 */
record SessionOptions(
    Limits limits,
    Duration closeTimeout,
    @Nullable KeepAliveOptions keepAlive,
    @Nullable Duration idleTimeout,
    int receiveHighMark,
    int receiveLowMark,
    MessageKinds kinds,
    CompressionOptions compression,
    @Nullable WireObserver observer) {
  static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
  static final int RECEIVE_HIGH_MARK = 256 * 1024;
  static final int RECEIVE_LOW_MARK = 64 * 1024;
  static final int SEND_HIGH_MARK = 256 * 1024;
  static final int SEND_LOW_MARK = 64 * 1024;

  SessionOptions with(
      Limits otherLimits, MessageKinds otherKinds, CompressionOptions otherCompression) {
    return new SessionOptions(
        otherLimits,
        closeTimeout,
        keepAlive,
        idleTimeout,
        receiveHighMark,
        receiveLowMark,
        otherKinds,
        otherCompression,
        observer);
  }
}
