package dev.taper.datalog.engine;

import dev.taper.datalog.Term;

/** Equality, size and type names of ground terms, which are the engine's values as they are. */
final class Values {
  static final Term.Bool TRUE = new Term.Bool(true);
  static final Term.Bool FALSE = new Term.Bool(false);
  static final Term.Null NULL = new Term.Null();

  /** So many characters, bytes or elements cost as much as one step. */
  private static final int PER_STEP = 16;

  private Values() {}

  static Term.Bool of(boolean value) {
    return value ? TRUE : FALSE;
  }

  /** Equality by type and value; strings and integers, nearly all values there are, go first. */
  static boolean same(Term a, Term b) {
    if (a == b) {
      return true;
    }
    if (a instanceof Term.Str x) {
      return b instanceof Term.Str y && x.value().equals(y.value());
    }
    if (a instanceof Term.Int x) {
      return b instanceof Term.Int y && x.value() == y.value();
    }
    return a.equals(b);
  }

  /**
   * Takes a term into a hash. The factor is large, so that tuples of small integers, the usual
   * keys, do not meet as they would with the customary 31.
   */
  static int mix(int hash, Term term) {
    return (hash + term.hashCode()) * 0x9E3779B1;
  }

  /** A hash whose lower bits depend on all. */
  static int spread(int hash) {
    return hash ^ hash >>> 15;
  }

  /** What it costs to look at a value once; for a collection of collections, at its surface. */
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
