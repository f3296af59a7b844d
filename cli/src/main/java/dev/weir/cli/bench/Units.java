package dev.weir.cli.bench;

import java.time.Duration;
import java.util.Locale;

/** Figures as people read them. Stateless. */
public final class Units {
  private static final String[] BINARY = {"bytes", "KiB", "MiB", "GiB", "TiB"};

  private Units() {}

  /** A whole number with separators, or one with three significant digits: "84,120", "0.0523". */
  public static String number(double value) {
    double size = Math.abs(value);
    if (size >= 100 || value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%,d", Math.round(value));
    }
    int decimals = size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : 4;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /** A number of bytes: "64 bytes", "1 MiB", "5.13 MiB". */
  public static String bytes(double count) {
    double value = count;
    int unit = 0;
    while (Math.abs(value) >= 1024 && unit < BINARY.length - 1) {
      value /= 1024;
      unit++;
    }
    return number(unit == 0 ? Math.rint(value) : value)
        + ' '
        + (unit == 0 && Math.rint(value) == 1 ? "byte" : BINARY[unit]);
  }

  /** A length of time in the unit that suits it: "85 ns", "5.90 µs", "1.20 ms", "3 s". */
  public static String nanos(double nanos) {
    double size = Math.abs(nanos);
    if (size < 1e3) {
      return number(nanos) + " ns";
    }
    if (size < 1e6) {
      return number(nanos / 1e3) + " µs";
    }
    return size < 1e9 ? number(nanos / 1e6) + " ms" : number(nanos / 1e9) + " s";
  }

  /** A length of time, as {@link #nanos(double)}. */
  public static String time(Duration duration) {
    return nanos(duration.toNanos());
  }

  /** A whole number with separators. */
  public static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** As {@link #nanos(double)}. */
  public static String nanos(long nanos) {
    return nanos((double) nanos);
  }
}
