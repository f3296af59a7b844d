package dev.weir.benchmarks.peers.load;

import java.util.Arrays;
import java.util.List;

/**
 * Several measurements of the same thing: their median and how far they lie apart. Immutable.
 *
 * @param values in the order of the rounds
 */
record Figure(List<Double> values) {
  Figure {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("expected at least one measurement but there is none");
    }
  }

  double median() {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  double least() {
    return Arrays.stream(array()).min().orElseThrow();
  }

  double most() {
    return Arrays.stream(array()).max().orElseThrow();
  }

  private double[] array() {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * This by another, round by round: what the machine did in a round it did to both.
   *
   * @throws IllegalArgumentException if there are not as many of both
   */
  Figure ratioTo(Figure reference) {
    if (reference.values.size() != values.size()) {
      throw new IllegalArgumentException(
          "expected " + values.size() + " rounds but was " + reference.values.size());
    }
    var ratios = new Double[values.size()];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = values.get(i) / reference.values.get(i);
    }
    return new Figure(Arrays.asList(ratios));
  }
}
