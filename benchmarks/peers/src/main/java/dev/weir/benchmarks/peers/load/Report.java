package dev.weir.benchmarks.peers.load;

import dev.weir.cli.bench.Units;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes what a run has measured as Markdown. Stateless. */
final class Report {
  private Report() {}

  /** The targets, each with what was measured and whether it is reached. */
  static String targets(Results results) {
    var out = new StringBuilder();
    out.append("| scenario | Weir | target | measured | spread | verdict |\n");
    out.append("| --- | --- | --- | --- | --- | --- |\n");
    for (Target target : Target.ALL) {
      Optional<Figure> measured = target.measured(results);
      String unit = target.reference() == null ? " " + target.scenario().unit() : " ×";
      row(
          out,
          target.scenario().title(),
          target.subject().replace("weir-", ""),
          target.words(),
          measured.map(figure -> Units.number(figure.median()) + unit).orElse("–"),
          measured.map(Report::spread).orElse("–"),
          target.verdict(results).toString());
    }
    return out.toString();
  }

  /** All figures of each scenario, the least first. */
  static String figures(Results results, boolean withCharts) {
    var out = new StringBuilder();
    for (Scenario scenario : results.scenarios()) {
      out.append("\n### ").append(scenario.title()).append("\n\n");
      Map<String, Figure> figures = results.of(scenario);
      if (withCharts && !figures.isEmpty()) {
        out.append("![").append(scenario.title()).append("](performance/");
        out.append(scenario.id()).append(".svg)\n\n");
      }
      Optional<Figure> floor = results.of(scenario, "tcp");
      out.append("| | ").append(scenario.unit()).append(" | spread |");
      out.append(floor.isPresent() ? " × tcp | spread |\n" : "\n");
      out.append(floor.isPresent() ? "| --- | --- | --- | --- | --- |\n" : "| --- | --- | --- |\n");
      figures.entrySet().stream()
          .sorted(Comparator.comparingDouble(entry -> entry.getValue().median()))
          .forEach(
              entry -> {
                Figure figure = entry.getValue();
                String median = Units.number(figure.median());
                if (floor.isPresent()) {
                  Figure ratio = figure.ratioTo(floor.get());
                  row(
                      out,
                      entry.getKey(),
                      median,
                      spread(figure),
                      Units.number(ratio.median()),
                      spread(ratio));
                } else {
                  row(out, entry.getKey(), median, spread(figure));
                }
              });
      results
          .failuresOf(scenario)
          .forEach(
              (name, why) -> out.append("\n").append(name).append(": ").append(why).append('\n'));
    }
    return out.toString();
  }

  private static String spread(Figure figure) {
    return Units.number(figure.least()) + "–" + Units.number(figure.most());
  }

  private static void row(StringBuilder out, String... cells) {
    out.append("| ").append(String.join(" | ", List.of(cells))).append(" |\n");
  }
}
