package dev.taper.datalog;

import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;

/**
 * Orders all terms, by type, then by value. This order fixes how sets and maps are printed and
 * written; Datalog itself never depends on it.
 */
final class TermOrder {
  /** The order of map keys: integers before strings. */
  static final Comparator<Term.MapKey> KEYS = (a, b) -> compare((Term) a, (Term) b);

  private TermOrder() {}

  static int compare(Term a, Term b) {
    int byType = Integer.compare(rank(a), rank(b));
    if (byType != 0) {
      return byType;
    }
    if (a instanceof Term.Variable x && b instanceof Term.Variable y) {
      return x.name().compareTo(y.name());
    }
    if (a instanceof Term.Int x && b instanceof Term.Int y) {
      return Long.compare(x.value(), y.value());
    }
    if (a instanceof Term.Str x && b instanceof Term.Str y) {
      return x.value().compareTo(y.value());
    }
    if (a instanceof Term.Date x && b instanceof Term.Date y) {
      return Long.compareUnsigned(x.seconds(), y.seconds());
    }
    if (a instanceof Term.Bytes x && b instanceof Term.Bytes y) {
      return x.compareBytes(y);
    }
    if (a instanceof Term.Bool x && b instanceof Term.Bool y) {
      return Boolean.compare(x.value(), y.value());
    }
    if (a instanceof Term.Set x && b instanceof Term.Set y) {
      return compareAll(x.elements(), y.elements());
    }
    if (a instanceof Term.Array x && b instanceof Term.Array y) {
      return compareAll(x.elements(), y.elements());
    }
    if (a instanceof Term.Map x && b instanceof Term.Map y) {
      return compareMaps(x, y);
    }
    return 0; // two nulls
  }

  private static int rank(Term term) {
    if (term instanceof Term.Variable) {
      return 0;
    } else if (term instanceof Term.Int) {
      return 1;
    } else if (term instanceof Term.Str) {
      return 2;
    } else if (term instanceof Term.Date) {
      return 3;
    } else if (term instanceof Term.Bytes) {
      return 4;
    } else if (term instanceof Term.Bool) {
      return 5;
    } else if (term instanceof Term.Set) {
      return 6;
    } else if (term instanceof Term.Null) {
      return 7;
    } else if (term instanceof Term.Array) {
      return 8;
    }
    return 9;
  }

  private static int compareAll(Iterable<Term> a, Iterable<Term> b) {
    Iterator<Term> x = a.iterator();
    Iterator<Term> y = b.iterator();
    while (x.hasNext() && y.hasNext()) {
      int c = compare(x.next(), y.next());
      if (c != 0) {
        return c;
      }
    }
    return Boolean.compare(x.hasNext(), y.hasNext());
  }

  private static int compareMaps(Term.Map a, Term.Map b) {
    Iterator<Map.Entry<Term.MapKey, Term>> x = a.entries().entrySet().iterator();
    Iterator<Map.Entry<Term.MapKey, Term>> y = b.entries().entrySet().iterator();
    while (x.hasNext() && y.hasNext()) {
      Map.Entry<Term.MapKey, Term> ex = x.next();
      Map.Entry<Term.MapKey, Term> ey = y.next();
      int c = KEYS.compare(ex.getKey(), ey.getKey());
      if (c == 0) {
        c = compare(ex.getValue(), ey.getValue());
      }
      if (c != 0) {
        return c;
      }
    }
    return Boolean.compare(x.hasNext(), y.hasNext());
  }
}
