package dev.weir.cli.bench;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a run is to do. Immutable.
 *
 * @param url where to connect
 * @param work what the connections do once they are open
 * @param connections how many, at least 1
 * @param inFlight how many messages of a connection may wait for their echo, at least 1
 * @param payload what the messages are made of
 * @param size of a message in bytes, at least 0
 * @param rate messages per second over all connections, or 0 for as many as it goes
 * @param readRate messages per second that each connection reads, or 0 for as many as come
 * @param messages how many are sent, or received, over all connections; 0 for no bound
 * @param warmUp how long the load runs before anything is measured, may be zero
 * @param duration how long is measured, or null until all messages are through or it is interrupted
 * @param openings how many opening handshakes run side by side, at least 1
 */
public record Load(
    String url,
    Work work,
    int connections,
    int inFlight,
    Payload payload,
    int size,
    double rate,
    double readRate,
    long messages,
    Duration warmUp,
    @Nullable Duration duration,
    int openings) {

  /** What the connections do. */
  public enum Work {
    /** Send messages and expect each of them back, in order. */
    ECHO,
    /** Take what the server sends. */
    RECEIVE,
    /** Stay open. */
    IDLE
  }

  /** What the messages are made of. */
  public enum Payload {
    /** Bytes that do not compress. */
    BINARY,
    /** ASCII text that does not compress well. */
    TEXT,
    /** JSON text, which compresses as JSON does. */
    JSON
  }

  /** The same at another place. */
  public Load at(String otherUrl) {
    return new Load(
        otherUrl,
        work,
        connections,
        inFlight,
        payload,
        size,
        rate,
        readRate,
        messages,
        warmUp,
        duration,
        openings);
  }

  /** Whether each message has a time at which it is meant to be sent. */
  public boolean isPaced() {
    return rate > 0;
  }

  /** In words, for people: "16 connections, 1 in flight each, 64 bytes binary, flat out". */
  public String inWords() {
    var said = new StringBuilder();
    said.append(connections).append(connections == 1 ? " connection" : " connections");
    switch (work) {
      case IDLE -> said.append(", idle");
      case RECEIVE -> said.append(", receiving");
      case ECHO -> {
        said.append(isPaced() ? ", at most " : ", ").append(inFlight).append(" in flight each, ");
        said.append(Units.bytes(size)).append(' ');
        said.append(
            switch (payload) {
              case BINARY -> "binary";
              case TEXT -> "text";
              case JSON -> "JSON text";
            });
        said.append(isPaced() ? ", " + Units.number(rate) + " messages/s in all" : ", flat out");
      }
    }
    if (readRate > 0) {
      said.append(", reading ").append(Units.number(readRate)).append(" messages/s each");
    }
    return said.toString();
  }
}
