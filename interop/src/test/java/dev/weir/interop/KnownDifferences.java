package dev.weir.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where an engine does other than a conformance case says, each with its reason, as the file {@code
 * differences.txt} lists it. Immutable.
 */
record KnownDifferences(List<Difference> list) {
  /** What is shown by a case that the engine does not survive, so that it is not even run there. */
  private static final String NOT_RUN = "not run";

  /**
   * One of them.
   *
   * @param engine name of the engine that differs
   * @param name name of the case
   * @param shows a part of the message with which the case fails there
   * @param reason why that is as it is
   */
  record Difference(String engine, String name, String shows, String reason) {}

  /**
   * Reads lines of four columns between bars; empty lines and those that begin with # are left out.
   */
  static KnownDifferences read(Path file) throws IOException {
    var differences = new ArrayList<Difference>();
    for (String line : Files.readAllLines(file)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] columns = line.split("\\|", -1);
      if (columns.length != 4 || columns[3].isBlank()) {
        throw new IOException(
            "expected engine | case | what it shows | reason but was: " + line + " in " + file);
      }
      var difference =
          new Difference(
              columns[0].strip(), columns[1].strip(), columns[2].strip(), columns[3].strip());
      if (differences.stream()
          .anyMatch(
              other ->
                  other.engine.equals(difference.engine) && other.name.equals(difference.name))) {
        throw new IOException("expected each difference once but was again: " + line);
      }
      differences.add(difference);
    }
    return new KnownDifferences(List.copyOf(differences));
  }

  Optional<Difference> of(String engine, String name) {
    return list.stream()
        .filter(each -> each.engine.equals(engine) && each.name.equals(name))
        .findFirst();
  }

  /** Names of the cases that an engine does not survive. */
  List<String> notRun(String engine) {
    return list.stream()
        .filter(each -> each.engine.equals(engine) && each.shows.equals(NOT_RUN))
        .map(Difference::name)
        .toList();
  }

  /** Names of the cases that an engine is listed with. */
  List<String> names(String engine) {
    return list.stream().filter(each -> each.engine.equals(engine)).map(Difference::name).toList();
  }
}
