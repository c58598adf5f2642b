package dev.taper.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Marks tests that read the published test data beside the repository. They are skipped, with a
 * message, only where the whole folder is missing and {@link Needed} does not demand it; in every
 * other case missing data fails them.
 */
@Documented
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SharedDataCondition.class)
public @interface NeedsSharedData {
  /** The sub-folder that is read. */
  String value();
}
