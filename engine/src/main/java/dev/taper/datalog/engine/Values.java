package dev.taper.datalog.engine;

import dev.taper.datalog.Term;
import java.util.Iterator;
import java.util.Map;

/**
 * Knows equality, size and type names of ground terms, which the engine uses directly as values.
 */
final class Values {
  static final Term.Bool TRUE = new Term.Bool(true);
  static final Term.Bool FALSE = new Term.Bool(false);
  static final Term.Null NULL = new Term.Null();

  /** How many characters, bytes or elements cost one step. */
  private static final int PER_STEP = 16;

  private Values() {}

  static Term.Bool of(boolean value) {
    return value ? TRUE : FALSE;
  }

  /**
   * True if two terms are equal by type and value, at any depth. Strings and integers, by far the
   * most common, are compared first. Long values are charged by what is looked at.
   */
  static boolean same(Term a, Term b, Budget budget) {
    if (a == b) {
      return true;
    }
    if (a instanceof Term.Str x) {
      return b instanceof Term.Str y && same(x.value(), y.value(), budget);
    }
    if (a instanceof Term.Int x) {
      return b instanceof Term.Int y && x.value() == y.value();
    }
    if (a instanceof Term.Array x) {
      return b instanceof Term.Array y
          && x.elements().size() == y.elements().size()
          && sameAll(x.elements(), y.elements(), budget);
    }
    if (a instanceof Term.Set x) {
      return b instanceof Term.Set y
          && x.elements().size() == y.elements().size()
          && sameAll(x.elements(), y.elements(), budget);
    }
    if (a instanceof Term.Map x) {
      return b instanceof Term.Map y
          && x.entries().size() == y.entries().size()
          && sameEntries(x, y, budget);
    }
    if (a instanceof Term.Bytes x) {
      budget.charge(x.length() / PER_STEP);
    }
    return a.equals(b);
  }

  private static boolean same(String a, String b, Budget budget) {
    int length = a.length();
    if (length != b.length()) {
      return false;
    }
    if (length >= PER_STEP) {
      budget.charge(length / PER_STEP);
    }
    return a.equals(b);
  }

  /**
   * True if all elements are equal in order; equal sets are, because sets are in canonical order.
   */
  static boolean sameAll(Iterable<Term> a, Iterable<Term> b, Budget budget) {
    Iterator<Term> other = b.iterator();
    for (Term element : a) {
      budget.charge(1);
      if (!same(element, other.next(), budget)) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameEntries(Term.Map a, Term.Map b, Budget budget) {
    Iterator<Map.Entry<Term.MapKey, Term>> other = b.entries().entrySet().iterator();
    for (Map.Entry<Term.MapKey, Term> entry : a.entries().entrySet()) {
      Map.Entry<Term.MapKey, Term> theirs = other.next();
      budget.charge(2);
      if (!same((Term) entry.getKey(), (Term) theirs.getKey(), budget)
          || !same(entry.getValue(), theirs.getValue(), budget)) {
        return false;
      }
    }
    return true;
  }

  /** True if a list holds a value. */
  static boolean contains(Iterable<Term> list, Term value, Budget budget) {
    for (Term element : list) {
      budget.charge(1);
      if (same(element, value, budget)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Mixes a term into a hash. The factor is large, so that tuples of small integers, the usual
   * keys, do not collide as they would with the customary 31. A string remembers its hash; for
   * other values that can be long, each hash is charged.
   */
  static int mix(int hash, Term term, Budget budget) {
    if (!(term instanceof Term.Str || term instanceof Term.Int)) {
      budget.charge(deepSteps(term));
    }
    return (hash + term.hashCode()) * 0x9E3779B1;
  }

  /**
   * Spreads a hash, so that its lower bits depend on all bits. After {@link #mix}, a shift by 15
   * would cancel the lowest five: small integers, the usual keys, would all get the same place.
   */
  static int spread(int hash) {
    return hash ^ hash >>> 16;
  }

  /** Returns what it costs to look once at a value and everything inside. */
  static long deepSteps(Term value) {
    long steps = steps(value);
    if (value instanceof Term.Set s) {
      for (Term element : s.elements()) {
        steps += deepSteps(element);
      }
    } else if (value instanceof Term.Array a) {
      for (Term element : a.elements()) {
        steps += deepSteps(element);
      }
    } else if (value instanceof Term.Map m) {
      for (Map.Entry<Term.MapKey, Term> entry : m.entries().entrySet()) {
        steps += steps((Term) entry.getKey()) + deepSteps(entry.getValue());
      }
    }
    return steps;
  }

  /**
   * Returns what it costs to look once at a value; for a collection of collections, at its surface.
   */
  static int steps(Term value) {
    if (value instanceof Term.Str s) {
      return s.value().length() / PER_STEP;
    } else if (value instanceof Term.Set s) {
      return s.elements().size();
    } else if (value instanceof Term.Array a) {
      return a.elements().size();
    } else if (value instanceof Term.Map m) {
      return m.entries().size();
    } else if (value instanceof Term.Bytes b) {
      return b.length() / PER_STEP;
    }
    return 0;
  }

  /** Returns what it costs to find a value in a sorted collection: some comparisons with it. */
  static long lookUp(int size, Term value) {
    long comparisons = (long) Integer.SIZE - Integer.numberOfLeadingZeros(size);
    return comparisons / 2 + comparisons * steps(value);
  }

  static String typeName(Term value) {
    if (value instanceof Term.Int) {
      return "integer";
    } else if (value instanceof Term.Str) {
      return "string";
    } else if (value instanceof Term.Date) {
      return "date";
    } else if (value instanceof Term.Bytes) {
      return "bytes";
    } else if (value instanceof Term.Bool) {
      return "bool";
    } else if (value instanceof Term.Set) {
      return "set";
    } else if (value instanceof Term.Null) {
      return "null";
    } else if (value instanceof Term.Array) {
      return "array";
    } else if (value instanceof Term.Map) {
      return "map";
    }
    return "variable";
  }

  /** True if a term is ground and nested at most {@link Term#MAX_DEPTH} deep. */
  static boolean acceptable(Term term) {
    return within(term, Term.MAX_DEPTH);
  }

  private static boolean within(Term term, int depth) {
    if (depth == 0 || term instanceof Term.Variable) {
      return false;
    }
    if (term instanceof Term.Array a) {
      return allWithin(a.elements(), depth - 1);
    } else if (term instanceof Term.Set s) {
      return allWithin(s.elements(), depth - 1);
    } else if (term instanceof Term.Map m) {
      return allWithin(m.entries().values(), depth - 1);
    }
    return true;
  }

  private static boolean allWithin(Iterable<Term> terms, int depth) {
    for (Term term : terms) {
      if (!within(term, depth)) {
        return false;
      }
    }
    return true;
  }
}
