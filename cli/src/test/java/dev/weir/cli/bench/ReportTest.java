package dev.weir.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** What people read of a run. */
public class ReportTest {
  /** A run whose figures are easy to check. */
  public static Results results(Load.Work work, String url) {
    var load =
        new Load(url, work, 4, 16, Load.Payload.JSON, 1024, 2000, 0, 0, Duration.ZERO, null, 64);
    Histogram latency = Meter.histogram();
    for (int micros = 1; micros <= 1000; micros++) {
      latency.recordValue(micros * 1000L);
    }
    Histogram opening = Meter.histogram();
    opening.recordValue(2_000_000);
    return new Results(
        load,
        4,
        0.5,
        opening,
        10,
        20_000,
        20_480_000,
        work == Load.Work.ECHO ? latency : Meter.histogram(),
        List.of(
            new Sample(1, 1, 1900, 1_945_600, 1000, 20_000, 30_000),
            new Sample(2, 1, 2100, 2_150_400, 2000, 30_000, 40_000_000)),
        new Results.Usage(
            OptionalLong.of(120_000_000), OptionalLong.of(8192), OptionalLong.empty()),
        new Results.Usage(OptionalLong.empty(), OptionalLong.of(4096), OptionalLong.of(40_960)),
        Map.of("connection lost", 1L),
        Map.of(1000, 3L),
        null,
        false);
  }

  @Test
  void theTextSaysWhatWasMeasured() {
    assertThat(TextReport.of(results(Load.Work.ECHO, "ws://a/")))
        .containsExactly(
            "load         4 connections, at most 16 in flight each, 1 KiB JSON text,"
                + " 2,000 messages/s in all",
            "opened       4 of 4 in 500 ms, each p50 2.00 ms, p99 2.00 ms, max 2.00 ms",
            "measured     20,000 messages in 10 s: 2,000/s, 2.05 MB/s each way",
            "latency      min 1 µs, p50 500 µs, p90 900 µs, p99 990 µs, p99.9 999 µs,"
                + " p99.99 1.00 ms, max 1.00 ms, from when each was due",
            "processor    weir 6 µs per message, 0.0120 cores busy; server unknown",
            "errors       connection lost × 1",
            "closed with  1000 × 3");
  }

  @Test
  void idleConnectionsAreToldByTheirMemory() {
    assertThat(TextReport.of(results(Load.Work.IDLE, "ws://a/")))
        .contains(
            "held         10 s",
            "memory       weir 2 KiB of heap and an unknown amount resident per connection;"
                + " server 1 KiB of heap and 10 KiB resident per connection")
        .noneMatch(line -> line.startsWith("latency") || line.startsWith("measured"));
  }

  @Test
  void theHtmlPageIsWellFormedAndLoadsNothing() throws Exception {
    String page = HtmlReport.of(results(Load.Work.ECHO, "ws://a/?x=<b>&y"), "today");
    assertThat(page)
        .contains("ws://a/?x=&lt;b&gt;&amp;y")
        .doesNotContain("<b>", "<script", "href=", "src=");
    String body = page.substring(page.indexOf("<body>"), page.indexOf("</body>") + 7);
    var document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(body)));
    assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(3);
    assertThat(document.getElementsByTagName("polyline").getLength()).isEqualTo(5);
    assertThat(document.getElementsByTagName("tr").getLength()).isEqualTo(7);
  }

  @Test
  void theHtmlPageOfARunWithoutLatenciesHasNoPlotsOfThem() {
    assertThat(HtmlReport.of(results(Load.Work.RECEIVE, "ws://a/"), "today"))
        .contains("Messages per second")
        .doesNotContain("Latency");
    assertThat(HtmlReport.of(results(Load.Work.IDLE, "ws://a/"), "today")).doesNotContain("<svg");
  }

  @Test
  void aChartPlacesItsPointsBetweenItsAxes() {
    String svg =
        new LineChart("t", Units::number, Units::number)
            .line("a", new double[] {0, 1, 2}, new double[] {0, 50, 100})
            .svg();
    assertThat(svg).contains("points=\"80.0,226.0 345.0,121.0 610.0,16.0\"");
    String logarithmic =
        new LineChart("t", Units::number, Units::number)
            .logarithmicY()
            .line("a", new double[] {0, 1, 2}, new double[] {1, 100, 10_000})
            .svg();
    assertThat(logarithmic).contains("points=\"80.0,226.0 345.0,121.0 610.0,16.0\"");
  }

  @Test
  void aChartOfOnePointIsLeftOut() {
    assertThat(
            new LineChart("t", Units::number, Units::number)
                .line("a", new double[] {1}, new double[] {1})
                .svg())
        .isEmpty();
  }

  @Test
  void figuresHaveThreeDigitsAndTheUnitThatSuitsThem() {
    assertThat(Units.number(84_120.4)).isEqualTo("84,120");
    assertThat(Units.number(12.34)).isEqualTo("12.3");
    assertThat(Units.number(0.05234)).isEqualTo("0.0523");
    assertThat(Units.bytes(1)).isEqualTo("1 byte");
    assertThat(Units.bytes(64)).isEqualTo("64 bytes");
    assertThat(Units.bytes(1536)).isEqualTo("1.50 KiB");
    assertThat(Units.nanos(85)).isEqualTo("85 ns");
    assertThat(Units.nanos(5_900)).isEqualTo("5.90 µs");
    assertThat(Units.nanos(2_000_000_000L)).isEqualTo("2 s");
  }
}
