package dev.taper.agent.grant;

import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** A range of 64-bit integers with a lower bound, an upper bound, or both. */
record Range(@Nullable Bound min, @Nullable Bound max) {
  /** A bound, which is itself within the range or not. */
  record Bound(long value, boolean inclusive) {
    private long least() {
      return inclusive ? value : value + 1;
    }

    private long greatest() {
      return inclusive ? value : value - 1;
    }
  }

  Range {
    if (min == null && max == null) {
      throw Require.refuse("a range needs a bound");
    }
    if (new Bound(Long.MAX_VALUE, false).equals(min)
        || new Bound(Long.MIN_VALUE, false).equals(max)
        || isEmpty(min, max)) {
      throw Require.refuse("nothing lies between the bounds of a range");
    }
  }

  private static boolean isEmpty(@Nullable Bound min, @Nullable Bound max) {
    return min != null && max != null && min.least() > max.greatest();
  }

  static Range of(BinaryOp comparison, long value) {
    return switch (comparison) {
      case GREATER_THAN -> new Range(new Bound(value, false), null);
      case GREATER_OR_EQUAL -> new Range(new Bound(value, true), null);
      case LESS_THAN -> new Range(null, new Bound(value, false));
      case LESS_OR_EQUAL -> new Range(null, new Bound(value, true));
      default -> throw new IllegalArgumentException(comparison.text());
    };
  }

  boolean test(long value) {
    return (min == null || value >= min.least()) && (max == null || value <= max.greatest());
  }

  /**
   * The numbers in both ranges; null if there are none. Equal to this range if the other one covers
   * it.
   */
  @Nullable Range meet(Range other) {
    Bound low = higher(min, other.min);
    Bound high = lower(max, other.max);
    return isEmpty(low, high) ? null : new Range(low, high);
  }

  private static @Nullable Bound higher(@Nullable Bound mine, @Nullable Bound theirs) {
    if (mine == null || theirs == null) {
      return mine == null ? theirs : mine;
    }
    return theirs.least() > mine.least() ? theirs : mine;
  }

  private static @Nullable Bound lower(@Nullable Bound mine, @Nullable Bound theirs) {
    if (mine == null || theirs == null) {
      return mine == null ? theirs : mine;
    }
    return theirs.greatest() < mine.greatest() ? theirs : mine;
  }

  void addExpressions(Term.Variable v, List<Expression> expressions) {
    if (min != null) {
      expressions.add(Syntax.binary(v, minOp(min), new Term.Int(min.value)));
    }
    if (max != null) {
      expressions.add(Syntax.binary(v, maxOp(max), new Term.Int(max.value)));
    }
  }

  static @Nullable Range read(List<Expression> expressions) {
    Range range = null;
    for (Expression e : expressions) {
      Range next =
          e instanceof Expression.Binary b
                  && isComparison(b.op())
                  && Syntax.operand(e, b.op()) instanceof Term.Int i
              ? of(b.op(), i.value())
              : null;
      range = next == null || range == null ? next : range.meet(next);
      if (range == null) {
        return null;
      }
    }
    return range;
  }

  static boolean isComparison(BinaryOp op) {
    return op == BinaryOp.GREATER_THAN
        || op == BinaryOp.GREATER_OR_EQUAL
        || op == BinaryOp.LESS_THAN
        || op == BinaryOp.LESS_OR_EQUAL;
  }

  private static BinaryOp minOp(Bound bound) {
    return bound.inclusive ? BinaryOp.GREATER_OR_EQUAL : BinaryOp.GREATER_THAN;
  }

  private static BinaryOp maxOp(Bound bound) {
    return bound.inclusive ? BinaryOp.LESS_OR_EQUAL : BinaryOp.LESS_THAN;
  }

  /** The bounds as constraints in text, joined by {@code and}. */
  String print(String argument, LongFunction<String> number) {
    List<String> parts = new ArrayList<>();
    String name = GrantText.word(argument);
    if (min != null) {
      parts.add(name + " " + minOp(min).text() + " " + number.apply(min.value));
    }
    if (max != null) {
      parts.add(name + " " + maxOp(max).text() + " " + number.apply(max.value));
    }
    return String.join(" and ", parts);
  }
}
