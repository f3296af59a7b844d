package dev.weir.cli;

import java.math.BigDecimal;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a positive number of seconds, such as 10 or 0.5. Stateless. */
final class Seconds implements ITypeConverter<Duration> {
  private static final BigDecimal MOST = BigDecimal.valueOf(Duration.ofDays(365).toSeconds());

  Seconds() {}

  @Override
  public Duration convert(String text) {
    BigDecimal seconds;
    try {
      seconds = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("expected a number of seconds but was '" + text + "'");
    }
    if (seconds.signum() <= 0 || seconds.compareTo(MOST) > 0) {
      throw new TypeConversionException(
          "expected more than 0 and at most " + MOST + " seconds but was " + text);
    }
    Duration duration = Duration.ofNanos(seconds.movePointRight(9).longValue());
    return duration.isZero() ? Duration.ofNanos(1) : duration;
  }
}
