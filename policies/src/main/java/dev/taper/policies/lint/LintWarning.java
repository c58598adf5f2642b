package dev.taper.policies.lint;

import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong with a policy, or probably is. Immutable.
 *
 * @param code its stable code, such as {@code unknown_predicate}
 * @param line where, from 1
 * @param column where, from 1
 * @param message what, in one sentence
 * @param hint what was probably meant, or null
 */
public record LintWarning(
    String code, int line, int column, String message, @Nullable String hint) {
  /** Such as {@code 3:10: there is no …; did you mean …? (unknown_predicate)}. */
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
