package dev.weir.conformance.report;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which tests show which rule: the annotations of the classes joined with what ran. Immutable once
 * made.
 */
final class Evidence {
  /**
   * A test that names a rule.
   *
   * @param label class without package, with its method unless the whole class names the rule
   * @param className binary name of the class that ran
   * @param outcome how it ended
   */
  record ShownBy(String label, String className, TestRuns.Outcome outcome)
      implements Comparable<ShownBy> {
    @Override
    public int compareTo(ShownBy other) {
      int byLabel = label.compareTo(other.label);
      return byLabel != 0 ? byLabel : className.compareTo(other.className);
    }
  }

  private final Map<String, AnnotatedClass> classes = new HashMap<>();
  private final Map<String, Map<String, ShownBy>> byRule = new TreeMap<>();
  private final Set<String> usedIds = new TreeSet<>();
  private final Set<String> notRun = new TreeSet<>();
  private final boolean partsMissing;

  Evidence(Collection<AnnotatedClass> annotated, TestRuns runs) {
    partsMissing = runs.partsMissing();
    annotated.forEach(type -> classes.put(type.name(), type));
    var seen = new TreeSet<String>();
    for (String className : runs.classes()) {
      for (var run : runs.of(className).entrySet()) {
        add(className, run.getKey(), run.getValue(), seen);
      }
    }
    for (AnnotatedClass type : annotated) {
      usedIds.addAll(type.ids());
      type.methodIds().values().forEach(usedIds::addAll);
      if (!type.ids().isEmpty() && !seen.contains(type.name())) {
        notRun.add(type.name());
      }
      for (String method : type.methodIds().keySet()) {
        if (!seen.contains(type.name() + "." + method)) {
          notRun.add(type.name() + "." + method);
        }
      }
    }
  }

  /** The tests that name the rule, ordered by their labels. */
  List<ShownBy> of(String id) {
    return byRule.getOrDefault(id, Map.of()).values().stream().sorted().toList();
  }

  /** All ids in annotations, whether their tests ran or not. */
  Set<String> usedIds() {
    return Set.copyOf(usedIds);
  }

  /** Annotated classes and methods of which this build has no result. */
  Set<String> notRun() {
    return new TreeSet<>(notRun);
  }

  /** Whether a test was skipped since this machine lacks a part that it needs. */
  boolean partsMissing() {
    return partsMissing;
  }

  @Nullable AnnotatedClass type(String className) {
    return classes.get(className);
  }

  /**
   * A method's ids are on itself, where a subclass may have inherited it; those of the class are on
   * it, its superclasses and the classes around them.
   */
  private void add(String className, String method, TestRuns.Outcome outcome, Set<String> seen) {
    String label = className.substring(className.lastIndexOf('.') + 1).replace('$', '.');
    for (AnnotatedClass type = classes.get(className);
        type != null;
        type = classes.get(type.superName())) {
      List<String> onMethod = type.methodIds().get(method);
      if (onMethod != null) {
        seen.add(type.name() + "." + method);
        for (String id : onMethod) {
          put(id, new ShownBy(label + "." + method, className, outcome));
        }
      }
      for (AnnotatedClass outer = type; outer != null; outer = classes.get(outer.outerName())) {
        seen.add(outer.name());
        for (String id : new LinkedHashSet<>(outer.ids())) {
          put(id, new ShownBy(label, className, outcome));
        }
      }
    }
  }

  private void put(String id, ShownBy test) {
    byRule
        .computeIfAbsent(id, unused -> new TreeMap<>())
        .merge(
            test.className() + " " + test.label(),
            test,
            (one, two) ->
                new ShownBy(one.label(), one.className(), one.outcome().and(two.outcome())));
  }
}
