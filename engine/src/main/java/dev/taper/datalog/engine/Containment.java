package dev.taper.datalog.engine;

import dev.taper.datalog.Term;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/** Tells whether a value holds another one, or begins or ends with it. */
final class Containment {
  /** Searching text compares at most this many pairs of characters a step. */
  private static final int PAIRS_PER_STEP = 16;

  private Containment() {}

  /** Evaluates {@code contains} on strings, sets, arrays and the keys of maps. */
  static final class Contains extends Node.Condition {
    private final Node left;
    private final Node right;

    Contains(Node left, Node right) {
      this.left = left;
      this.right = right;
    }

    @Override
    boolean test(Frame frame) {
      Term l = left.eval(frame);
      Term r = right.eval(frame);
      Budget budget = frame.budget;
      budget.charge(1);
      if (l instanceof Term.Set set) {
        if (r instanceof Term.Set other) {
          return containsAll(set, other, budget);
        }
        if (canBeMember(r)) {
          budget.charge(Values.lookUp(set.elements().size(), r));
          return set.elements().contains(r);
        }
      } else if (l instanceof Term.Str x && r instanceof Term.Str y) {
        budget.charge((long) x.value().length() * y.value().length() / PAIRS_PER_STEP);
        return x.value().contains(y.value());
      } else if (l instanceof Term.Array array) {
        return Values.contains(array.elements(), r, budget);
      } else if (l instanceof Term.Map map) {
        budget.charge(Values.lookUp(map.entries().size(), r));
        return r instanceof Term.MapKey key && map.entries().containsKey(key);
      }
      throw invalidType("contains", l, r);
    }
  }

  /**
   * Evaluates {@code contains} on a set that is written out, the usual allow-list. It compares with
   * each of a few elements, and searches more of them in their order, because hashes can be made to
   * collide.
   */
  static final class ConstantSetContains extends Node.Condition {
    private static final int FEW = 8;

    private final Term.Set set;
    private final Collection<Term> elements;
    private final Node right;

    ConstantSetContains(Term.Set set, Node right) {
      this.set = set;
      this.elements = set.elements().size() <= FEW ? List.copyOf(set.elements()) : set.elements();
      this.right = right;
    }

    @Override
    boolean test(Frame frame) {
      Term r = right.eval(frame);
      frame.budget.charge(1);
      if (canBeMember(r)) {
        frame.budget.charge(Values.lookUp(elements.size(), r));
        return elements.contains(r);
      }
      if (r instanceof Term.Set other) {
        return containsAll(set, other, frame.budget);
      }
      throw invalidType("contains", set, r);
    }
  }

  /** True if one set has all elements of another: both are in one order, so one walk tells. */
  private static boolean containsAll(Term.Set set, Term.Set other, Budget budget) {
    Iterator<Term> elements = set.elements().iterator();
    for (Term wanted : other.elements()) {
      boolean found = false;
      while (!found && elements.hasNext()) {
        budget.charge(1);
        found = Values.same(elements.next(), wanted, budget);
      }
      if (!found) {
        return false;
      }
    }
    return true;
  }

  /**
   * True for the types that {@code contains} takes beside sets; null, arrays and maps are not among
   * them.
   */
  private static boolean canBeMember(Term value) {
    return value instanceof Term.Str
        || value instanceof Term.Int
        || value instanceof Term.Date
        || value instanceof Term.Bool
        || value instanceof Term.Bytes;
  }

  /** Evaluates {@code starts_with} on strings and arrays. */
  static final class StartsWith extends Node.Condition {
    private final Node left;
    private final Node right;

    StartsWith(Node left, Node right) {
      this.left = left;
      this.right = right;
    }

    @Override
    boolean test(Frame frame) {
      Term l = left.eval(frame);
      Term r = right.eval(frame);
      frame.budget.charge(1 + Values.steps(r));
      if (l instanceof Term.Str x && r instanceof Term.Str y) {
        return x.value().startsWith(y.value());
      }
      if (l instanceof Term.Array x && r instanceof Term.Array y) {
        List<Term> list = x.elements();
        List<Term> part = y.elements();
        return part.size() <= list.size()
            && Values.sameAll(list.subList(0, part.size()), part, frame.budget);
      }
      throw invalidType("starts_with", l, r);
    }
  }

  /** Evaluates {@code ends_with} on strings and arrays. */
  static final class EndsWith extends Node.Condition {
    private final Node left;
    private final Node right;

    EndsWith(Node left, Node right) {
      this.left = left;
      this.right = right;
    }

    @Override
    boolean test(Frame frame) {
      Term l = left.eval(frame);
      Term r = right.eval(frame);
      frame.budget.charge(1 + Values.steps(r));
      if (l instanceof Term.Str x && r instanceof Term.Str y) {
        return x.value().endsWith(y.value());
      }
      if (l instanceof Term.Array x && r instanceof Term.Array y) {
        List<Term> list = x.elements();
        List<Term> part = y.elements();
        int from = list.size() - part.size();
        return from >= 0 && Values.sameAll(list.subList(from, list.size()), part, frame.budget);
      }
      throw invalidType("ends_with", l, r);
    }
  }
}
