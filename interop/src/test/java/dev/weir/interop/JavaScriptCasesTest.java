package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A case that differs without being listed fails, and so does a listed one that does not. */
@ExtendWith(Leftovers.class)
class JavaScriptCasesTest {
  private static final String PASSED =
      "[{'name': 'one', 'rules': ['W1'], 'pass': true, 'detail': '', 'millis': 1}]";
  private static final String FAILED =
      "[{'name': 'one', 'rules': ['W1'], 'pass': false, 'detail': 'expected 1 but was 2'}]";

  @TempDir Path folder;

  private List<DynamicTest> run(String results, String... differences) throws Exception {
    Files.createDirectories(folder.resolve("harness"));
    for (String file : List.of("harness/expectations.js", "harness/harness.js", "file.js")) {
      Files.writeString(folder.resolve(file), "");
    }
    Files.write(folder.resolve("differences.txt"), List.of(differences));
    var engine =
        new JavaScriptEngine() {
          @Override
          public String name() {
            return "weir";
          }

          @Override
          public String page() {
            return "http://127.0.0.1/";
          }

          @Override
          public String runCases(List<String> scripts) {
            return results.replace('\'', '"');
          }

          @Override
          public void close() {}
        };
    try (var cases = new JavaScriptCases(engine, folder)) {
      return cases.run("file", Set.of("W1"));
    }
  }

  private static void check(List<DynamicTest> tests) throws Throwable {
    for (DynamicTest test : tests) {
      test.getExecutable().execute();
    }
  }

  @Test
  void passesWhatPassesAndIsNotListed() throws Throwable {
    check(run(PASSED));
    check(run(PASSED, "# a comment", "chromium | one | was 2 | another engine"));
  }

  @Test
  void failsWhatFailsWithoutBeingListed() throws Exception {
    List<DynamicTest> tests = run(FAILED);
    assertThatThrownBy(() -> check(tests)).hasMessageContaining("expected 1 but was 2");
  }

  @Test
  void passesWhatFailsAsListed() throws Throwable {
    check(run(FAILED, "weir | one | was 2 | a reason"));
  }

  @Test
  void failsWhatFailsInAnotherWayThanListed() throws Exception {
    List<DynamicTest> tests = run(FAILED, "weir | one | was 3 | a reason");
    assertThatThrownBy(() -> check(tests)).isInstanceOf(AssertionError.class);
  }

  @Test
  void failsWhatIsListedAndPasses() throws Exception {
    List<DynamicTest> tests = run(PASSED, "weir | one | was 2 | a reason");
    assertThatThrownBy(() -> check(tests)).hasMessageContaining("no difference any more");
  }

  @Test
  void failsWhereTheRulesAreNotThoseOfTheCases() throws Exception {
    List<DynamicTest> tests = run(PASSED.replace("W1", "W2"));
    assertThatThrownBy(() -> check(tests)).hasMessageContaining("file.js");
  }

  @Test
  void refusesADifferenceWithoutAReason() {
    assertThatThrownBy(() -> run(FAILED, "weir | one | was 2 | "))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("reason");
    assertThatThrownBy(() -> run(FAILED, "weir | one | was 2 | a", "weir | one | was 2 | b"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("once");
  }

  @Test
  void knowsTheFilesOfTheRealCases() throws Exception {
    assertThat(JavaScriptCases.files()).contains("websocket-close", "stream-close", "idl-shape");
  }
}
