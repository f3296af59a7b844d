package dev.weir.benchmarks.peers.load;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Weir is to reach in a scenario. Immutable.
 *
 * @param subject which style of Weir
 * @param reference whose figure in the same run it is compared with, or null for a plain bound
 * @param referenceScenario where the reference's figure comes from
 * @param bound the most that the ratio, or the figure, may be
 */
record Target(
    Scenario scenario,
    String subject,
    @Nullable String reference,
    Scenario referenceScenario,
    double bound) {
  static final List<Target> ALL =
      List.of(
          ratio(Scenario.ECHO_16_1, "weir-event", "tcp", 1.05),
          ratio(Scenario.ECHO_16_16, "weir-event", "tcp", 1.2),
          new Target(Scenario.TEXT_16_16, "weir-event", "tcp", Scenario.ECHO_16_16, 1.35),
          ratio(Scenario.ECHO_256_1, "weir-event", "tcp", 1.05),
          ratio(Scenario.ECHO_256_16, "weir-event", "tcp", 1.2),
          ratio(Scenario.ECHO_1M, "weir-event", "tcp", 1.4),
          ratio(Scenario.ECHO_16_1, "weir-stream", "weir-event", 1.3),
          ratio(Scenario.ECHO_16_16, "weir-stream", "weir-event", 1.3),
          ratio(Scenario.ECHO_1M, "weir-stream", "weir-event", 1.3),
          ratio(Scenario.ECHO_16_1, "weir-blocking", "weir-event", 2),
          plain(Scenario.DEFLATE, "weir-event", 45),
          plain(Scenario.DEFLATE_BYTES, "weir-event", 190),
          plain(Scenario.IDLE, "weir-event", 2.0),
          plain(Scenario.IDLE_DEFLATE, "weir-no-takeover", 2.0),
          plain(Scenario.BROADCAST, "weir-event", 5.2),
          plain(Scenario.BROADCAST_8, "weir-event", 1.6),
          plain(Scenario.ROUND_TRIP, "weir-event", 23),
          plain(Scenario.RECEIVE_BINARY, "weir-event", 0.05),
          plain(Scenario.RECEIVE_TEXT, "weir-event", 0.08),
          plain(Scenario.RECEIVE_64K, "weir-event", 11),
          plain(Scenario.SEND_64, "weir-event", 0.12),
          plain(Scenario.SEND_64K, "weir-event", 28),
          plain(Scenario.SLOW_CONSUMER, "weir-event", 40));

  /** Whether a target is reached. */
  enum Verdict {
    MET("met"),
    MISSED("MISSED"),
    NOT_MEASURED("not measured yet");

    private final String words;

    Verdict(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  private static Target ratio(Scenario scenario, String subject, String reference, double bound) {
    return new Target(scenario, subject, reference, scenario, bound);
  }

  private static Target plain(Scenario scenario, String subject, double bound) {
    return new Target(scenario, subject, null, scenario, bound);
  }

  /** What is held against the bound, if it was measured. */
  Optional<Figure> measured(Results results) {
    Optional<Figure> own = results.of(scenario, subject);
    if (reference == null) {
      return own;
    }
    Optional<Figure> other = results.of(referenceScenario, reference);
    return own.isPresent() && other.isPresent()
        ? Optional.of(own.get().ratioTo(other.get()))
        : Optional.empty();
  }

  /** By the median of all rounds. */
  Verdict verdict(Results results) {
    return measured(results)
        .map(figure -> figure.median() <= bound ? Verdict.MET : Verdict.MISSED)
        .orElse(Verdict.NOT_MEASURED);
  }

  /** "≤ 1.05 × tcp" or "≤ 23 µs". */
  String words() {
    String number = String.format(Locale.ROOT, "%s", bound).replaceFirst("\\.0$", "");
    return reference == null
        ? "≤ " + number + ' ' + scenario.unit()
        : "≤ " + number + " × " + reference;
  }
}
