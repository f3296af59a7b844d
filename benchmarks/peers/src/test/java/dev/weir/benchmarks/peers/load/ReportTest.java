package dev.weir.benchmarks.peers.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** Figures, targets and what is written of them. */
class ReportTest {
  private static Figure figure(Double... values) {
    return new Figure(List.of(values));
  }

  @Test
  void aFigureIsItsMedian() {
    assertThat(figure(5.0, 1.0, 3.0).median()).isEqualTo(3);
    assertThat(figure(5.0, 1.0, 3.0, 4.0).median()).isEqualTo(3.5);
    assertThatThrownBy(() -> figure()).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRatioIsTakenRoundByRound() {
    // The machine was twice as slow in the second round.
    Figure ratio = figure(11.0, 22.0, 12.0).ratioTo(figure(10.0, 20.0, 10.0));
    assertThat(ratio.median()).isEqualTo(1.1);
    assertThat(ratio.most()).isEqualTo(1.2);
    assertThatThrownBy(() -> figure(1.0).ratioTo(figure(1.0, 2.0)))
        .hasMessage("expected 1 rounds but was 2");
  }

  @Test
  void aTargetIsMetMissedOrNotMeasuredYet() {
    var results = new Results();
    results.put(Scenario.ECHO_16_1, "tcp", figure(10.0));
    results.put(Scenario.ECHO_16_1, "weir-event", figure(10.5));
    results.put(Scenario.ECHO_16_1, "weir-stream", figure(14.0));
    results.put(Scenario.ECHO_16_16, "tcp", figure(1.0));
    results.put(Scenario.TEXT_16_16, "weir-event", figure(1.3));
    results.put(Scenario.ROUND_TRIP, "weir-event", figure(23.1));

    assertThat(Report.targets(results).lines())
        .contains(
            "| echo, 64 B binary, 16 connections, 1 in flight | event | ≤ 1.05 × tcp | 1.05 × |"
                + " 1.05–1.05 | met |",
            "| echo, 64 B binary, 16 connections, 1 in flight | stream | ≤ 1.3 × weir-event |"
                + " 1.33 × | 1.33–1.33 | MISSED |",
            "| echo, 64 B text, 16 connections, 16 in flight | event | ≤ 1.35 × tcp | 1.30 × |"
                + " 1.30–1.30 | met |",
            "| client round trip, 64 B binary, 1 connection | event | ≤ 23 µs | 23.1 µs |"
                + " 23.1–23.1 | MISSED |",
            "| broadcast of 64 B to 1,000, one at a time | event | ≤ 5.2 µs | – | – |"
                + " not measured yet |");
  }

  @Test
  void whoFailedIsTold() {
    var results = new Results();
    results.put(Scenario.ECHO_16_1, "tcp", figure(4.0, 6.0));
    results.put(Scenario.ECHO_16_1, "netty", figure(8.0, 9.0));
    results.failed(Scenario.ECHO_16_1, "ws", "not installed");
    assertThat(Report.figures(results, true))
        .isEqualTo(
            """

            ### echo, 64 B binary, 16 connections, 1 in flight

            ![echo, 64 B binary, 16 connections, 1 in flight](performance/echo-16-1.svg)

            | | µs | spread | × tcp | spread |
            | --- | --- | --- | --- | --- |
            | tcp | 5 | 4–6 | 1 | 1–1 |
            | netty | 8.50 | 8–9 | 1.75 | 1.50–2 |

            ws: not installed
            """);
  }

  @Test
  void aChartIsWellFormedAndHasABarForEach() throws Exception {
    String svg =
        BarChart.svg(
            Scenario.ECHO_16_1, Map.of("tcp", figure(4.0, 6.0), "weir-event", figure(5.0, 7.0)));
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    assertThat(document.getElementsByTagName("rect").getLength()).isEqualTo(3);
    assertThat(document.getElementsByTagName("path").getLength()).isEqualTo(2);
  }
}
