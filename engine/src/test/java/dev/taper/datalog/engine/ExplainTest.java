package dev.taper.datalog.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.ErrorCode;
import dev.taper.TaperException;
import dev.taper.authorizer.Explanation;
import dev.taper.datalog.ExternFunctions;
import dev.taper.datalog.Origin;
import dev.taper.datalog.Origin.OriginFact;
import dev.taper.datalog.Query.QueryExplanation;
import dev.taper.datalog.RunLimits;
import dev.taper.datalog.Term;
import dev.taper.datalog.parser.Datalog;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExplainTest {
  private static final TokenProgram TOKEN =
      Tokens.token(
          "right(\"f1\", \"read\"); right(\"f2\", \"write\"); right(\"f3\", \"write\");"
              + " right(\"f2\", \"list\"); n(1); n(5); n(3);",
          "right(\"f1\", \"write\"); n(9);");

  private static final String REQUEST = "allow if true;";

  @Test
  void explain_lastPredicateUnmatched_namesItAndTheNearestFacts() {
    QueryExplanation.NoFact why =
        (QueryExplanation.NoFact) why("check if resource($r), operation($o), right($r, $o), n($n)");
    assertThat(why.index()).isEqualTo(2);
    assertThat(why.predicate()).hasToString("right($r, $o)");
    assertThat(why.bindings()).hasToString("{r=\"f1\", o=\"write\"}");
    assertThat(why.nearest())
        .extracting(f -> f.fact().toString())
        .containsExactly(
            "right(\"f1\", \"read\")", "right(\"f2\", \"write\")", "right(\"f3\", \"write\")");
    assertThat(why.untrusted())
        .extracting(f -> f.origin() + " " + f.fact())
        .containsExactly("1 right(\"f1\", \"write\")");
    assertThat(why.truncated()).isFalse();
  }

  @Test
  void explain_untrustedFactFromItsOwnBlock_isVisibleThere() {
    World world = world();
    var check = Datalog.check("check if resource($r), operation($o), right($r, $o)");
    assertThat(world.explain(check, 1, budget()))
        .singleElement()
        .isInstanceOf(QueryExplanation.Match.class);
    assertThat(world.explain(check, 0, budget()))
        .singleElement()
        .isInstanceOf(QueryExplanation.NoFact.class);
  }

  @Test
  void explain_unknownPredicate_hasNoFacts() {
    QueryExplanation.NoFact why =
        (QueryExplanation.NoFact) why("check if nowhere($x), resource($x)");
    assertThat(why.index()).isZero();
    assertThat(why.bindings()).isEmpty();
    assertThat(why.nearest()).isEmpty();
    assertThat(why.untrusted()).isEmpty();
  }

  @Test
  void explain_otherArity_isNearToo() {
    QueryExplanation.NoFact why = (QueryExplanation.NoFact) why("check if n(1, 2)");
    assertThat(why.nearest())
        .extracting(f -> f.fact().toString())
        .containsExactly("n(1)", "n(5)", "n(3)");
  }

  /** Of most equal terms first, then in their order; of another arity last. */
  @Test
  void explain_manyFacts_nearestFirst() {
    World world =
        Tokens.run(
            Tokens.token(
                "p(2); p(1, 1, 1); p(2, 1, 1); p(2, 2, 1); p(9, 9, 9); p(2, 2, 2); k(2);",
                "p(3, 3, 3);"),
            REQUEST);
    assertThat(noFact(world, "k($a), p($a, $a, 3)", 0))
        .isEqualTo("[p(2, 2, 1), p(2, 2, 2), p(2, 1, 1)] [p(3, 3, 3)]");
    assertThat(noFact(world, "p($a, $a, 3)", 0))
        .isEqualTo("[p(1, 1, 1), p(2, 1, 1), p(2, 2, 1)] [p(3, 3, 3)]");
    assertThat(noFact(world, "p($a, 1, 2), k($a)", 0))
        .isEqualTo("[p(1, 1, 1), p(2, 1, 1), p(2, 2, 2)] [p(3, 3, 3)]");
  }

  @Test
  void explain_falseExpression_ofTheMatchThatGotFurthest() {
    QueryExplanation.FalseExpression why =
        (QueryExplanation.FalseExpression) why("check if n($x), $x > 2, $x > 5");
    assertThat(why.index()).isEqualTo(1);
    assertThat(why.expression()).hasToString("$x > 5");
    assertThat(why.bindings()).hasToString("{x=5}");
  }

  @Test
  void explain_checkAll_givesTheCounterexample() {
    QueryExplanation.FalseExpression why =
        (QueryExplanation.FalseExpression) why("check all n($x), $x > 0, $x < 5");
    assertThat(why.index()).isEqualTo(1);
    assertThat(why.bindings()).hasToString("{x=5}");
    QueryExplanation.Match match = (QueryExplanation.Match) why("check all n($x), $x > 0");
    assertThat(match.bindings()).hasToString("{x=1}");
    assertThat(why("check all m($x), $x > 0")).isInstanceOf(QueryExplanation.NoFact.class);
  }

  @Test
  void explain_rejectIf_givesTheMatch() {
    QueryExplanation.Match why = (QueryExplanation.Match) why("reject if n($x), $x > 2");
    assertThat(why.bindings()).hasToString("{x=5}");
  }

  @Test
  void explain_alternatives_oneAnswerEach() {
    List<QueryExplanation> why =
        world().explain(Datalog.check("check if n(7) or false or n(1)"), 0, budget());
    assertThat(why).hasSize(3);
    assertThat(why.get(0)).isInstanceOf(QueryExplanation.NoFact.class);
    assertThat(why.get(1)).isInstanceOf(QueryExplanation.FalseExpression.class);
    assertThat(why.get(2)).isInstanceOf(QueryExplanation.Match.class);
    assertThat(why.get(0).query()).hasToString("n(7)");
  }

  @Test
  void explain_expressionError_isAnAnswer() {
    QueryExplanation.Failed why =
        (QueryExplanation.Failed) why("check if n($x), true, 1 / ($x - 1) > 0");
    assertThat(why.code()).isEqualTo(ErrorCode.DIVISION_BY_ZERO);
    assertThat(why.index()).isEqualTo(1);
    assertThat(why.bindings()).hasToString("{x=1}");
    assertThat(why.truncated()).isFalse();
  }

  @Test
  void explain_budgetUsedUp_saysSo() {
    StringBuilder block = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      block.append("f(").append(i).append(");");
    }
    World world = Tokens.run(Tokens.token(block.toString()), REQUEST);
    QueryExplanation join =
        world
            .explain(Datalog.check("check if f($a), f($b), f($c), f($d), g($d)"), 0, budget())
            .get(0);
    assertThat(join.truncated()).isTrue();
    assertThat(join).isInstanceOf(QueryExplanation.NoFact.class);
    assertThat(((QueryExplanation.NoFact) join).index()).isEqualTo(4);
    QueryExplanation sums =
        world
            .explain(
                Datalog.check("check if f($a), f($b), f($c), f($d), $a + $b + $c < $d - 99"),
                0,
                budget())
            .get(0);
    assertThat(sums.truncated()).isTrue();
    assertThat(sums).isInstanceOf(QueryExplanation.FalseExpression.class);
    QueryExplanation regex =
        world
            .explain(Datalog.check("check if \"a\".matches(\"(a{1000}){1000}\")"), 0, budget())
            .get(0);
    assertThat(((QueryExplanation.Failed) regex).code()).isEqualTo(ErrorCode.TOO_MUCH_WORK);
  }

  /** Wherever the work ends, there are words, and no value of another match. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "reject if right($r, $o), n($x)",
        "check if n($a), n($b), n($c), $a > 4, $a + $b + $c > 50",
        "check if n($a), n($b), right($r, $o), gone($a, $b, $r)"
      })
  void explain_anyBudget_hasWordsAndOnlyWhatIsSo(String check) {
    String whole = Explanation.words(why(check));
    for (int steps = 1; steps < 300; steps++) {
      Accounts few = Accounts.separate(RunLimits.defaults().withMaxSteps(steps));
      QueryExplanation why = world().explain(Datalog.check(check), 0, few).get(0);
      String words = Explanation.words(why);
      assertThat(why.truncated() || words.equals(whole) || words.contains("too_much_work"))
          .as("%d steps: %s", steps, words)
          .isTrue();
      if (why instanceof QueryExplanation.FalseExpression e && e.index() == 1) {
        assertThat(e.bindings().getOrDefault("a", new Term.Int(5))).isEqualTo(new Term.Int(5));
      }
    }
  }

  @Test
  void explain_blockThatIsNone_refused() {
    var check = Datalog.check("check if true");
    assertThatThrownBy(() -> world().explain(check, 2, budget()))
        .isInstanceOfSatisfying(
            TaperException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    assertThat(world().explain(check, Origin.AUTHORIZER, budget())).hasSize(1);
  }

  /**
   * A block's check is explained without the facts that the service keeps to itself. The service
   * sees both, and a fact that is in the relations of both only once.
   */
  @Test
  void explain_confidentialService_showsABlockNothingOfIt() {
    AuthorizerProgram service =
        Tokens.authorizer("n(10); n(11); d($x) <- n($x); open(1); allow if true;")
            .confidential(Set.of("open"));
    TokenProgram token = Tokens.token("n(1); check if n(1), d(1);", "n(2); n(7);");
    World world =
        World.run(
            token,
            service,
            List.of(Datalog.fact("n(5)")),
            ExternFunctions.none(),
            Accounts.separate(RunLimits.defaults().withMaxTime(Duration.ofMinutes(1))));
    assertThat(noFact(world, "n(7)", 0)).isEqualTo("[n(1), n(5)] [n(7), n(2)]");
    assertThat(noFact(world, "n(8)", 1)).isEqualTo("[n(1), n(2), n(7)] []");
    assertThat(noFact(world, "n(7)", Origin.AUTHORIZER))
        .isEqualTo("[n(1), n(10), n(11)] [n(7), n(2)]");
    assertThat(noFact(world, "n(1, 2)", 0)).isEqualTo("[n(1), n(5)] [n(2), n(7)]");
    assertThat(noFact(world, "d(7)", 0)).isEqualTo("[] []");
    assertThat(noFact(world, "d(7)", Origin.AUTHORIZER)).isEqualTo("[d(1), d(10), d(11)] []");
    assertThat(noFact(world, "open(7)", 1)).isEqualTo("[open(1)] []");
    assertThat(noFact(world, "open(7)", Origin.AUTHORIZER)).isEqualTo("[open(1)] []");
  }

  @Test
  void explain_checkOfEitherSide_isChargedToIt() {
    Accounts block = budget();
    world().explain(Datalog.check("check if n($x), $x > 7"), 0, block);
    assertThat(block.tokenStepsUsed()).isPositive().isEqualTo(block.stepsUsed());
    Accounts service = budget();
    world().explain(Datalog.check("check if n($x), $x > 7"), Origin.AUTHORIZER, service);
    assertThat(service.tokenStepsUsed()).isZero();
    assertThat(service.stepsUsed()).isPositive();
  }

  private static String noFact(World world, String check, int block) {
    QueryExplanation.NoFact why =
        (QueryExplanation.NoFact)
            world.explain(Datalog.check("check if " + check), block, budget()).get(0);
    return texts(why.nearest()) + " " + texts(why.untrusted());
  }

  private static List<String> texts(List<OriginFact> facts) {
    return facts.stream().map(fact -> fact.fact().toString()).toList();
  }

  private static QueryExplanation why(String check) {
    List<QueryExplanation> answers = world().explain(Datalog.check(check), 0, budget());
    assertThat(answers).hasSize(1);
    return answers.get(0);
  }

  private static World world() {
    return Tokens.run(TOKEN, REQUEST, "resource(\"f1\")", "operation(\"write\")");
  }

  private static Accounts budget() {
    return Accounts.separate(
        RunLimits.defaults().withMaxSteps(200_000).withMaxTime(Duration.ofMinutes(1)));
  }
}
