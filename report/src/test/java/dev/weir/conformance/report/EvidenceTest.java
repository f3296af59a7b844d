package dev.weir.conformance.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvidenceTest {
  @TempDir Path folder;
  private CompiledModule module;

  @BeforeEach
  void makeModule() {
    module = new CompiledModule(folder);
  }

  @Test
  void joinsOneAndSeveralAnnotationsWithTheMethodThatRan() throws Exception {
    Evidence evidence =
        module
            .test(
                "ATest",
                "class ATest { @Rule(\"A\") void one() {} @Rule({\"A\",\"B\"}) @Rule(\"C\") void two() {} }")
            .report(
                "p.ATest",
                "<testcase name='one' classname='p.ATest'/><testcase name='two(String)[1]' classname='p.ATest'/>")
            .evidence(Instant.EPOCH);

    assertThat(evidence.of("A"))
        .extracting(Evidence.ShownBy::label)
        .containsExactly("ATest.one", "ATest.two");
    assertThat(evidence.of("C")).extracting(Evidence.ShownBy::label).containsExactly("ATest.two");
    assertThat(evidence.usedIds()).containsExactlyInAnyOrder("A", "B", "C");
    assertThat(evidence.notRun()).isEmpty();
  }

  @Test
  void takesTheRulesOfTheClassAroundAndOfTheSuperclass() throws Exception {
    Evidence evidence =
        module
            .test("Base", "@Rule(\"B\") class Base { @Rule(\"A\") void one() {} }")
            .test("CTest", "@Rule(\"C\") class CTest { class In extends Base { } }")
            .report("p.CTest$In", "<testcase name='one' classname='p.CTest$In'/>")
            .evidence(Instant.EPOCH);

    assertThat(evidence.of("A"))
        .extracting(Evidence.ShownBy::label)
        .containsExactly("CTest.In.one");
    assertThat(evidence.of("B")).extracting(Evidence.ShownBy::label).containsExactly("CTest.In");
    assertThat(evidence.of("C")).extracting(Evidence.ShownBy::label).containsExactly("CTest.In");
    assertThat(evidence.notRun()).isEmpty();
  }

  @Test
  void countsAMethodAsFailedIfOneInvocationFailedAndAsSkippedOnlyIfAllWere() throws Exception {
    Evidence evidence =
        module
            .test(
                "ATest",
                "class ATest { @Rule(\"F\") void f() {} @Rule(\"S\") void s() {} @Rule(\"P\") void p() {} }")
            .report(
                "p.ATest",
                """
                <testcase name='f()[1]' classname='p.ATest'/>
                <testcase name='f()[2]' classname='p.ATest'><failure/></testcase>
                <testcase name='s' classname='p.ATest'><skipped/></testcase>
                <testcase name='p()[1]' classname='p.ATest'><skipped/></testcase>
                <testcase name='p()[2]' classname='p.ATest'/>
                """)
            .evidence(Instant.EPOCH);

    assertThat(evidence.of("F").getFirst().outcome()).isEqualTo(TestRuns.Outcome.FAILED);
    assertThat(evidence.of("S").getFirst().outcome()).isEqualTo(TestRuns.Outcome.SKIPPED);
    assertThat(evidence.of("P").getFirst().outcome()).isEqualTo(TestRuns.Outcome.PASSED);
  }

  @Test
  void namesAnAnnotatedMethodThatIsNoTestOrDidNotRun() throws Exception {
    Evidence evidence =
        module
            .test("ATest", "class ATest { @Rule(\"A\") void one() {} @Rule(\"A\") void two() {} }")
            .report("p.ATest", "<testcase name='one' classname='p.ATest'/>")
            .evidence(Instant.EPOCH);

    assertThat(evidence.notRun()).containsExactly("p.ATest.two");
  }

  @Test
  void ignoresTheReportsOfAnEarlierBuild() throws Exception {
    Evidence evidence =
        module
            .test("ATest", "class ATest { @Rule(\"A\") void one() {} }")
            .report("p.ATest", "<testcase name='one' classname='p.ATest'/>")
            .evidence(Instant.now().plusSeconds(3600));

    assertThat(evidence.of("A")).isEmpty();
    assertThat(evidence.notRun()).containsExactly("p.ATest.one");
  }
}
