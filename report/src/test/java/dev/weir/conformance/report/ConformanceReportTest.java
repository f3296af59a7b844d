package dev.weir.conformance.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConformanceReportTest {
  private static final Catalogue CATALOGUE =
      new Catalogue(
          List.of(
              Catalogue.parseDocument(
                  List.of(
                      "= docs/platform.md | Rules",
                      "== 1 Needed",
                      "A1 | First.",
                      "A2 | Second.",
                      "A3 | Third.",
                      "== 8 Not needed yet",
                      "W1 | Fourth.")),
              Catalogue.parseDocument(
                  List.of("= RFC 1 | Other", "== 1 S", "1-1-1 | none | Fifth. | No registry."))),
          List.of(
              new Catalogue.Later("A3", true, "Follows."),
              new Catalogue.Later("A1", false, "The rest follows.")));

  @TempDir Path root;
  private CompiledModule module;

  @BeforeEach
  void makeModule() throws Exception {
    module = new CompiledModule(root.resolve("m"));
    module.test("ATest", "class ATest { @Rule(\"A1\") void one() {} }");
  }

  @Test
  void writesTotalsRowsAndWhatWaits() throws Exception {
    module.report("p.ATest", "<testcase name='one' classname='p.ATest'/>");

    String page = new ConformancePage(root, CATALOGUE, module.evidence(Instant.EPOCH)).text();

    assertThat(page)
        .contains("| docs/platform.md | 1 | 0 | 0 | 2 | 1 | 0 | 4 |\n")
        .contains(
            "| A1 | First. | [ATest.one](../m/src/test/java/p/ATest.java) | shown; later: The rest follows. |\n")
        .contains("| A2 | Second. |  | **open** |\n")
        .contains("| A3 | Third. |  | later |\n")
        .contains("| 1-1-1 | Fifth. |  | not applicable: No registry. |\n")
        .contains("| A3 | Follows. |\n| A1 (part) | The rest follows. |\n");
  }

  @Test
  void requiresTheRulesOfTheRequiredSectionsOnly() throws Exception {
    module.report("p.ATest", "<testcase name='one' classname='p.ATest'/>");
    var report = new ConformanceReport(root, CATALOGUE, module.evidence(Instant.EPOCH));

    assertThat(report.problems(false)).isEmpty();
    assertThat(report.problems(true))
        .containsExactly("expected A2 to be shown by a test but it is open: Second.");
  }

  @Test
  void doesNotTakeASkippedTestForEvidence() throws Exception {
    module.report("p.ATest", "<testcase name='one' classname='p.ATest'><skipped/></testcase>");
    var report = new ConformanceReport(root, CATALOGUE, module.evidence(Instant.EPOCH));

    assertThat(report.problems(true))
        .contains("expected A1 to be shown by a test but it is skipped: First.");
  }

  @Test
  void excusesARuleWhoseTestsLackAPartOfTheMachine() throws Exception {
    module.report(
        "p.ATest",
        "<testcase name='one' classname='p.ATest'><skipped message='missing part: x'/></testcase>");
    Evidence evidence = module.evidence(Instant.EPOCH);
    var report = new ConformanceReport(root, CATALOGUE, evidence);

    assertThat(evidence.partsMissing()).isTrue();
    assertThat(report.problems(true))
        .containsExactly("expected A2 to be shown by a test but it is open: Second.");
  }

  @Test
  void refusesAnUnknownIdAlsoWhereItsTestDidNotRun() throws Exception {
    module.test("BTest", "class BTest { @Rule(\"A9\") void one() {} }");
    var report = new ConformanceReport(root, CATALOGUE, module.evidence(Instant.EPOCH));

    assertThat(report.problems(false)).containsExactly("expected a known rule but @Rule names A9");
  }
}
