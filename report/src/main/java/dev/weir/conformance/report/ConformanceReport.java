package dev.weir.conformance.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The last step of the build: {@code ConformanceReport ROOT BUILD_START REQUIRED} writes {@code
 * docs/conformance.md}. Not thread-safe.
 *
 * <p>An unknown id fails the build. Where annotated tests did not run, as in a build that was told
 * to leave tests out, or were skipped for want of a part of the machine, the page is left as it is.
 * With REQUIRED true, tests that did not run and any rule of the required sections that is not
 * shown fail the build too; only a missing part excuses a rule whose tests were all skipped.
 */
final class ConformanceReport {
  private static final String REQUIRED_DOCUMENT = "docs/platform.md";
  private static final Set<String> REQUIRED_SECTIONS = Set.of("1", "2", "3", "4", "5", "6", "7");

  private final Path root;
  private final Catalogue catalogue;
  private final Evidence evidence;

  ConformanceReport(Path root, Catalogue catalogue, Evidence evidence) {
    this.root = root;
    this.catalogue = catalogue;
    this.evidence = evidence;
  }

  public static void main(String[] arguments) throws IOException {
    Path root = Path.of(arguments[0]).toAbsolutePath().normalize();
    boolean required = Boolean.parseBoolean(arguments[2]);
    var report =
        new ConformanceReport(root, Catalogue.read(), evidence(root, Instant.parse(arguments[1])));
    List<String> problems = report.problems(required);
    if (!problems.isEmpty()) {
      problems.forEach(problem -> System.err.println("conformance: " + problem));
      System.exit(1);
    }
    report.write();
  }

  /** What fails the build. */
  List<String> problems(boolean required) {
    var problems = new ArrayList<String>();
    for (String id : new TreeSet<>(evidence.usedIds())) {
      if (!catalogue.contains(id)) {
        problems.add("expected a known rule but @Rule names " + id);
      }
    }
    if (required) {
      evidence.notRun().forEach(test -> problems.add("names a rule but did not run: " + test));
      for (NumberedRule rule : requiredRules()) {
        Verdict verdict = Verdict.of(rule, catalogue, evidence);
        boolean excused = verdict == Verdict.SKIPPED && evidence.partsMissing();
        if (verdict != Verdict.SHOWN && verdict != Verdict.LATER && !excused) {
          problems.add(
              "expected %s to be shown by a test but it is %s: %s"
                  .formatted(rule.id(), verdict.word(), rule.statement()));
        }
      }
    }
    return problems;
  }

  private List<NumberedRule> requiredRules() {
    return catalogue.documents().stream()
        .filter(document -> document.name().equals(REQUIRED_DOCUMENT))
        .flatMap(document -> document.rules().stream())
        .filter(rule -> REQUIRED_SECTIONS.contains(rule.sectionNumber()))
        .toList();
  }

  private void write() throws IOException {
    Set<String> notRun = evidence.notRun();
    if (!notRun.isEmpty() || evidence.partsMissing()) {
      String why =
          notRun.isEmpty()
              ? "tests were skipped for want of a part"
              : "%d tests did not run, such as %s"
                  .formatted(notRun.size(), notRun.iterator().next());
      System.out.println("conformance: docs/conformance.md is left as it is, since " + why);
      return;
    }
    Path page = root.resolve("docs/conformance.md");
    String text = new ConformancePage(root, catalogue, evidence).text();
    // A page that says the same is not touched, so that nothing looks changed.
    if (!Files.exists(page) || !Files.readString(page).equals(text)) {
      Files.createDirectories(page.getParent());
      Files.writeString(page, text);
    }
  }

  private static Evidence evidence(Path root, Instant buildStart) throws IOException {
    var classes = new ArrayList<AnnotatedClass>();
    var runs = new TestRuns();
    try (var folders = Files.list(root)) {
      for (Path module :
          folders.filter(f -> Files.exists(f.resolve("pom.xml"))).sorted().toList()) {
        for (String compiled : List.of("target/classes", "target/test-classes")) {
          Path folder = module.resolve(compiled);
          if (Files.isDirectory(folder)) {
            try (var files = Files.walk(folder)) {
              for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                classes.add(AnnotatedClass.read(module, file));
              }
            }
          }
        }
        runs.addReports(module.resolve("target/surefire-reports"), buildStart);
        runs.addReports(module.resolve("target/failsafe-reports"), buildStart);
      }
    }
    return new Evidence(classes, runs);
  }
}
