package dev.taper.datalog.parser;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.datalog.AuthorizerCode;
import dev.taper.datalog.Block;
import dev.taper.datalog.Check;
import dev.taper.datalog.Expression;
import dev.taper.datalog.Expression.UnaryOp;
import dev.taper.datalog.Predicate;
import dev.taper.datalog.Query;
import dev.taper.datalog.Term;
import dev.taper.testing.DatalogGenerator;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is printed is read back equal, for random syntax; each case covers 50 seeds. */
final class RoundTripTest {
  private static final int SEEDS = 50;

  static LongStream seeds() {
    return LongStream.range(0, 60).map(i -> i * SEEDS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void parse_printedBlock_isEqual(long first) {
    for (long seed = first; seed < first + SEEDS; seed++) {
      Block block = new DatalogGenerator(seed, 3 + (int) (seed % 4)).block();
      assertThat(Datalog.block(block.toString())).as("seed %d", seed).isEqualTo(block);
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void parse_printedAuthorizer_isEqual(long first) {
    for (long seed = first; seed < first + SEEDS; seed++) {
      AuthorizerCode code = new DatalogGenerator(seed, 6).authorizer();
      assertThat(Datalog.authorizer(code.toString())).as("seed %d", seed).isEqualTo(code);
    }
  }

  /** Trees that lack parentheses get them in text, and nothing else changes. */
  @ParameterizedTest
  @MethodSource("seeds")
  void parse_printedLooseExpression_differsOnlyInParentheses(long first) {
    for (long seed = first; seed < first + SEEDS; seed++) {
      Expression loose = new DatalogGenerator(seed, 6).looseExpression(List.of("x", "y"));
      Check check = check(loose);
      Check parsed = Datalog.check(check.toString());
      assertThat(parsed.toString()).as("seed %d", seed).isEqualTo(check.toString());
      Expression read = parsed.queries().get(0).expressions().get(0);
      assertThat(plain(read)).as("seed %d: %s", seed, loose).isEqualTo(plain(loose));
    }
  }

  private static Check check(Expression expression) {
    Predicate binder = Predicate.of("bind", new Term.Variable("x"), new Term.Variable("y"));
    return new Check(
        Check.Kind.IF, List.of(new Query(List.of(binder), List.of(expression), List.of())));
  }

  /** The expression without any parentheses. */
  private static Expression plain(Expression e) {
    if (e instanceof Expression.Unary u) {
      Expression operand = plain(u.operand());
      return u.op() == UnaryOp.PARENS ? operand : new Expression.Unary(u.op(), operand);
    } else if (e instanceof Expression.Binary b) {
      return new Expression.Binary(b.op(), plain(b.left()), plain(b.right()));
    } else if (e instanceof Expression.Extern x) {
      @Nullable Expression argument = x.argument();
      return new Expression.Extern(
          x.name(), plain(x.receiver()), argument == null ? null : plain(argument));
    } else if (e instanceof Expression.Closure c) {
      return new Expression.Closure(c.parameters(), plain(c.body()));
    }
    return e;
  }
}
