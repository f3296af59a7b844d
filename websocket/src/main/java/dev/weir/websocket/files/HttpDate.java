package dev.weir.websocket.files;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Times as header fields hold them (RFC 9110 §5.6.7). Stateless and thread-safe.
 *
 * <p>Written in one form, read in three: the other two are obsolete, but must be understood.
 */
final class HttpDate {
  private static final DateTimeFormatter WRITTEN =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  /** As C's asctime writes it: a day of one digit has a space before it. */
  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US).withZone(ZoneOffset.UTC);

  /** A year of two digits is never more than this far ahead. */
  private static final int MAX_YEARS_AHEAD = 50;

  private HttpDate() {}

  /** The time in the form of today, in whole seconds. */
  static String write(Instant time) {
    return WRITTEN.format(time);
  }

  /**
   * Reads any of the three forms; empty if it is none.
   *
   * @param now what the century of a year of two digits is told by
   */
  static Optional<Instant> read(String text, Instant now) {
    for (DateTimeFormatter form :
        List.of(DateTimeFormatter.RFC_1123_DATE_TIME, rfc850(now), ASCTIME)) {
      try {
        return Optional.of(Instant.from(form.parse(text)));
      } catch (DateTimeException e) {
        // Not this one.
      }
    }
    return Optional.empty();
  }

  /** As RFC 850 had it, with the century that RFC 9110 tells to take. */
  private static DateTimeFormatter rfc850(Instant now) {
    int latest = now.atZone(ZoneOffset.UTC).getYear() + MAX_YEARS_AHEAD;
    return new DateTimeFormatterBuilder()
        .appendPattern("EEEE, dd-MMM-")
        .appendValueReduced(ChronoField.YEAR, 2, 2, latest - 99)
        .appendPattern(" HH:mm:ss 'GMT'")
        .toFormatter(Locale.US)
        .withZone(ZoneOffset.UTC);
  }
}
