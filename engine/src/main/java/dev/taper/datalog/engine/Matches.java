package dev.taper.datalog.engine;

import dev.taper.datalog.Term;
import org.jspecify.annotations.Nullable;

/** {@code matches}: whether a regular expression is found in a string. */
final class Matches extends Node.Condition {
  private final Node left;
  private final Node right;
  private final @Nullable Regex constant;

  Matches(Node left, Node right) {
    this.left = left;
    this.right = right;
    this.constant =
        right instanceof Leaf.Constant c
                && c.value instanceof Term.Str text
                && Regex.isModest(text.value())
            ? Regex.compile(text.value())
            : null;
  }

  @Override
  boolean test(Frame frame) {
    Term l = left.eval(frame);
    Term r = right.eval(frame);
    frame.budget.charge(1);
    if (l instanceof Term.Str input && r instanceof Term.Str text) {
      Regex regex = constant != null ? constant : frame.regexes.get(text.value(), frame.budget);
      return regex.find(input.value(), frame.budget);
    }
    throw invalidType("matches", l, r);
  }
}
