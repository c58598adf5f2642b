package dev.taper.agent.grant;

import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ports, listed or as one range of at least two. Not 0: that stands for a port that nobody knows.
 *
 * @param listed the ports; empty if there is a range
 * @param range both ends included; null if the ports are listed
 */
record Ports(SortedSet<Long> listed, @Nullable Range range) {
  private static final long MAX = 65_535;

  Ports {
    listed = Collections.unmodifiableSortedSet(new TreeSet<>(listed));
    listed.forEach(Ports::check);
    if (range != null) {
      if (!listed.isEmpty() || first(range) == last(range)) {
        throw Require.refuse("a single port is no range");
      }
    } else if (listed.isEmpty() || listed.size() > Require.MAX_VALUES) {
      throw Require.refuse("a list has between 1 and " + Require.MAX_VALUES + " ports");
    }
  }

  private static long check(long port) {
    if (port < 1 || port > MAX) {
      throw Require.refuse("a port is a number from 1 to " + MAX + ", not " + port);
    }
    return port;
  }

  private static long first(Range range) {
    Range.Bound min = range.min();
    return check(min != null && min.inclusive() ? min.value() : 0);
  }

  private static long last(Range range) {
    Range.Bound max = range.max();
    return check(max != null && max.inclusive() ? max.value() : 0);
  }

  static Ports of(Collection<Long> listed) {
    return new Ports(new TreeSet<>(listed), null);
  }

  static Ports of(Range range) {
    return new Ports(Collections.emptySortedSet(), range);
  }

  static Ports between(long first, long last) {
    return of(new Range(new Range.Bound(first, true), new Range.Bound(last, true)));
  }

  boolean test(long port) {
    return range == null ? listed.contains(port) : range.test(port);
  }

  /** The ports in both; null if there are none. Equal to this if the other one covers it. */
  @Nullable Ports meet(Ports other) {
    if (range == null) {
      return only(other::test);
    } else if (other.range == null) {
      return other.only(this::test);
    }
    Range both = range.meet(other.range);
    if (both == null) {
      return null;
    }
    return first(both) == last(both) ? of(List.of(first(both))) : of(both);
  }

  private @Nullable Ports only(LongPredicate test) {
    SortedSet<Long> left = new TreeSet<>(listed);
    left.removeIf(port -> !test.test(port));
    return left.isEmpty() ? null : of(left);
  }

  /** The term to put into a predicate: the port itself if it is the only one. */
  Term term(Supplier<Term.Variable> variable) {
    return listed.size() == 1 ? new Term.Int(listed.first()) : variable.get();
  }

  /** What must hold of the term that {@link #term} gave; nothing if that is no variable. */
  List<Expression> expressions(Term term) {
    List<Expression> expressions = new ArrayList<>();
    if (term instanceof Term.Variable v && range != null) {
      range.addExpressions(v, expressions);
    } else if (term instanceof Term.Variable v) {
      List<Term> ports = new ArrayList<>();
      for (long port : listed) {
        ports.add(new Term.Int(port));
      }
      expressions.add(Syntax.binary(Term.Set.of(ports), BinaryOp.CONTAINS, v));
    }
    return expressions;
  }

  /** Reads back what {@link #term} and {@link #expressions} made; null if it is anything else. */
  static @Nullable Ports read(Term term, List<Expression> expressions) {
    if (term instanceof Term.Int port) {
      return of(List.of(port.value()));
    }
    if (expressions.size() == 1
        && Syntax.receiver(expressions.get(0), BinaryOp.CONTAINS) instanceof Term.Set set) {
      List<Long> ports = new ArrayList<>();
      for (Term element : set.elements()) {
        if (element instanceof Term.Int port) {
          ports.add(port.value());
        }
      }
      return of(ports);
    }
    Range range = Range.read(expressions);
    return range == null ? null : of(range);
  }

  /** Parses a list of ports, or a range of them. */
  static Ports parse(GrantScanner in) {
    int start = in.peek().start();
    List<String> words = in.list(in::text);
    int dash = words.get(0).indexOf('-');
    if (words.size() == 1 && dash >= 0) {
      String range = words.get(0);
      return between(
          number(range.substring(0, dash), in, start),
          number(range.substring(dash + 1), in, start));
    }
    List<Long> ports = new ArrayList<>();
    for (String word : words) {
      ports.add(number(word, in, start));
    }
    return of(ports);
  }

  private static long number(String digits, GrantScanner in, int start) {
    if (!digits.matches("0|[1-9][0-9]{0,4}")) {
      throw in.error(
          start, "expected ports, or one range of ports", "such as: 443, or 80, 443, or 8000-8999");
    }
    return Long.parseLong(digits);
  }

  @Override
  public String toString() {
    if (range != null) {
      return first(range) + "-" + last(range);
    }
    List<String> texts = new ArrayList<>();
    for (long port : listed) {
      texts.add(Long.toString(port));
    }
    return String.join(", ", texts);
  }
}
