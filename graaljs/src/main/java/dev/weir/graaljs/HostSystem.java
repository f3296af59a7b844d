package dev.weir.graaljs;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import org.graalvm.polyglot.Value;

/** The wall clock and randomness for scripts. For the context's thread. */
final class HostSystem {
  private static final double MILLIS_PER_SECOND = 1e3;
  private static final double NANOS_PER_MILLI = 1e6;

  private final HostBytes bytes;
  private final Clock clock;
  private final SecureRandom random;

  HostSystem(HostBytes bytes, Clock clock, SecureRandom random) {
    this.bytes = bytes;
    this.clock = clock;
    this.random = random;
  }

  void addTo(HostFunctions host) {
    host.add("wallClock", unused -> wallClock()).add("randomBytes", this::randomBytes);
  }

  /** {@code wallClock()}: milliseconds since 1970. */
  private Object wallClock() {
    Instant now = clock.instant();
    return now.getEpochSecond() * MILLIS_PER_SECOND + now.getNano() / NANOS_PER_MILLI;
  }

  /** {@code randomBytes(length)}: what {@code weir.receiveBytes} takes. */
  private Object randomBytes(Value[] arguments) {
    byte[] filled = new byte[arguments[0].asInt()];
    random.nextBytes(filled);
    return bytes.toScript(filled);
  }
}
