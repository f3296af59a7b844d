package dev.weir.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weir.conformance.Rule;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The conformance cases in JavaScript as Weir's own host runs them: a method for each file of
 * cases, called like it, with the rules that its cases name.
 */
@ExtendWith(Leftovers.class)
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GraalJsConformanceTest {
  /** Fewer would mean that some have got lost. */
  private static final int CASES = 500;

  private JavaScriptCases cases;

  @BeforeAll
  void start() throws Exception {
    cases = new JavaScriptCases(new GraalJsEngine());
  }

  /**
   * Runs the file that a method is called like: {@code streamAbortSignal} runs stream-abort-signal.
   */
  private List<DynamicTest> run(String method) throws Exception {
    String file = method.replaceAll("[A-Z]", "-$0").toLowerCase(Locale.ROOT);
    Rule rules = getClass().getDeclaredMethod(method).getAnnotation(Rule.class);
    return cases.run(file, Set.of(rules.value()));
  }

  @TestFactory
  @Rule({"W5"})
  List<DynamicTest> closeEvent() throws Exception {
    return run("closeEvent");
  }

  @TestFactory
  @Rule({"S7", "S12", "S19", "W2", "W3", "W6"})
  List<DynamicTest> garbage() throws Exception {
    return run("garbage");
  }

  @TestFactory
  @Rule({"S4", "S15", "S18", "W1", "W4", "W5", "W6"})
  List<DynamicTest> idlShape() throws Exception {
    return run("idlShape");
  }

  @TestFactory
  @Rule({"W4"})
  List<DynamicTest> messageEvent() throws Exception {
    return run("messageEvent");
  }

  @TestFactory
  @Rule({"S3", "S6", "S17"})
  List<DynamicTest> streamAbortSignal() throws Exception {
    return run("streamAbortSignal");
  }

  @TestFactory
  @Rule({"C1", "C3", "C6", "S9", "S15", "S16", "S17", "S19"})
  List<DynamicTest> streamClose() throws Exception {
    return run("streamClose");
  }

  @TestFactory
  @Rule({"S1", "S2", "S3", "S4", "S5"})
  List<DynamicTest> streamConstructor() throws Exception {
    return run("streamConstructor");
  }

  @TestFactory
  @Rule({"C1", "C3", "S18"})
  List<DynamicTest> streamError() throws Exception {
    return run("streamError");
  }

  @TestFactory
  @Rule({"C5", "S4", "S5", "S6", "S19"})
  List<DynamicTest> streamOpened() throws Exception {
    return run("streamOpened");
  }

  @TestFactory
  @Rule({"S7", "S8", "S9", "S10", "S19"})
  List<DynamicTest> streamRead() throws Exception {
    return run("streamRead");
  }

  @TestFactory
  @Rule({"S10", "S11", "S12", "S13", "S13a", "S14"})
  List<DynamicTest> streamWrite() throws Exception {
    return run("streamWrite");
  }

  @TestFactory
  @Rule({"W1", "W4"})
  List<DynamicTest> websocketBinaryType() throws Exception {
    return run("websocketBinaryType");
  }

  @TestFactory
  @Rule({"W2"})
  List<DynamicTest> websocketBufferedAmount() throws Exception {
    return run("websocketBufferedAmount");
  }

  @TestFactory
  @Rule({"C1", "C2", "C3", "C6", "S16", "W1", "W3", "W4"})
  List<DynamicTest> websocketClose() throws Exception {
    return run("websocketClose");
  }

  @TestFactory
  @Rule({"W6"})
  List<DynamicTest> websocketEventTarget() throws Exception {
    return run("websocketEventTarget");
  }

  @TestFactory
  @Rule({"W4"})
  List<DynamicTest> websocketEvents() throws Exception {
    return run("websocketEvents");
  }

  @TestFactory
  @Rule({"W6"})
  List<DynamicTest> websocketHandlers() throws Exception {
    return run("websocketHandlers");
  }

  @TestFactory
  @Rule({"C5", "W1", "W4"})
  List<DynamicTest> websocketOpening() throws Exception {
    return run("websocketOpening");
  }

  @TestFactory
  @Rule({"S1", "S2", "W1"})
  List<DynamicTest> websocketProtocols() throws Exception {
    return run("websocketProtocols");
  }

  @TestFactory
  @Rule({"W1", "W3", "W4"})
  List<DynamicTest> websocketReadyState() throws Exception {
    return run("websocketReadyState");
  }

  @TestFactory
  @Rule({"W2", "W4"})
  List<DynamicTest> websocketSend() throws Exception {
    return run("websocketSend");
  }

  @TestFactory
  @Rule({"W1"})
  List<DynamicTest> websocketUrl() throws Exception {
    return run("websocketUrl");
  }

  @AfterAll
  void stop() throws Exception {
    try {
      if (cases.isComplete()) {
        assertThat(cases.unknownDifferences()).as("differences whose cases are nowhere").isEmpty();
        assertThat(cases.count()).as("number of cases").isGreaterThan(CASES);
      }
    } finally {
      cases.close();
    }
  }
}
