package dev.taper.operations.doctor;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at. It never holds a secret. Immutable.
 *
 * @param subject what was looked at, such as {@code clock} or {@code private key}
 * @param status whether it is right
 * @param code why it is not, as a stable code; null if it is right
 * @param text what was found, for people
 */
public record Observation(String subject, Status status, @Nullable String code, String text) {
  private static final Pattern SECRET = Pattern.compile("(-private/)[0-9a-fA-F]+");

  /** Leaves out private keys, wherever they came from: a file in another's place is one way. */
  public Observation {
    text = SECRET.matcher(text).replaceAll("$1...");
  }

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
