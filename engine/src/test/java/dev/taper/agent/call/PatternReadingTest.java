package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Constraint;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reading and explaining the grants of a token made to take long takes a bounded amount of work.
 */
class PatternReadingTest {
  /** Steps that {@link dev.taper.datalog.regex.PatternMemo} allows. */
  private static final long BOUND = 200_000;

  @Test
  void mismatches_hundredsOfExpensivePatterns_workIsBounded() {
    CallFacts facts = ToolCall.of("t").arg("n", "a".repeat(500)).facts();
    Block block = hostile(400);
    int read = 0;

    for (Caveat caveat : Caveat.of(block)) {
      assertThat(facts.patterns().work()).isLessThanOrEqualTo(BOUND);
      for (Grant grant : ((Grants) caveat).alternatives()) {
        grant.mismatches(facts);
        grant.covers(facts);
        read++;
      }
    }

    assertThat(read).isEqualTo(400);
    assertThat(facts.patterns().work()).isBetween(BOUND / 2, BOUND);
  }

  /** Nothing is compiled merely to read: the facts of no request are asked. */
  @Test
  void of_chainOfHostilePatterns_readsThemAsGrants() {
    EffectiveAuthority scope = EffectiveAuthority.of(List.of(hostile(50), hostile(50)));
    assertThat(scope.alternatives()).hasSizeLessThanOrEqualTo(EffectiveAuthority.MAX_ALTERNATIVES);
    assertThat(Caveat.of(hostile(50))).hasOnlyElementsOfType(Grants.class);
  }

  /** One text is compiled once for all who ask about a request. */
  @Test
  void covers_samePatternAgain_costsLookingOnly() {
    CallFacts facts = ToolCall.of("t").arg("n", "abc").facts();
    Grant grant = Grant.anyTool().where(Constraint.arg("n").matches("[a-z]{1,100}"));
    assertThat(grant.covers(facts)).isTrue();
    long first = facts.patterns().work();
    assertThat(grant.covers(facts)).isTrue();
    assertThat(facts.patterns().work() - first).isLessThan(first / 4);
  }

  static List<Arguments> compared() {
    String array = "[" + "\"a\",".repeat(9_999) + "\"a\"]";
    String urls =
        IntStream.range(0, 2_000)
            .mapToObj(i -> "\"http://a" + i + ".acme.com/\"")
            .collect(Collectors.joining(",", "[", "]"));
    Constraint.Argument argument = Constraint.arg("n");
    return List.of(
        arguments(argument.eachIn("b", "a"), array, 50),
        arguments(argument.eachMatches("a"), array, 1),
        arguments(argument.eachEndsWith("a"), array, 100),
        arguments(argument.eachStartsWith("a"), array, 100),
        arguments(argument.eachHostIn("b", "*.acme.com"), urls, 100),
        arguments(argument.lengthAtMost(60_000), '"' + "a".repeat(60_000) + '"', 100));
  }

  /** Whatever an evaluation finds to fit soon is found to fit here, too. */
  @Test
  void covers_longestArrayOfTheFirstOfManyValues_fits() {
    ToolCall call = ToolCall.of("t").argJson("n", "[" + "0,".repeat(32_000) + "0]");
    Object[] values = IntStream.range(0, 256).boxed().toArray();
    Grant grant = Grant.anyTool().where(Constraint.arg("n").eachIn(values));

    assertThat(grant.covers(call.facts())).isTrue();
    assertThat(grant.mismatches(call.facts())).isEmpty();
  }

  /** A token can name many small things that are held against each part of a long argument. */
  @ParameterizedTest
  @MethodSource("compared")
  void covers_longArgumentAgain_workIsBounded(Constraint constraint, String argument, int least) {
    ToolCall call = ToolCall.of("t").argJson("n", argument);
    CallFacts facts = call.facts();
    Grant grant = Grant.anyTool().where(constraint);
    int times = 0;
    while (times < 5_000 && grant.covers(facts)) {
      times++;
    }

    assertThat(times).isBetween(least, 4_999);
    assertThat(facts.patterns().work()).isBetween(BOUND / 2, BOUND);
    assertThat(grant.covers(call.facts())).isTrue();
    assertThat(grant.mismatches(facts))
        .allSatisfy(one -> assertThat(one.found()).doesNotContain("that holds"));
  }

  private static Block hostile(int checks) {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < checks; i++) {
      code.append("check if arg(\"n\", $x), $x.type() === \"string\", $x.matches(\"^(?:")
          .append("(\\\\pL|\\\\pN){1,9}".repeat(3))
          .append(i)
          .append(")$\");");
    }
    return Datalog.block(code.toString());
  }
}
