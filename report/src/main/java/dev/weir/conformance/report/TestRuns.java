package dev.weir.conformance.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * How each test method ended in this build, from the XML reports that Surefire leaves. Not
 * thread-safe.
 */
final class TestRuns {
  /** How a method ended: the worst of its failures, and skipped only if it never ran. */
  enum Outcome {
    PASSED,
    SKIPPED,
    FAILED;

    Outcome and(Outcome other) {
      if (this == FAILED || other == FAILED) {
        return FAILED;
      }
      return this == PASSED || other == PASSED ? PASSED : SKIPPED;
    }
  }

  /** How the reason begins with which the interop tests skip for want of a part. */
  private static final String MISSING_PART = "missing part: ";

  private final Map<String, Map<String, Outcome>> byClass = new TreeMap<>();
  private boolean partsMissing;

  /** Adds the reports in a folder that were written since the build began; older ones are stale. */
  void addReports(Path folder, Instant buildStart) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (var files = Files.newDirectoryStream(folder, "TEST-*.xml")) {
      for (Path file : files) {
        if (!Files.getLastModifiedTime(file).toInstant().isBefore(buildStart)) {
          addReport(file);
        }
      }
    }
  }

  /** Methods of a class, by name, with their outcomes; empty if the class did not run. */
  Map<String, Outcome> of(String className) {
    return byClass.getOrDefault(className, Map.of());
  }

  /** Whether a test was skipped since this machine lacks a part that it needs. */
  boolean partsMissing() {
    return partsMissing;
  }

  Iterable<String> classes() {
    return byClass.keySet();
  }

  private void addReport(Path file) throws IOException {
    var factory = XMLInputFactory.newInstance();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    try (var in = Files.newInputStream(file)) {
      XMLStreamReader xml = factory.createXMLStreamReader(in);
      String className = "";
      String method = "";
      Outcome outcome = Outcome.PASSED;
      while (xml.hasNext()) {
        int event = xml.next();
        if (event == XMLStreamConstants.START_ELEMENT) {
          switch (xml.getLocalName()) {
            case "testcase" -> {
              className = attribute(xml, "classname");
              method = methodName(attribute(xml, "name"));
              outcome = Outcome.PASSED;
            }
            case "skipped" -> {
              outcome = Outcome.SKIPPED;
              partsMissing |= attribute(xml, "message").startsWith(MISSING_PART);
            }
            case "failure", "error" -> outcome = Outcome.FAILED;
            default -> {}
          }
        } else if (event == XMLStreamConstants.END_ELEMENT
            && xml.getLocalName().equals("testcase")) {
          byClass
              .computeIfAbsent(className, unused -> new TreeMap<>())
              .merge(method, outcome, Outcome::and);
        }
      }
    } catch (XMLStreamException e) {
      throw new IOException(file + " is no test report: " + e.getMessage(), e);
    }
  }

  private static String attribute(XMLStreamReader xml, String name) {
    String value = xml.getAttributeValue(null, name);
    return value == null ? "" : value;
  }

  /** Surefire appends parameter types and the number of an invocation to a method's name. */
  private static String methodName(String name) {
    int end = 0;
    while (end < name.length() && Character.isJavaIdentifierPart(name.charAt(end))) {
      end++;
    }
    return name.substring(0, end);
  }
}
