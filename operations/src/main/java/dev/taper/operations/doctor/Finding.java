package dev.taper.operations.doctor;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at. It never holds a secret. Immutable.
 *
 * @param subject what was looked at, such as {@code clock} or {@code private key}
 * @param status whether it is right
 * @param code why it is not, as a stable code; null if it is right
 * @param text what was found, for people
 */
public record Finding(String subject, Status status, @Nullable String code, String text) {
  /** Whether something is right. */
  public enum Status {
    /** It is. */
    RIGHT,
    /** It works, and is probably not what is meant or will not last. */
    DOUBTFUL,
    /** It does not work. */
    WRONG;

    /** The status in lower case, as printed. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
