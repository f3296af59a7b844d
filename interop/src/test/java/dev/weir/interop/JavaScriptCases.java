package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * The conformance cases in JavaScript as an engine runs them: each passes as the standards say, or
 * fails as the list of differences says. Used by one thread.
 */
final class JavaScriptCases implements AutoCloseable {
  /** The folder of the cases, seen from this module's. */
  private static final Path FOLDER = Path.of("../graaljs/src/conformance").toAbsolutePath();

  private static final List<String> HARNESS =
      List.of("harness/expectations.js", "harness/harness.js");

  private final JavaScriptEngine engine;
  private final Path folder;
  private final ConformancePeers peers;
  private final KnownDifferences differences;
  private final Set<String> files = new TreeSet<>();
  private final Set<String> names = new TreeSet<>();

  /** How a case ended; {@code detail} says why it failed. */
  record Result(String name, List<String> rules, boolean pass, String detail, long millis) {}

  JavaScriptCases(JavaScriptEngine engine) throws IOException {
    this(engine, FOLDER);
  }

  JavaScriptCases(JavaScriptEngine engine, Path folder) throws IOException {
    this.engine = engine;
    this.folder = folder;
    this.differences = KnownDifferences.read(folder.resolve("differences.txt"));
    this.peers = new ConformancePeers();
  }

  /** The names of the files with cases, without their ending. */
  static Set<String> files() throws IOException {
    try (Stream<Path> all = Files.list(FOLDER)) {
      return all.map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".js"))
          .map(name -> name.substring(0, name.length() - 3))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** Runs the cases of a file, and gives one test for each. */
  List<DynamicTest> run(String file) throws Exception {
    return results(file).stream()
        .map(result -> DynamicTest.dynamicTest(result.name(), () -> check(result)))
        .toList();
  }

  /** The same, for cases of exactly these rules. */
  List<DynamicTest> run(String file, Set<String> rules) throws Exception {
    List<Result> results = results(file);
    var tests = new ArrayList<DynamicTest>();
    tests.add(
        DynamicTest.dynamicTest(
            "the rules that are named are those of the cases",
            () ->
                assertThat(rules)
                    .as("rules named for %s.js", file)
                    .isEqualTo(
                        results.stream()
                            .flatMap(result -> result.rules().stream())
                            .collect(Collectors.toSet()))));
    results.forEach(
        result -> tests.add(DynamicTest.dynamicTest(result.name(), () -> check(result))));
    return tests;
  }

  private List<Result> results(String file) throws Exception {
    Map<String, Object> addresses = new HashMap<>(peers.addresses());
    addresses.put("page", engine.page());
    addresses.put("notRun", differences.notRun(engine.name()));
    var scripts = new ArrayList<String>();
    scripts.add("globalThis.conformance = " + new Gson().toJson(addresses) + ";");
    for (String script : HARNESS) {
      scripts.add(Files.readString(folder.resolve(script)));
    }
    scripts.add(Files.readString(folder.resolve(file + ".js")));
    String json = engine.runCases(scripts);
    List<Result> results = List.of(new Gson().fromJson(json, Result[].class));
    assertThat(results).as("cases of %s.js", file).isNotEmpty();
    files.add(file);
    for (Result result : results) {
      assertThat(names.add(result.name())).as("only case called %s", result.name()).isTrue();
    }
    return results;
  }

  private void check(Result result) {
    differences
        .of(engine.name(), result.name())
        .ifPresentOrElse(
            difference -> {
              assertThat(result.pass())
                  .as("is listed but is no difference any more; passes")
                  .isFalse();
              assertThat(result.detail()).contains(difference.shows());
            },
            () -> assertThat(result.pass()).as(result.detail()).isTrue());
  }

  /** How many cases have run. */
  int count() {
    return names.size();
  }

  /** Whether all files have been run. */
  boolean isComplete() throws IOException {
    return files.equals(files());
  }

  /** The listed differences of this engine whose cases are nowhere. */
  List<String> unknownDifferences() {
    return differences.names(engine.name()).stream().filter(name -> !names.contains(name)).toList();
  }

  @Override
  public void close() {
    engine.close();
    peers.close();
  }
}
