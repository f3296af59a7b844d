package dev.weir.conformance;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the rules that a test shows. On a class it holds for each of its tests.
 *
 * <p>An id is a number of {@code docs/platform.md} ({@code "H3"}) or a requirement of an RFC
 * ({@code "6455-5.1-2"}); {@code docs/conformance.md} lists them all. An unknown id fails the
 * build.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@Repeatable(Rule.Several.class)
public @interface Rule {
  /** The ids of the rules, at least one. */
  String[] value();

  /** Holds repeated annotations; not for direct use. */
  @Documented
  @Retention(RetentionPolicy.RUNTIME)
  @Target({ElementType.METHOD, ElementType.TYPE})
  @interface Several {
    /** The annotations in the order of the source. */
    Rule[] value();
  }
}
