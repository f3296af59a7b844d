package dev.weir.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** Writes what a run has measured for people. Stateless. */
public final class TextReport {
  private TextReport() {}

  /** The report's lines. */
  public static List<String> of(Results results) {
    var lines = new ArrayList<String>();
    rows(results).forEach((name, said) -> lines.add(String.format("%-12s %s", name, said)));
    return lines;
  }

  /** The same as pairs of a name and what is said under it, in order. */
  static Map<String, String> rows(Results results) {
    var rows = new java.util.LinkedHashMap<String, String>();
    Load load = results.load();
    rows.put("load", load.inWords());
    rows.put("opened", opened(results));
    if (results.opened() > 0) {
      if (load.work() == Load.Work.IDLE) {
        rows.put("held", Units.number(results.seconds()) + " s");
        rows.put("memory", memory(results));
      } else {
        rows.put("measured", measured(results));
        if (load.work() == Load.Work.ECHO) {
          rows.put("latency", latency(results));
        }
        rows.put("processor", processor(results));
      }
    }
    rows.put("errors", listed(results.errors(), "none"));
    rows.put("closed with", listed(results.closeCodes(), "nothing"));
    return rows;
  }

  private static String opened(Results results) {
    String said = results.opened() + " of " + results.load().connections();
    if (results.opened() == 0) {
      return said;
    }
    Histogram opening = results.opening();
    return said
        + " in "
        + Units.nanos(results.openingSeconds() * 1e9)
        + ", each p50 "
        + Units.nanos(opening.getValueAtPercentile(50))
        + ", p99 "
        + Units.nanos(opening.getValueAtPercentile(99))
        + ", max "
        + Units.nanos(opening.getMaxValue());
  }

  private static String measured(Results results) {
    return Units.number(results.messages())
        + " messages in "
        + Units.nanos(results.seconds() * 1e9)
        + (results.interrupted() ? " (interrupted)" : "")
        + ": "
        + Units.number(Math.rint(results.messageRate()))
        + "/s, "
        + Units.number(results.byteRate() / 1e6)
        + " MB/s"
        + (results.load().work() == Load.Work.ECHO ? " each way" : "");
  }

  private static String latency(Results results) {
    Histogram latency = results.latency();
    if (latency.getTotalCount() == 0) {
      return "nothing came back";
    }
    var said = new StringBuilder("min ").append(Units.nanos(latency.getMinValue()));
    for (double percentile : Results.PERCENTILES) {
      said.append(", p").append(percentileName(percentile)).append(' ');
      said.append(Units.nanos(latency.getValueAtPercentile(percentile)));
    }
    said.append(", max ").append(Units.nanos(latency.getMaxValue()));
    return said.append(results.load().isPaced() ? ", from when each was due" : "").toString();
  }

  static String percentileName(double percentile) {
    return percentile == Math.rint(percentile)
        ? Long.toString((long) percentile)
        : Double.toString(percentile);
  }

  private static String processor(Results results) {
    String said = "weir " + used(results, results.weir());
    return results.server() == null ? said : said + "; server " + used(results, results.server());
  }

  private static String used(Results results, Results.Usage usage) {
    OptionalDouble each = results.cpuPerMessage(usage);
    OptionalDouble cores = results.cores(usage);
    return each.isPresent() && cores.isPresent()
        ? Units.nanos(each.getAsDouble())
            + " per message, "
            + Units.number(cores.getAsDouble())
            + " cores busy"
        : "unknown";
  }

  private static String memory(Results results) {
    String said = "weir " + memory(results, results.weir());
    return results.server() == null ? said : said + "; server " + memory(results, results.server());
  }

  private static String memory(Results results, Results.Usage usage) {
    return amount(results.perConnection(usage.heapGrowth()))
        + " of heap and "
        + amount(results.perConnection(usage.residentGrowth()))
        + " resident per connection";
  }

  private static String amount(OptionalDouble bytes) {
    return bytes.isPresent() ? Units.bytes(bytes.getAsDouble()) : "an unknown amount";
  }

  private static String listed(Map<?, Long> counts, String none) {
    return counts.isEmpty()
        ? none
        : counts.entrySet().stream()
            .map(entry -> entry.getKey() + " × " + Units.number(entry.getValue()))
            .collect(Collectors.joining(", "));
  }
}
