package dev.weir.conformance.report;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * All rules, by document and section, with those that wait for later work. Immutable.
 *
 * <p>Read from the {@code .rules} files beside this class: {@code = name | title} starts a
 * document, {@code == 5.1 Heading} a section, and each other line is {@code id | role | statement},
 * with {@code | reason} where the role is {@code none}. The role may be left out where a document
 * does not divide its rules by role.
 */
final class Catalogue {
  private static final List<String> FILES =
      List.of("platform.rules", "rfc6455.rules", "rfc7692.rules", "rfc8441.rules", "rfc9220.rules");

  /**
   * A document with its rules in the order of its sections.
   *
   * @param name short name, such as "RFC 6455"
   * @param title its own title
   * @param rules in the order of the document
   */
  record Document(String name, String title, List<NumberedRule> rules) {}

  /**
   * What waits for later work.
   *
   * @param pattern an id, or the start of ids with a star
   * @param whole whether nothing of the rule is required now
   * @param note what follows
   */
  record Later(String pattern, boolean whole, String note) {
    boolean covers(String id) {
      return pattern.endsWith("*")
          ? id.startsWith(pattern.substring(0, pattern.length() - 1))
          : id.equals(pattern);
    }
  }

  private final List<Document> documents;
  private final List<Later> later;
  private final Map<String, NumberedRule> byId = new LinkedHashMap<>();

  Catalogue(List<Document> documents, List<Later> later) {
    this.documents = List.copyOf(documents);
    this.later = List.copyOf(later);
    for (Document document : documents) {
      for (NumberedRule rule : document.rules()) {
        if (byId.put(rule.id(), rule) != null) {
          throw new IllegalArgumentException(
              "expected each rule once but " + rule.id() + " is there twice");
        }
      }
    }
    for (Later entry : later) {
      if (byId.keySet().stream().noneMatch(entry::covers)) {
        throw new IllegalArgumentException(
            "expected later rules to be known but " + entry.pattern() + " is not");
      }
    }
  }

  /** The catalogue of this project. */
  static Catalogue read() throws IOException {
    var documents = new ArrayList<Document>();
    for (String file : FILES) {
      documents.add(parseDocument(resource(file)));
    }
    return new Catalogue(documents, parseLater(resource("later.rules")));
  }

  List<Document> documents() {
    return documents;
  }

  boolean contains(String id) {
    return byId.containsKey(id);
  }

  /** What of the rule waits for later work, if anything does. */
  Optional<Later> later(String id) {
    return later.stream().filter(entry -> entry.covers(id)).findFirst();
  }

  List<Later> later() {
    return later;
  }

  static Document parseDocument(List<String> lines) {
    String[] heading = fields(lines.getFirst().substring("=".length()));
    var rules = new ArrayList<NumberedRule>();
    String section = "";
    for (String line : lines.subList(1, lines.size())) {
      if (line.startsWith("== ")) {
        section = line.substring("== ".length()).strip();
      } else {
        rules.add(parseRule(section, line));
      }
    }
    return new Document(heading[0], heading[1], List.copyOf(rules));
  }

  private static NumberedRule parseRule(String section, String line) {
    String[] fields = fields(line);
    if (fields.length == 2) {
      return new NumberedRule(fields[0], section, NumberedRule.Role.BOTH, fields[1], "");
    }
    var role = NumberedRule.Role.valueOf(fields[1].toUpperCase(Locale.ROOT));
    int expected = role == NumberedRule.Role.NONE ? 4 : 3;
    if (fields.length != expected) {
      throw new IllegalArgumentException(
          "expected %d fields but was %d: %s".formatted(expected, fields.length, line));
    }
    return new NumberedRule(fields[0], section, role, fields[2], expected == 4 ? fields[3] : "");
  }

  static List<Later> parseLater(List<String> lines) {
    return lines.stream()
        .skip(1)
        .map(Catalogue::fields)
        .map(fields -> new Later(fields[0], fields[1].equals("whole"), fields[2]))
        .toList();
  }

  private static String[] fields(String line) {
    return line.strip().split("\\s+\\|\\s+");
  }

  private static List<String> resource(String name) throws IOException {
    try (InputStream in = Catalogue.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("expected the resource " + name + " beside " + Catalogue.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .toList();
    }
  }
}
