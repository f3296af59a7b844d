package dev.weir.interop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Names the parts that a test needs. Where one is missing the test is skipped with the reason, but
 * fails where the environment says {@code CI=true}: there nothing may be missing.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Requires.Condition.class)
@interface Requires {
  /** The parts, all of them needed. */
  Part[] value();

  /** Decides by what is on this machine. Stateless. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return AnnotationSupport.findAnnotation(context.getElement(), Requires.class)
          .map(
              requires ->
                  evaluate(
                      Arrays.stream(requires.value())
                          .filter(part -> !part.isPresent())
                          .map(Part::missing)
                          .toList(),
                      "true".equals(System.getenv("CI"))))
          .orElseGet(() -> ConditionEvaluationResult.enabled("needs nothing"));
    }

    static ConditionEvaluationResult evaluate(List<String> missing, boolean inCi) {
      if (missing.isEmpty()) {
        return ConditionEvaluationResult.enabled("all parts are there");
      }
      if (inCi) {
        throw new AssertionError("expected every part in CI but " + String.join("; ", missing));
      }
      // The conformance report knows such a test by the first words.
      return ConditionEvaluationResult.disabled("missing part: " + String.join("; ", missing));
    }
  }
}
