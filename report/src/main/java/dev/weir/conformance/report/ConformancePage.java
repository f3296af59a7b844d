package dev.weir.conformance.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The text of {@code docs/conformance.md}: the same for the same rules and tests, whatever the
 * machine or day. Immutable.
 */
final class ConformancePage {
  private static final String PREFACE =
      """
      # Conformance

      Each numbered rule of [platform.md](platform.md), and each MUST of the RFCs that concerns an
      endpoint, in short words, with the tests that show it. `mvn verify` writes this page from the
      `@Rule` annotations on the tests and from their results; do not edit it.

      - **shown**: a test that names the rule ran and passed
      - **open**: no test names the rule
      - **later**: no test yet, since the rule waits for later work (listed at the end)
      - **skipped**: every test that names the rule is disabled
      """;

  private final Path root;
  private final Catalogue catalogue;
  private final Evidence evidence;

  ConformancePage(Path root, Catalogue catalogue, Evidence evidence) {
    this.root = root;
    this.catalogue = catalogue;
    this.evidence = evidence;
  }

  String text() {
    var text = new StringBuilder(PREFACE);
    totals(text);
    for (Catalogue.Document document : catalogue.documents()) {
      text.append("\n## %s: %s\n".formatted(document.name(), document.title()));
      String section = "";
      for (NumberedRule rule : document.rules()) {
        if (!rule.section().equals(section)) {
          section = rule.section();
          text.append("\n### %s\n\n".formatted(section));
          text.append("| rule | statement | tests | state |\n| --- | --- | --- | --- |\n");
        }
        row(text, rule);
      }
    }
    later(text);
    return text.toString();
  }

  private void totals(StringBuilder text) {
    text.append("\n| document |");
    for (Verdict verdict : Verdict.values()) {
      text.append(" %s |".formatted(verdict.word()));
    }
    text.append(" rules |\n| --- |").append(" ---: |".repeat(Verdict.values().length + 1));
    text.append('\n');
    for (Catalogue.Document document : catalogue.documents()) {
      Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
      for (NumberedRule rule : document.rules()) {
        counts.merge(Verdict.of(rule, catalogue, evidence), 1, Integer::sum);
      }
      text.append("| %s |".formatted(document.name()));
      for (Verdict verdict : Verdict.values()) {
        text.append(" %d |".formatted(counts.getOrDefault(verdict, 0)));
      }
      text.append(" %d |\n".formatted(document.rules().size()));
    }
  }

  private void row(StringBuilder text, NumberedRule rule) {
    String role =
        switch (rule.role()) {
          case CLIENT -> "Client: ";
          case SERVER -> "Server: ";
          case BOTH, NONE -> "";
        };
    String tests =
        evidence.of(rule.id()).stream().map(this::link).collect(Collectors.joining(", "));
    String state =
        switch (Verdict.of(rule, catalogue, evidence)) {
          case NOT_APPLICABLE -> "not applicable: " + rule.reason();
          case OPEN -> "**open**";
          case FAILED -> "**failed**";
          case Verdict other -> other.word();
        };
    String part =
        catalogue
            .later(rule.id())
            .filter(entry -> !entry.whole())
            .map(entry -> "; later: " + entry.note())
            .orElse("");
    text.append(
        "| %s | %s | %s | %s |\n"
            .formatted(rule.id(), role + escape(rule.statement()), tests, state + part));
  }

  private String link(Evidence.ShownBy test) {
    String skipped = test.outcome() == TestRuns.Outcome.SKIPPED ? " (skipped)" : "";
    AnnotatedClass type = evidence.type(test.className());
    if (type != null) {
      String file = test.className().replaceAll("\\$.*", "").replace('.', '/') + ".java";
      Path source = type.module().resolve("src/test/java").resolve(file);
      if (Files.exists(source)) {
        String path = root.relativize(source).toString().replace('\\', '/');
        return "[%s](../%s)%s".formatted(test.label(), path, skipped);
      }
    }
    return test.label() + skipped;
  }

  private void later(StringBuilder text) {
    text.append("\n## Rules that wait for later work\n\n| rules | what follows |\n| --- | --- |\n");
    List<Catalogue.Later> entries = catalogue.later();
    for (Catalogue.Later entry : entries) {
      String pattern = entry.pattern().replace("-*", " (all)");
      text.append(
          "| %s | %s |\n".formatted(entry.whole() ? pattern : pattern + " (part)", entry.note()));
    }
  }

  private static String escape(String text) {
    return text.replace("|", "\\|").replace("*", "\\*");
  }
}
