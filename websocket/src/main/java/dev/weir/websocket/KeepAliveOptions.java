package dev.weir.websocket;

import java.time.Duration;

/**
 * When a silent peer is pinged and when it is given up (H7). Immutable.
 *
 * @param interval of silence after which a ping is sent, positive
 * @param timeout after which a pinged peer that stays silent is taken as gone, positive
 */
public record KeepAliveOptions(Duration interval, Duration timeout) {
  /** A ping after 20 s of silence, and 20 s for an answer: what a server does unless told. */
  public static final KeepAliveOptions DEFAULT =
      new KeepAliveOptions(Duration.ofSeconds(20), Duration.ofSeconds(20));

  public KeepAliveOptions {
    Checks.positive(interval, "ping interval");
    Checks.positive(timeout, "ping timeout");
  }
}
