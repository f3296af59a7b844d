package dev.weir.conformance.report;

/** What can be said of a rule after this build. */
enum Verdict {
  /** A test that names the rule ran and passed, and none failed. */
  SHOWN("shown"),
  /** Tests name the rule, but all were skipped on this machine. */
  SKIPPED("skipped"),
  /** A test that names the rule failed. */
  FAILED("failed"),
  /** No test names the rule. */
  OPEN("open"),
  /** No test names the rule, which waits for later work. */
  LATER("later"),
  /** The rule can not concern this software. */
  NOT_APPLICABLE("not applicable");

  private final String word;

  Verdict(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  static Verdict of(NumberedRule rule, Catalogue catalogue, Evidence evidence) {
    if (rule.role() == NumberedRule.Role.NONE) {
      return NOT_APPLICABLE;
    }
    var outcomes = evidence.of(rule.id()).stream().map(Evidence.ShownBy::outcome).toList();
    if (outcomes.isEmpty()) {
      return catalogue.later(rule.id()).filter(Catalogue.Later::whole).isPresent() ? LATER : OPEN;
    }
    return switch (outcomes.stream().reduce(TestRuns.Outcome::and).orElseThrow()) {
      case PASSED -> SHOWN;
      case SKIPPED -> SKIPPED;
      case FAILED -> FAILED;
    };
  }
}
