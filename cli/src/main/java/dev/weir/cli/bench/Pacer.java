package dev.weir.cli.bench;

/**
 * When each message of a paced run is meant to be sent: the n-th of all at n divided by the rate,
 * the connections taking turns. Immutable.
 *
 * <p>Latency is counted from that time, not from the time at which the message went out: a server
 * that stalls delays the messages behind it, and each of them has waited (coordinated omission).
 */
final class Pacer {
  private final double nanosPerMessage;
  private final int connections;
  private final long start;

  /**
   * A schedule.
   *
   * @param rate messages per second over all connections
   * @param start when the first message is due, by {@link System#nanoTime}
   */
  Pacer(double rate, int connections, long start) {
    this.nanosPerMessage = 1e9 / rate;
    this.connections = connections;
    this.start = start;
  }

  /** When this message of all is due; the first has number 0. */
  long due(long number) {
    return start + (long) (number * nanosPerMessage);
  }

  /** When this message of a connection is due; the first of both have number 0. */
  long due(int connection, long number) {
    return due(number * connections + connection);
  }

  /** Whose turn this message of all is. */
  int connectionOf(long number) {
    return (int) (number % connections);
  }
}
