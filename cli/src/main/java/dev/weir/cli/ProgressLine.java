package dev.weir.cli;

import dev.weir.cli.bench.Bench;
import dev.weir.cli.bench.Load;
import dev.weir.cli.bench.Sample;
import dev.weir.cli.bench.Units;
import java.io.PrintStream;

/** One line on a terminal that says how a run goes, over and over. For one thread. */
final class ProgressLine implements Bench.Watcher {
  private static final String CLEAR = "\r\u001b[K";

  private final PrintStream out;
  private final boolean shown;
  private final Load.Work work;

  /** A line that is not shown where nobody would see it renewed. */
  ProgressLine(Stdio stdio, boolean quiet, Load.Work work) {
    this.out = stdio.err();
    this.shown = stdio.errIsTerminal() && !quiet;
    this.work = work;
  }

  @Override
  public void opening(int opened, int failed, int all) {
    say("opening: " + opened + " of " + all + (failed == 0 ? "" : ", " + failed + " failed"));
  }

  @Override
  public void sampled(Sample sample, boolean warmingUp, int connections, long errors) {
    var said = new StringBuilder();
    said.append(warmingUp ? "warm-up " : "").append(Math.round(sample.end())).append(" s  ");
    if (work != Load.Work.IDLE) {
      said.append(Units.number(Math.rint(sample.messageRate()))).append(" messages/s  ");
      said.append(Units.number(sample.byteRate() / 1e6)).append(" MB/s  ");
    }
    if (work == Load.Work.ECHO) {
      said.append("p50 ").append(Units.nanos(sample.p50())).append("  ");
      said.append("p99 ").append(Units.nanos(sample.p99())).append("  ");
    }
    said.append(connections).append(" open");
    say(
        errors == 0
            ? said.toString()
            : said.append("  ").append(errors).append(" errors").toString());
  }

  private void say(String text) {
    if (shown) {
      out.print(CLEAR + text);
      out.flush();
    }
  }

  /** Takes the line away, before something else is written. */
  void clear() {
    say("");
  }
}
