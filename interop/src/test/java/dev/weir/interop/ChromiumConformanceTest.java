package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The conformance cases in JavaScript as Chromium runs them, which shows that they say what
 * browsers do.
 */
@Requires(Part.CHROMIUM)
@ExtendWith(Leftovers.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChromiumConformanceTest {
  private JavaScriptCases cases;

  @BeforeAll
  void start() throws Exception {
    cases = new JavaScriptCases(new ChromiumEngine());
  }

  @TestFactory
  @Timeout(300)
  List<DynamicContainer> casesOfEachFile() throws Exception {
    var containers = new ArrayList<DynamicContainer>();
    for (String file : JavaScriptCases.files()) {
      containers.add(DynamicContainer.dynamicContainer(file, cases.run(file)));
    }
    assertThat(cases.unknownDifferences()).as("differences whose cases are nowhere").isEmpty();
    return containers;
  }

  @AfterAll
  void stop() {
    cases.close();
  }
}
