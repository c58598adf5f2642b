package dev.taper.testvectors;

import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.BinaryOp;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.Term;
import java.util.List;
import java.util.Random;

/** Conditions that can be evaluated: every operation gets the types it is defined for. */
final class Expressions {
  private static final List<BinaryOp> ORDER =
      List.of(
          BinaryOp.LESS_THAN,
          BinaryOp.LESS_OR_EQUAL,
          BinaryOp.GREATER_THAN,
          BinaryOp.GREATER_OR_EQUAL);
  private static final List<BinaryOp> EQUALITY = List.of(BinaryOp.EQUAL, BinaryOp.NOT_EQUAL);
  private static final List<BinaryOp> ARITHMETIC =
      List.of(
          BinaryOp.ADD,
          BinaryOp.SUB,
          BinaryOp.MUL,
          BinaryOp.BITWISE_AND,
          BinaryOp.BITWISE_OR,
          BinaryOp.BITWISE_XOR);
  private static final List<BinaryOp> TEXT =
      List.of(BinaryOp.CONTAINS, BinaryOp.PREFIX, BinaryOp.SUFFIX);
  private static final List<BinaryOp> SETS = List.of(BinaryOp.INTERSECTION, BinaryOp.UNION);
  private static final List<String> PATTERNS =
      List.of("file[0-9]", "^read$", "\\.txt$", "a|e", "(?i)FILE", "^.{3}$", "\u00e9", "");

  private final Random random;
  private final Vocabulary vocabulary;
  private final Bindings bindings;

  Expressions(Random random, Vocabulary vocabulary, Bindings bindings) {
    this.random = random;
    this.vocabulary = vocabulary;
    this.bindings = bindings;
  }

  /** A condition; half of them hold for the values that the bindings remember. */
  Expression condition() {
    return random.nextBoolean() ? bool(3) : holding();
  }

  /** A condition that holds for the values that the bindings remember. */
  Expression holding() {
    Bindings.Variable variable = bindings.any(random);
    return variable == null ? value(new Term.Bool(true)) : holding(variable);
  }

  private Expression holding(Bindings.Variable variable) {
    Expression self = new Expression.Value(variable.term());
    if (variable.value() instanceof Term.Int integer) {
      long bound = integer.value() + random.nextInt(3);
      return binary(BinaryOp.LESS_OR_EQUAL, self, value(new Term.Int(bound)));
    }
    if (variable.value() instanceof Term.Date date) {
      long bound = date.seconds() + random.nextInt(3);
      return binary(BinaryOp.LESS_OR_EQUAL, self, value(new Term.Date(bound)));
    }
    if (variable.value() instanceof Term.Str string && random.nextBoolean()) {
      Term.Set choices = Term.Set.of(List.of(string, vocabulary.value(Vocabulary.Kind.STR)));
      return binary(BinaryOp.CONTAINS, value(choices), self);
    }
    return binary(BinaryOp.EQUAL, self, value(variable.value()));
  }

  private Expression bool(int depth) {
    if (depth == 0) {
      return leaf(Vocabulary.Kind.BOOL);
    }
    return switch (random.nextInt(12)) {
      case 0 -> new Expression.Unary(UnaryOp.NEGATE, parens(bool(depth - 1)));
      case 1 -> binary(BinaryOp.AND, parens(bool(depth - 1)), parens(bool(depth - 1)));
      case 2 -> binary(BinaryOp.OR, parens(bool(depth - 1)), parens(bool(depth - 1)));
      case 3 -> binary(BinaryOp.EQUAL, parens(bool(depth - 1)), leaf(Vocabulary.Kind.BOOL));
      case 4, 5 -> binary(order(), integer(depth), integer(depth));
      case 6 -> binary(any(ORDER), leaf(Vocabulary.Kind.DATE), leaf(Vocabulary.Kind.DATE));
      case 7 -> binary(any(TEXT), string(depth), string(1));
      case 8 -> binary(BinaryOp.REGEX, string(depth), value(new Term.Str(any(PATTERNS))));
      case 9 -> binary(BinaryOp.CONTAINS, parens(set(depth)), element());
      case 10 -> binary(any(EQUALITY), parens(set(depth)), parens(set(1)));
      default -> equality();
    };
  }

  private Expression equality() {
    return switch (random.nextInt(3)) {
      case 0 -> binary(any(EQUALITY), string(2), string(1));
      case 1 -> binary(any(EQUALITY), leaf(Vocabulary.Kind.BYTES), leaf(Vocabulary.Kind.BYTES));
      default -> binary(any(EQUALITY), leaf(Vocabulary.Kind.DATE), leaf(Vocabulary.Kind.DATE));
    };
  }

  private BinaryOp order() {
    return random.nextInt(3) == 0 ? any(EQUALITY) : any(ORDER);
  }

  private Expression integer(int depth) {
    if (depth == 0 || random.nextInt(3) == 0) {
      return leaf(Vocabulary.Kind.INT);
    }
    return switch (random.nextInt(5)) {
      case 0 -> new Expression.Unary(UnaryOp.LENGTH, leaf(Vocabulary.Kind.STR));
      case 1 -> new Expression.Unary(UnaryOp.LENGTH, leaf(Vocabulary.Kind.BYTES));
      case 2 -> new Expression.Unary(UnaryOp.LENGTH, parens(set(depth - 1)));
      case 3 ->
          binary(
              BinaryOp.DIV, parens(integer(depth - 1)), value(new Term.Int(1 + random.nextInt(3))));
      default ->
          parens(binary(any(ARITHMETIC), parens(integer(depth - 1)), leaf(Vocabulary.Kind.INT)));
    };
  }

  private Expression string(int depth) {
    return depth == 0 || random.nextInt(3) > 0
        ? leaf(Vocabulary.Kind.STR)
        : parens(binary(BinaryOp.ADD, string(depth - 1), leaf(Vocabulary.Kind.STR)));
  }

  private Expression set(int depth) {
    return depth == 0 || random.nextInt(3) > 0
        ? leaf(Vocabulary.Kind.SET)
        : binary(any(SETS), leaf(Vocabulary.Kind.SET), parens(set(depth - 1)));
  }

  private Expression element() {
    return switch (random.nextInt(4)) {
      case 0 -> leaf(Vocabulary.Kind.INT);
      case 1 -> leaf(Vocabulary.Kind.SET);
      default -> leaf(Vocabulary.Kind.STR);
    };
  }

  private Expression leaf(Vocabulary.Kind kind) {
    Bindings.Variable variable = random.nextInt(3) > 0 ? bindings.any(kind, random) : null;
    return value(variable == null ? vocabulary.value(kind) : variable.term());
  }

  private <T> T any(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private static Expression parens(Expression expression) {
    return expression instanceof Expression.Value
        ? expression
        : new Expression.Unary(UnaryOp.PARENS, expression);
  }

  private static Expression value(Term term) {
    return new Expression.Value(term);
  }

  private static Expression binary(BinaryOp op, Expression left, Expression right) {
    return new Expression.Binary(op, left, right);
  }
}
