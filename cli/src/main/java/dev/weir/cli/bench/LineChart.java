package dev.weir.cli.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** A line chart as an SVG element that needs nothing else. Not thread-safe. */
final class LineChart {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 260;
  private static final int LEFT = 80;
  private static final int RIGHT = 110;
  private static final int TOP = 16;
  private static final int BOTTOM = 34;
  private static final int TICKS = 5;
  private static final String[] COLOURS = {"#1f6feb", "#d97706", "#b91c1c", "#15803d"};

  private final String title;
  private final DoubleFunction<String> xText;
  private final DoubleFunction<String> yText;
  private final List<Line> lines = new ArrayList<>();
  private boolean logarithmicY;

  private record Point(double x, double y) {}

  private record Line(String name, List<Point> points) {}

  /** A chart whose axes show their numbers by these functions. */
  LineChart(String title, DoubleFunction<String> xText, DoubleFunction<String> yText) {
    this.title = title;
    this.xText = xText;
    this.yText = yText;
  }

  LineChart logarithmicY() {
    logarithmicY = true;
    return this;
  }

  LineChart line(String name, double[] x, double[] y) {
    lines.add(
        new Line(name, IntStream.range(0, x.length).mapToObj(i -> new Point(x[i], y[i])).toList()));
    return this;
  }

  /** The chart; empty where no line has two points. */
  String svg() {
    Range x = Range.of(all(Point::x), false);
    Range y = Range.of(all(Point::y), !logarithmicY);
    if (lines.stream().allMatch(line -> line.points.size() < 2) || x.isEmpty()) {
      return "";
    }
    var out = new StringBuilder();
    out.append("<figure><figcaption>").append(title).append("</figcaption>\n");
    out.append("<svg viewBox=\"0 0 ").append(WIDTH).append(' ').append(HEIGHT);
    out.append("\" role=\"img\" aria-label=\"").append(title).append("\">\n");
    for (int tick = 0; tick <= TICKS; tick++) {
      double part = (double) tick / TICKS;
      double atY = HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM);
      out.append(
          String.format(
              Locale.ROOT,
              "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>",
              LEFT,
              WIDTH - RIGHT,
              atY,
              atY));
      out.append(text(LEFT - 8, atY + 4, "end", yText.apply(valueY(y, part))));
      double atX = LEFT + part * (WIDTH - LEFT - RIGHT);
      out.append(text(atX, HEIGHT - BOTTOM + 18, "middle", xText.apply(x.at(part))));
    }
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      String colour = COLOURS[i % COLOURS.length];
      var points = new StringBuilder();
      for (Point point : line.points) {
        points.append(
            String.format(
                Locale.ROOT,
                "%.1f,%.1f ",
                LEFT + x.part(point.x) * (WIDTH - LEFT - RIGHT),
                HEIGHT - BOTTOM - partY(y, point.y) * (HEIGHT - TOP - BOTTOM)));
      }
      out.append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"").append(colour);
      out.append("\" points=\"").append(points.toString().strip()).append("\"/>\n");
      out.append("<g style=\"color: ").append(colour).append("\">");
      out.append(text(WIDTH - RIGHT + 10, TOP + 14 + 18 * i, "start", line.name));
      out.append("</g>\n");
    }
    return out.append("</svg></figure>\n").toString();
  }

  private double[] all(ToDoubleFunction<Point> coordinate) {
    return lines.stream().flatMap(line -> line.points.stream()).mapToDouble(coordinate).toArray();
  }

  private double valueY(Range y, double part) {
    return logarithmicY ? Math.exp(y.logarithmic().at(part)) : y.at(part);
  }

  private double partY(Range y, double value) {
    return logarithmicY ? y.logarithmic().part(Math.log(Math.max(value, 1))) : y.part(value);
  }

  private static String text(double x, double y, String anchor, String content) {
    return String.format(
        Locale.ROOT,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n",
        x,
        y,
        anchor,
        content);
  }

  /** From the least to the most value of an axis. Immutable. */
  private record Range(double least, double most) {
    static Range of(double[] values, boolean fromZero) {
      double least = fromZero ? 0 : Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (double value : values) {
        least = Math.min(least, value);
        most = Math.max(most, value);
      }
      // A flat line lies at the foot of a range of its own.
      return least == most ? new Range(least, least == 0 ? 1 : least * 2) : new Range(least, most);
    }

    boolean isEmpty() {
      return !(most > least);
    }

    Range logarithmic() {
      return new Range(Math.log(Math.max(least, 1)), Math.log(Math.max(most, 2)));
    }

    double at(double part) {
      return least + part * (most - least);
    }

    double part(double value) {
      return (value - least) / (most - least);
    }
  }
}
