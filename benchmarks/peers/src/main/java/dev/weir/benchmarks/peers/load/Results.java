package dev.weir.benchmarks.peers.load;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a run has measured, by scenario and by who was measured. For one thread. */
final class Results {
  private final Map<Scenario, Map<String, Figure>> figures = new LinkedHashMap<>();
  private final Map<Scenario, Map<String, String>> failures = new LinkedHashMap<>();

  void put(Scenario scenario, String subject, Figure figure) {
    figures.computeIfAbsent(scenario, key -> new LinkedHashMap<>()).put(subject, figure);
  }

  void failed(Scenario scenario, String subject, String why) {
    failures.computeIfAbsent(scenario, key -> new LinkedHashMap<>()).put(subject, why);
  }

  Optional<Figure> of(Scenario scenario, String subject) {
    return Optional.ofNullable(figures.getOrDefault(scenario, Map.of()).get(subject));
  }

  Map<String, Figure> of(Scenario scenario) {
    return figures.getOrDefault(scenario, Map.of());
  }

  Map<String, String> failuresOf(Scenario scenario) {
    return failures.getOrDefault(scenario, Map.of());
  }

  /** The scenarios of which there is anything to tell. */
  Set<Scenario> scenarios() {
    var all = new LinkedHashSet<>(figures.keySet());
    all.addAll(failures.keySet());
    return all;
  }
}
