package dev.taper.datalog.engine;

import dev.taper.datalog.Term;
import dev.taper.datalog.regex.Regex;
import org.jspecify.annotations.Nullable;

/** Evaluates {@code matches}: whether a regular expression is found in a string. */
final class Matches extends Node.Condition {
  private final Node left;
  private final Node right;
  private final Patterns.@Nullable Constant constant;

  /**
   * @param patterns the patterns of the block, or null for a query that is asked once
   */
  Matches(Node left, Node right, @Nullable Patterns patterns) {
    this.left = left;
    this.right = right;
    this.constant =
        patterns != null && right instanceof Leaf.Constant c && c.value instanceof Term.Str text
            ? patterns.constant(text.value())
            : null;
  }

  @Override
  boolean test(Frame frame) {
    Term l = left.eval(frame);
    Term r = right.eval(frame);
    frame.budget.charge(1);
    if (l instanceof Term.Str input && r instanceof Term.Str text) {
      Regex regex =
          constant != null ? constant.get(frame) : frame.regexes().get(text.value(), frame.budget);
      frame.budget.charge(regex.steps(input.value().length()));
      return regex.find(input.value());
    }
    throw invalidType("matches", l, r);
  }
}
