package dev.weir.cli.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** Writes what a run has measured as one HTML page with plots, which loads nothing. Stateless. */
public final class HtmlReport {
  private static final String STYLE =
      """
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em;
        color: #1c2024; background: #fff }
      h1 { font-size: 1.4em } table { border-collapse: collapse }
      th { text-align: left; vertical-align: top; padding: .2em 1.5em .2em 0; white-space: nowrap }
      td { padding: .2em 0 } figure { margin: 2em 0 0 } figcaption { font-weight: 600 }
      svg { width: 100%; height: auto } svg text { font-size: 12px; fill: currentColor }
      .grid { stroke: #d0d7de; stroke-width: 1 }
      @media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117 }
        .grid { stroke: #30363d } }
      """;

  private HtmlReport() {}

  /**
   * The page.
   *
   * @param when the date and time that it shows
   */
  public static String of(Results results, String when) {
    String url = escaped(results.load().url());
    var page = new StringBuilder();
    page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.append("<title>weir bench ").append(url).append("</title>\n<style>\n").append(STYLE);
    page.append("</style>\n</head>\n<body>\n<h1>weir bench ").append(url).append("</h1>\n<p>");
    page.append(escaped(when)).append("</p>\n<table>\n");
    TextReport.rows(results)
        .forEach(
            (name, said) ->
                page.append("<tr><th>")
                    .append(escaped(name))
                    .append("</th><td>")
                    .append(escaped(said))
                    .append("</td></tr>\n"));
    page.append("</table>\n");
    page.append(charts(results));
    return page.append("</body>\n</html>\n").toString();
  }

  private static String charts(Results results) {
    if (results.load().work() == Load.Work.IDLE) {
      return "";
    }
    List<Sample> samples = results.samples();
    double[] time = series(samples, Sample::end);
    String charts =
        new LineChart("Messages per second", HtmlReport::seconds, Units::number)
            .line("messages/s", time, series(samples, Sample::messageRate))
            .svg();
    if (results.latency().getTotalCount() == 0) {
      return charts;
    }
    return charts
        + new LineChart("Latency over time", HtmlReport::seconds, Units::nanos)
            .logarithmicY()
            .line("p50", time, series(samples, Sample::p50))
            .line("p99", time, series(samples, Sample::p99))
            .line("max", time, series(samples, Sample::max))
            .svg()
        + distribution(results.latency());
  }

  /** Latency by percentile; each step to the right is half as many messages. */
  private static String distribution(Histogram latency) {
    int halvings = 63 - Long.numberOfLeadingZeros(Math.max(latency.getTotalCount(), 2));
    int points = halvings * 4 + 1;
    var x = new double[points];
    var y = new double[points];
    for (int i = 0; i < points; i++) {
      x[i] = i / 4.0;
      y[i] = latency.getValueAtPercentile(100 * (1 - Math.pow(0.5, x[i])));
    }
    return new LineChart("Latency by percentile", HtmlReport::percentile, Units::nanos)
        .logarithmicY()
        .line("latency", x, y)
        .svg();
  }

  private static String seconds(double value) {
    return Units.number(Math.rint(value * 10) / 10) + " s";
  }

  private static String percentile(double halvings) {
    double rest = 100 * Math.pow(0.5, halvings);
    return rest >= 1 ? Units.number(100 - rest) + " %" : "all but " + Units.number(rest) + " %";
  }

  private static double[] series(List<Sample> samples, ToDoubleFunction<Sample> of) {
    return samples.stream().mapToDouble(of).toArray();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
