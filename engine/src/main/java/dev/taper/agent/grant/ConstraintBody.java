package dev.taper.agent.grant;

import dev.taper.agent.call.CallFacts;
import dev.taper.datalog.Term;
import dev.taper.datalog.regex.PatternMemo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a kind of constraint knows about itself. A new kind is one class and one line in {@link
 * ConstraintKinds}.
 */
non-sealed interface ConstraintBody extends Constraint {
  /** The canonical Datalog. */
  Element compile(Variables variables);

  /** True if the call fits; agrees with the Datalog of {@link #compile}. */
  boolean test(CallFacts facts);

  /**
   * What satisfies both this and another constraint of the same class and argument: nothing, one
   * constraint, or two that cannot be joined. It is one, equal to this, if this covers no more than
   * the other.
   */
  List<? extends ConstraintBody> meet(ConstraintBody other);

  /** True if, in words, this allows more than another constraint of the same class and argument. */
  default boolean isWiderThan(ConstraintBody other) {
    List<? extends ConstraintBody> both = meet(other);
    return both.size() == 1 && !both.get(0).equals(this);
  }

  /** False only if an argument of this value can never satisfy the constraint. */
  default boolean admits(Term value) {
    return true;
  }

  /**
   * False only if an argument of this value can never satisfy the constraint; for many constraints.
   *
   * @param patterns bounds the work for regular expressions; the answer is true if that is used up
   */
  default boolean admits(Term value, PatternMemo patterns) {
    return admits(value);
  }

  /** False only if no string that starts so can ever satisfy the constraint. */
  default boolean admitsStart(String start) {
    return true;
  }

  /**
   * False if no call fits of whose argument these facts are stated.
   *
   * @param patterns bounds the work for regular expressions; the answer is false if that is used
   *     up, so that nobody is shown more for having patterns that take long
   */
  default boolean mayHold(CallFacts facts, PatternMemo patterns) {
    return test(facts);
  }

  /** What a call that does not fit has instead, for people; null if it has nothing. */
  default @Nullable String found(CallFacts facts) {
    return Facts.shownArgument(facts, argument());
  }
}
