package dev.taper.policies.lint;

import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Term;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds which values of one variable some conditions leave. */
final class Bounds {
  private final Term.Variable variable;
  private final boolean scalar;
  private final List<String> prefixes = new ArrayList<>();
  private @Nullable Set<Term> values;
  private long least = Long.MIN_VALUE;
  private long most = Long.MAX_VALUE;
  private long earliest;
  private long latest = Long.MAX_VALUE;

  /**
   * @param scalar true if its value is certainly not a set; {@code contains} asks for a part of a
   *     set
   */
  Bounds(Term.Variable variable, boolean scalar) {
    this.variable = variable;
    this.scalar = scalar;
  }

  /** Adds a condition that holds. */
  void add(Expression condition) {
    Set<Term> some = values(condition);
    if (some != null) {
      if (values == null) {
        values = new LinkedHashSet<>(some);
      } else {
        values.retainAll(some);
      }
    }
    if (condition instanceof Expression.Binary binary) {
      Term right = constant(binary.right());
      Term left = constant(binary.left());
      if (isVariable(binary.left()) && right != null) {
        compare(binary.op(), right);
      } else if (isVariable(binary.right()) && left != null) {
        compare(mirrored(binary.op()), left);
      }
    }
  }

  /** The only possible values; null if no condition lists them. */
  @Nullable Set<Term> values() {
    return values;
  }

  /** True if no value is left. */
  boolean isEmpty() {
    return (values != null && values.isEmpty())
        || least > most
        || earliest > latest
        || prefixes.stream().anyMatch(a -> prefixes.stream().anyMatch(b -> exclude(a, b)));
  }

  private static boolean exclude(String prefix, String other) {
    return !prefix.startsWith(other) && !other.startsWith(prefix);
  }

  private void compare(BinaryOp op, Term constant) {
    if (op == BinaryOp.PREFIX && constant instanceof Term.Str prefix) {
      prefixes.add(prefix.value());
    } else if (constant instanceof Term.Int number) {
      least = Math.max(least, least(op, number.value(), Long.MIN_VALUE));
      most = Math.min(most, most(op, number.value()));
    } else if (constant instanceof Term.Date date && date.seconds() >= 0) {
      earliest = Math.max(earliest, least(op, date.seconds(), 0));
      latest = Math.min(latest, most(op, date.seconds()));
    }
  }

  /**
   * Returns the least value. The ends of the scale are kept: one value too many can only hide a
   * contradiction, never invent one.
   */
  private static long least(BinaryOp op, long value, long otherwise) {
    return switch (op) {
      case GREATER_THAN -> value == Long.MAX_VALUE ? value : value + 1;
      case GREATER_OR_EQUAL -> value;
      default -> otherwise;
    };
  }

  private static long most(BinaryOp op, long value) {
    return switch (op) {
      case LESS_THAN -> value == Long.MIN_VALUE ? value : value - 1;
      case LESS_OR_EQUAL -> value;
      default -> Long.MAX_VALUE;
    };
  }

  /** Returns the operator that says of {@code $x} what {@code c op $x} says. */
  private static BinaryOp mirrored(BinaryOp op) {
    return switch (op) {
      case LESS_THAN -> BinaryOp.GREATER_THAN;
      case LESS_OR_EQUAL -> BinaryOp.GREATER_OR_EQUAL;
      case GREATER_THAN -> BinaryOp.LESS_THAN;
      case GREATER_OR_EQUAL -> BinaryOp.LESS_OR_EQUAL;
      default -> BinaryOp.EQUAL;
    };
  }

  /** Returns all values for which a condition can hold; null if it does not list them. */
  private @Nullable Set<Term> values(Expression condition) {
    if (!(Expressions.bare(condition) instanceof Expression.Binary binary)) {
      return null;
    }
    return switch (binary.op()) {
      case EQUAL, LENIENT_EQUAL -> equal(binary);
      case CONTAINS -> isVariable(binary.right()) ? elements(constant(binary.left())) : null;
      case OR, LAZY_OR -> either(values(binary.left()), values(binary.right()));
      case AND, LAZY_AND -> both(values(binary.left()), values(binary.right()));
      default -> null;
    };
  }

  private @Nullable Set<Term> equal(Expression.Binary equation) {
    Term constant =
        isVariable(equation.left())
            ? constant(equation.right())
            : isVariable(equation.right()) ? constant(equation.left()) : null;
    return constant == null ? null : Set.of(constant);
  }

  private @Nullable Set<Term> elements(@Nullable Term collection) {
    if (collection instanceof Term.Array array) {
      return new LinkedHashSet<>(array.elements());
    }
    return scalar && collection instanceof Term.Set set ? set.elements() : null;
  }

  private static @Nullable Set<Term> either(@Nullable Set<Term> one, @Nullable Set<Term> other) {
    if (one == null || other == null) {
      return null;
    }
    Set<Term> all = new HashSet<>(one);
    all.addAll(other);
    return all;
  }

  private static @Nullable Set<Term> both(@Nullable Set<Term> one, @Nullable Set<Term> other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    Set<Term> all = new HashSet<>(one);
    all.retainAll(other);
    return all;
  }

  private boolean isVariable(Expression expression) {
    return Expressions.bare(expression) instanceof Expression.Value value
        && value.term().equals(variable);
  }

  private static @Nullable Term constant(Expression expression) {
    return Expressions.bare(expression) instanceof Expression.Value value && value.term().isGround()
        ? value.term()
        : null;
  }
}
