package dev.weir.conformance.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ModulesTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  @Test
  void theReportIsBuiltAfterEveryModuleThatHasTests() throws Exception {
    List<String> withTests =
        all("<module>([^<]+)</module>", ROOT.resolve("pom.xml")).stream()
            .filter(module -> !module.equals("report"))
            .filter(module -> Files.isDirectory(ROOT.resolve(module).resolve("src/test/java")))
            .map(module -> "weir-" + module.replace('/', '-'))
            .toList();

    assertThat(all("<artifactId>([^<]+)</artifactId>", ROOT.resolve("report/pom.xml")))
        .as("dependencies of report/pom.xml")
        .containsAll(withTests);
  }

  private static List<String> all(String pattern, Path file) throws Exception {
    return Pattern.compile(pattern)
        .matcher(Files.readString(file))
        .results()
        .map(match -> match.group(1))
        .toList();
  }
}
