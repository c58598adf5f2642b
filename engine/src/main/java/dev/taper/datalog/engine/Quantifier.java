package dev.taper.datalog.engine;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.datalog.Term;
import java.util.List;
import java.util.Map;

/**
 * Evaluates {@code all} and {@code any}: it calls a closure of one parameter on the elements of a
 * collection, in canonical order for sets and maps, until the answer is known. An entry of a map is
 * passed as the array of its key and value.
 */
final class Quantifier extends Node.Condition {
  private final Node left;
  private final Node body;
  private final int slot;
  private final boolean all;

  /**
   * @param left the collection
   * @param body the closure's body
   * @param slot the slot of its parameter
   * @param all true for {@code all}, false for {@code any}
   */
  Quantifier(Node left, Node body, int slot, boolean all) {
    this.left = left;
    this.body = body;
    this.slot = slot;
    this.all = all;
  }

  @Override
  boolean test(Frame frame) {
    Term l = left.eval(frame);
    frame.budget.charge(1);
    if (l instanceof Term.Set set) {
      return over(set.elements(), frame);
    }
    if (l instanceof Term.Array array) {
      return over(array.elements(), frame);
    }
    if (l instanceof Term.Map map) {
      for (Map.Entry<Term.MapKey, Term> entry : map.entries().entrySet()) {
        Term pair = new Term.Array(List.of((Term) entry.getKey(), entry.getValue()));
        if (holds(pair, frame) != all) {
          return !all;
        }
      }
      return all;
    }
    throw invalidType(all ? "all" : "any", l);
  }

  private boolean over(Iterable<Term> elements, Frame frame) {
    for (Term element : elements) {
      if (holds(element, frame) != all) {
        return !all;
      }
    }
    return all;
  }

  private boolean holds(Term element, Frame frame) {
    frame.budget.charge(1);
    frame.slots[slot] = element;
    return body.test(frame);
  }

  /**
   * Evaluates {@code try_or}: the closure's value, or the fallback if the closure cannot be
   * evaluated.
   */
  static final class TryOr extends Node {
    /** How many steps making and catching an exception costs. */
    private static final int EXCEPTION_STEPS = 50;

    private final Node body;
    private final Node fallback;

    TryOr(Node body, Node fallback) {
      this.body = body;
      this.fallback = fallback;
    }

    @Override
    Term eval(Frame frame) {
      // The fallback is evaluated first, outside the try: its own errors count.
      Term other = fallback.eval(frame);
      frame.budget.charge(1);
      try {
        return body.eval(frame);
      } catch (TaperException e) {
        if (e.code().category() != ErrorCode.Category.EXECUTION) {
          throw e; // a limit holds inside, too
        }
        frame.budget.charge(EXCEPTION_STEPS);
        return other;
      }
    }
  }
}
