package dev.taper.agent.grant;

import java.util.Arrays;

/**
 * What a grant asks of a call's arguments. A constrained argument has to be present. Constraints
 * are made with {@link #arg} and {@link #onlyArguments}, or by {@link Grant#parse}.
 */
public sealed interface Constraint permits ConstraintBody {
  /** The argument's name; empty for {@link #onlyArguments}, which is about all of them. */
  String argument();

  /** The constraint in the text syntax of {@link Grant#parse}, such as {@code limit <= 50}. */
  @Override
  String toString();

  /**
   * Starts a constraint on an argument.
   *
   * @param name the name of a top-level argument
   */
  static Argument arg(String name) {
    return new Argument(name);
  }

  /** Allows no arguments but those named; none at all if none is named. */
  static Constraint onlyArguments(String... names) {
    return new OnlyArguments(Arrays.asList(names));
  }
}
