package dev.weir.benchmarks.peers.load;

import dev.weir.cli.bench.Units;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A bar for each who was measured, with its spread, as an SVG file that needs nothing else.
 * Stateless.
 */
final class BarChart {
  private static final int WIDTH = 720;
  private static final int LEFT = 130;
  private static final int RIGHT = 90;
  private static final int TOP = 34;
  private static final int ROW = 26;

  private BarChart() {}

  static String svg(Scenario scenario, Map<String, Figure> figures) {
    List<Map.Entry<String, Figure>> bars =
        figures.entrySet().stream()
            .sorted(Comparator.comparingDouble(entry -> entry.getValue().median()))
            .toList();
    double most = bars.stream().mapToDouble(bar -> bar.getValue().most()).max().orElse(1);
    int height = TOP + ROW * bars.size() + 10;
    var out = new StringBuilder();
    out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
        .append(WIDTH)
        .append(' ');
    out.append(height).append("\" font-family=\"sans-serif\" font-size=\"13\">\n");
    out.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    out.append("<text x=\"10\" y=\"20\" font-weight=\"bold\">").append(scenario.title());
    out.append(" (").append(scenario.unit()).append(", less is better)</text>\n");
    for (int i = 0; i < bars.size(); i++) {
      String name = bars.get(i).getKey();
      Figure figure = bars.get(i).getValue();
      int y = TOP + ROW * i;
      double scale = (WIDTH - LEFT - RIGHT) / most;
      double length = figure.median() * scale;
      String colour =
          name.startsWith("weir") ? "#1f6feb" : name.equals("tcp") ? "#15803d" : "#9ca3af";
      out.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n",
              LEFT - 8,
              y + 15,
              name));
      out.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n",
              LEFT,
              y + 2,
              length,
              ROW - 8,
              colour));
      out.append(
          String.format(
              Locale.ROOT,
              "<path d=\"M%.1f %d H%.1f\" stroke=\"#111\" stroke-width=\"1.5\"/>\n",
              LEFT + figure.least() * scale,
              y + 11,
              LEFT + figure.most() * scale));
      out.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\">%s</text>\n",
              LEFT + figure.most() * scale + 6,
              y + 15,
              Units.number(figure.median())));
    }
    return out.append("</svg>\n").toString();
  }
}
