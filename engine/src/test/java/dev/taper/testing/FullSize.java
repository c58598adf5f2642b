package dev.taper.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * Marks tests that try more cases where time allows it. {@code mvn -Pfull-size test} runs these
 * alone, at their full size, and so does CI; a build tries fewer cases.
 */
@Tag("full-size")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface FullSize {
  /** How many cases are tried. */
  final class Cases {
    private static final boolean FULL = Boolean.getBoolean("tests.full-size");

    private Cases() {}

    /** So many in a build, and so many at full size. */
    public static int of(int inABuild, int atFullSize) {
      return FULL ? atFullSize : inABuild;
    }
  }
}
