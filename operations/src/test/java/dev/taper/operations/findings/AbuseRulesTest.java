package dev.taper.operations.findings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.taper.TaperException;
import dev.taper.datalog.parser.Datalog;
import dev.taper.operations.findings.Watched.Caller;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules can be changed, left out and replaced; what makes no sense is refused. */
class AbuseRulesTest {
  private static AbuseRules rules(String text) {
    return AbuseRules.of(Datalog.authorizer(text));
  }

  private static Watched probed(AbuseRules rules, int denials) {
    Watched service = new Watched(rules, AbuseWatch.SUBJECTS);
    Caller agent = service.caller("agent:prober", "jira.search");
    for (int i = 0; i < denials; i++) {
      agent.call("jira.delete" + i);
    }
    return service;
  }

  @Test
  void limit_other_holds() {
    AbuseRules three = Watched.standard().limit("agent", "denials", 3);

    assertThat(probed(three, 2).codes()).isEmpty();
    assertThat(probed(three, 3).codes()).containsExactly("agent repeated_denials");
  }

  @Test
  void without_leavesOneOut() {
    AbuseRules rules = Watched.standard().without("repeated_denials");

    assertThat(rules.names()).contains("widened_hops").doesNotContain("repeated_denials");
    assertThat(probed(rules, 30).codes()).isEmpty();
  }

  @Test
  void ownRules_withoutLimits_areAskedEachTime() {
    AbuseRules own =
        rules(
            "finding(\"any_delete\", $who) <- counted($who, \"denials\", $n), "
                + "subject($who, \"agent:prober\");");

    assertThat(probed(own, 1).codes()).containsExactly("agent any_delete");
  }

  @Test
  void names_misspelt_areRefusedWithTheNearest() {
    AbuseRules standard = Watched.standard();

    assertThatThrownBy(() -> standard.without("repeated_denial"))
        .isInstanceOf(TaperException.class)
        .hasMessage("there is no rule about abuse repeated_denial; did you mean repeated_denials?");
    assertThatThrownBy(() -> standard.limit("agents", "denials", 3))
        .hasMessageContaining("did you mean agent.denials?");
    assertThatThrownBy(() -> standard.limit("place", "denials", 3))
        .hasMessageContaining("there is no limit place.denials");
    assertThatThrownBy(() -> standard.limit("agent", "denials", 65))
        .hasMessageContaining("from 1 to 64");
    assertThatThrownBy(() -> standard.response("nothing", Finding.Response.ASK))
        .hasMessageContaining("there is no rule about abuse nothing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "allow if true;",
        "finding($rule, $who) <- counted($who, $rule, $n);",
        "finding(\"a\", $who) <- counted($who, \"denials\", $n); window(\"denials\", 0);",
        "finding(\"a\", $who) <- counted($who, \"denials\", $n); window(\"denials\", 86401);",
        "finding(\"a\", $w) <- counted($w, \"denials\", $n); limit(\"denials\", \"agent\", 0);",
        "finding(\"a\", $w) <- counted($w, \"denials\", $n); limit(\"denials\", \"agent\", 65);",
        "finding(\"a\", $w) <- counted($w, \"denials\", $n); limit(\"denials\", \"agent\", \"1\");",
      })
  void rules_thatMakeNoSense_areRefused(String text) {
    assertThatThrownBy(() -> rules(text))
        .isInstanceOf(TaperException.class)
        .hasMessageContaining("the rules about abuse:");
  }

  /** A rule that takes too long finds nothing, and is counted as a failure. */
  @Test
  void evaluation_thatFails_isCounted() {
    AbuseRules overflowing =
        rules(
            "finding(\"a\", $who) <- counted($who, \"denials\", $n), "
                + "$n + 9223372036854775807 > 0;");
    Watched service = probed(overflowing, 1);

    assertThat(service.codes()).isEmpty();
    assertThat(service.watch.health().failures()).isEqualTo(1);
  }
}
