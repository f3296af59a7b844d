package dev.weir.conformance.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A folder that looks like a Maven module after its tests ran: sources, classes and reports. Not
 * thread-safe. It is made here rather than kept as classes of this module, whose annotations would
 * count as evidence of their own.
 */
final class CompiledModule {
  private final Path folder;

  CompiledModule(Path folder) {
    this.folder = folder;
  }

  /** Compiles a class of package {@code p}; {@code @Rule} is imported. */
  CompiledModule test(String name, String body) throws Exception {
    String code = "package p; import dev.weir.conformance.Rule; " + body;
    Path source = folder.resolve("src/test/java/p/" + name + ".java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, code);
    Path classes = folder.resolve("target/test-classes");
    Files.createDirectories(classes);
    var output = new StringWriter();
    Path api = Path.of(Rule.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    boolean compiled =
        ToolProvider.getSystemJavaCompiler()
            .getTask(
                output,
                null,
                null,
                List.of(
                    "-d", classes.toString(), "-cp", classes + java.io.File.pathSeparator + api),
                null,
                List.of(
                    new SimpleJavaFileObject(
                        URI.create("string:///p/" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                      @Override
                      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return code;
                      }
                    }))
            .call();
    assertThat(compiled).as(output.toString()).isTrue();
    return this;
  }

  /** Writes a report with the given {@code testcase} elements. */
  CompiledModule report(String className, String testCases) throws Exception {
    Path reports = folder.resolve("target/surefire-reports");
    Files.createDirectories(reports);
    Files.writeString(
        reports.resolve("TEST-" + className + ".xml"), "<testsuite>" + testCases + "</testsuite>");
    return this;
  }

  Evidence evidence(Instant buildStart) throws Exception {
    var classes = new ArrayList<AnnotatedClass>();
    try (var files = Files.walk(folder.resolve("target/test-classes"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        classes.add(AnnotatedClass.read(folder, file));
      }
    }
    var runs = new TestRuns();
    runs.addReports(folder.resolve("target/surefire-reports"), buildStart);
    return new Evidence(classes, runs);
  }
}
