package dev.taper.agent.call;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taper.agent.grant.Caveat;
import dev.taper.agent.grant.Constraint;
import dev.taper.agent.grant.EffectiveAuthority;
import dev.taper.agent.grant.Grant;
import dev.taper.agent.grant.Grants;
import dev.taper.datalog.Block;
import dev.taper.datalog.parser.Datalog;
import java.util.List;
import org.junit.jupiter.api.Test;

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
