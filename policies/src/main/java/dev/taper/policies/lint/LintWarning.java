package dev.taper.policies.lint;

import org.jspecify.annotations.Nullable;

/**
 * A mistake, or a probable mistake, in a policy. Immutable.
 *
 * @param code its stable code, such as {@code unknown_predicate}
 * @param line the line, from 1
 * @param column the column, from 1
 * @param message the mistake in one sentence
 * @param hint what was probably meant, or null
 */
public record LintWarning(
    String code, int line, int column, String message, @Nullable String hint) {
  /**
   * Writes the warning, such as {@code 3:10: there is no …; did you mean …? (unknown_predicate)}.
   */
  @Override
  public String toString() {
    return line
        + ":"
        + column
        + ": "
        + message
        + (hint == null ? "" : "; " + hint)
        + " ("
        + code
        + ")";
  }
}
